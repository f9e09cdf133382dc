import type { Precision } from './number-format.ts';

/** Areas in square metres. A figure without a source is absent, and then the total of the chip is not known. */
export interface AreaTable {
  /** One multiply-accumulate unit, with its registers. */
  readonly mac: Readonly<Partial<Record<Precision, number>>>;
  /** The vector unit, for each operation per cycle. */
  readonly vectorOperation?: number;
  readonly vmemPerByte?: number;
  readonly cmemPerByte?: number;
  /** The quantization unit, for each element per cycle. */
  readonly quantizerElement?: number;
  readonly host?: number;
  readonly phy?: { readonly area: number; readonly bandwidthBytesPerSecond: number | null };
  /** Everything else. */
  readonly other: number;
}

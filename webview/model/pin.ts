import type { ChipArea, Packed, RunResult, ServeResult } from '../../protocol/index.ts';
import { pack, unpack } from '../../protocol/index.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** A serve without its columns over time. */
export type ServeFigures = Omit<ServeResult, 'series'>;

/** The values of a run that a comparison needs: few enough to save with the page's state. */
export interface RunFigures {
  readonly label: string;
  readonly seconds: number;
  readonly averageWatts: number | null;
  readonly area?: ChipArea;
  readonly serves: readonly ServeFigures[];
}

/** A run that later runs are compared with. */
export interface PinnedRun {
  readonly scenario: string;
  readonly figures: RunFigures;
}

export function pinRun(scenario: string, run: RunResult): PinnedRun {
  return {
    scenario,
    figures: {
      label: `${run.label}, pinned`,
      seconds: run.seconds,
      averageWatts: run.averageWatts,
      ...(run.area === undefined ? {} : { area: run.area }),
      serves: run.serves.map(({ series: _, ...figures }) => figures),
    },
  };
}

/** As plain JSON, which the host can save. */
interface KeptPin {
  readonly tree: unknown;
  readonly columnsBase64: string;
}

export function keepPin(pin: PinnedRun): KeptPin {
  const { tree, buffer } = pack(pin);
  return { tree, columnsBase64: encodeBase64(buffer) };
}

/** undefined if the state has no pin, or one from another version. */
export function restorePin(kept: unknown): PinnedRun | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const { tree, columnsBase64 } = kept as Partial<KeptPin>;
  if (typeof columnsBase64 !== 'string') return undefined;
  try {
    const packed: Packed = { tree, buffer: decodeBase64(columnsBase64) };
    const pin = unpack<Partial<PinnedRun>>(packed);
    if (typeof pin.scenario !== 'string' || !Array.isArray(pin.figures?.serves)) return undefined;
    return { scenario: pin.scenario, figures: pin.figures };
  } catch {
    // A pin that an older version saved is not worth an error.
    return undefined;
  }
}

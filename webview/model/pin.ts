import type { Packed, RunFigures, RunResult } from '../../protocol/index.ts';
import { figuresOf, pack, unpack } from '../../protocol/index.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** A run that later runs are compared with. */
export interface PinnedRun {
  readonly scenario: string;
  readonly figures: RunFigures;
}

export function pinRun(scenario: string, run: RunResult): PinnedRun {
  return { scenario, figures: figuresOf(run, `${run.label}, pinned`) };
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

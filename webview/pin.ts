import type { Packed, RunResult, ServeResult } from '../protocol/index.ts';
import { pack, unpack } from '../protocol/index.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** A service without its columns over time. */
export type ServeFigures = Omit<ServeResult, 'series'>;

/** The figures of a run: what it takes to compare with it, and little enough to keep with the page's state. */
export interface RunFigures {
  readonly label: string;
  readonly seconds: number;
  readonly averageWatts: number | null;
  readonly serves: readonly ServeFigures[];
}

/** A run that was put aside, to compare later ones with. */
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
      serves: run.serves.map(({ series: _, ...figures }) => figures),
    },
  };
}

/** As the host can keep it: plain JSON. */
interface KeptPin {
  readonly tree: unknown;
  readonly columnsBase64: string;
}

export function keepPin(pin: PinnedRun): KeptPin {
  const { tree, buffer } = pack(pin);
  return { tree, columnsBase64: encodeBase64(buffer) };
}

/** undefined where the state holds none, or one of another version. */
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
    // What an older page kept is not worth an error.
    return undefined;
  }
}

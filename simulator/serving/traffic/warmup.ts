import { type Arrivals, assertNever, type Duration } from '../../../design/index.ts';
import { isRecording, rowOf } from './recording.ts';

/** The part of a run's input that decides what its statistics leave out. */
interface WarmedUp {
  readonly duration: Duration;
  readonly serves: readonly { readonly arrivals: Arrivals }[];
  readonly warmupFraction: number;
}

/**
 * How many requests of a serve, from the first, the statistics leave out in a run of a recording: a fraction of those that it replays. null beside random
 * traffic, where whole slots of time are left out: those in which the fraction of the requests arrived.
 */
export function warmupArrivals(input: WarmedUp, arrivals: Arrivals): number | null {
  if (arrivals.kind !== 'trace' || !isRecording(input)) return null;
  return Math.floor(input.warmupFraction * replayedRows(input, arrivals));
}

/** How a number of requests is shared by several traces is known only after the run: then all rows count. */
function replayedRows({ duration, serves }: WarmedUp, trace: Extract<Arrivals, { kind: 'trace' }>): number {
  const rows = trace.timesSeconds.length;
  switch (duration.kind) {
    case 'auto':
      return rows;
    case 'time':
      return rowOf(trace, duration.seconds);
    case 'requests':
      return serves.length === 1 ? Math.min(duration.count, rows) : rows;
    default:
      return assertNever(duration);
  }
}

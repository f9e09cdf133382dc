import { type Arrivals, assertNever, type Duration } from '../../../design/index.ts';
import { isRecording, rowOf, type Traffic } from './recording.ts';

/** The part of the input of a run that determines its warm-up. */
interface WarmedUp {
  readonly duration: Duration;
  readonly serves: readonly Traffic[];
  readonly warmupFraction: number;
}

/**
 * The number of warm-up requests of a serve in a run of recorded traffic: a fraction of the requests that the run replays.
 * null for a run with random traffic. There the warm-up consists of whole slots of time, those in which this fraction of
 * the requests arrived.
 */
export function warmupArrivals(input: WarmedUp, arrivals: Arrivals): number | null {
  if (arrivals.kind !== 'trace' || !isRecording(input)) return null;
  return Math.floor(input.warmupFraction * replayedRows(input, arrivals));
}

/**
 * The number of rows that the run replays. If several traces share a number of requests, their shares are known only after
 * the run, so this function returns the number of all rows.
 */
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

import { type Arrivals, assertNever, type Duration } from '../../../design/index.ts';
import { lastArrivalSeconds, meanRatePerSecond } from './arrivals.ts';
import { isRecording, rowOf } from './recording.ts';

/** The part of a run's input that decides what its statistics leave out. */
interface WarmedUp {
  readonly duration: Duration;
  readonly serves: readonly { readonly arrivals: Arrivals }[];
  readonly warmupFraction: number;
}

/**
 * How many requests of a serve, from the first, the statistics leave out: a fraction of those that are expected to arrive in the run. null if that is not
 * known before the run, because it ends by itself or at a time; then whole slots of time are left out, those in which the fraction arrived.
 */
export function warmupArrivals(input: WarmedUp, arrivals: Arrivals): number | null {
  const expected = expectedArrivals(input, arrivals);
  return expected === null ? null : Math.floor(input.warmupFraction * expected);
}

function expectedArrivals(input: WarmedUp, arrivals: Arrivals): number | null {
  const { duration, serves } = input;
  const traces = serves.flatMap((serve) => (serve.arrivals.kind === 'trace' ? [serve.arrivals] : []));
  switch (duration.kind) {
    case 'requests': {
      if (arrivals.kind === 'trace' && serves.length === 1)
        return Math.min(duration.count, arrivals.timesSeconds.length);
      const rate = serves.reduce((sum, serve) => sum + meanRatePerSecond(serve.arrivals), 0);
      return (duration.count * meanRatePerSecond(arrivals)) / rate;
    }
    case 'time':
      return arrivals.kind === 'trace' && isRecording(input) ? rowOf(arrivals, duration.seconds) : null;
    case 'auto': {
      if (arrivals.kind === 'trace') return arrivals.timesSeconds.length;
      if (traces.length === 0) return null;
      return meanRatePerSecond(arrivals) * Math.max(...traces.map(lastArrivalSeconds));
    }
    default:
      return assertNever(duration);
  }
}

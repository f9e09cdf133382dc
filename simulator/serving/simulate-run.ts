import type { RunResult } from '../../design/index.ts';
import { cycleSeconds, lastArrivalSeconds, meanRatePerSecond } from './arrivals.ts';
import { BUCKETS } from './buckets.ts';
import { COMPUTING_CHIP, SWITCHING_CHIP } from './chip.ts';
import type { Ending } from './ending.ts';
import { type BucketClock, runEvents } from './event-loop.ts';
import type { RunInput, RunOptions } from './input.ts';
import { checkRun } from './invariants.ts';
import { wideningOf } from './looks.ts';
import { measuredPart } from './measurement.ts';
import { allDecided, type Look, runResult } from './run-result.ts';
import { Simulation } from './simulation.ts';
import { bookSwitch, bookTimeline } from './spans.ts';

/** Requests per bucket at the first look of a run that ends by itself: 16384 in all. */
const FIRST_LOOK_PER_BUCKET = 64;
/** Ups and downs of the load that a run has to have seen before its first look: our assumption. */
const FIRST_LOOK_CYCLES = 32;

/** How long a run goes on, and how wide its buckets are to begin with. */
interface Plan {
  readonly ending: Ending;
  readonly bucketSeconds: number;
  /** Ends as soon as all is decided. */
  readonly looks: boolean;
  readonly looksAllowed: number;
}

function planOf(input: RunInput): Plan {
  let rate = 0;
  let cycle = 0;
  let lastTrace = 0;
  let traces = 0;
  for (const { arrivals } of input.serves) {
    rate += meanRatePerSecond(arrivals);
    cycle = Math.max(cycle, cycleSeconds(arrivals));
    if (arrivals.kind === 'trace') {
      traces++;
      lastTrace = Math.max(lastTrace, lastArrivalSeconds(arrivals));
    }
  }
  const never = Number.POSITIVE_INFINITY;
  const ending: Ending = {
    horizonSeconds: never,
    // A replay is the whole of its trace; what is generated beside it ends with it.
    lastArrivalSeconds: traces > 0 ? lastTrace : never,
    mostArrivals: never,
    budgetArrivals: never,
  };
  // A shade wider than the run, so that its end falls into the last bucket however the borders round.
  const wide = (seconds: number) => (seconds > 0 ? (seconds / BUCKETS) * (1 + 1e-9) : 1);
  const { duration } = input;
  switch (duration.kind) {
    case 'time':
      return {
        ending: { ...ending, horizonSeconds: duration.seconds },
        bucketSeconds: wide(duration.seconds),
        looks: false,
        looksAllowed: 1,
      };
    case 'requests': {
      const seconds = Math.min(lastTrace > 0 ? lastTrace : never, duration.count / rate);
      return {
        ending: { ...ending, mostArrivals: duration.count },
        bucketSeconds: wide(seconds),
        looks: false,
        looksAllowed: 1,
      };
    }
    default: {
      if (traces > 0) {
        return {
          ending: { ...ending, budgetArrivals: duration.maxRequests },
          bucketSeconds: wide(lastTrace),
          looks: false,
          looksAllowed: 1,
        };
      }
      const first = Math.max((FIRST_LOOK_PER_BUCKET * BUCKETS) / rate, FIRST_LOOK_CYCLES * cycle);
      const longest = duration.maxRequests / rate;
      return {
        ending: { ...ending, budgetArrivals: duration.maxRequests },
        bucketSeconds: wide(Math.min(first, longest)),
        looks: true,
        looksAllowed: doublings(longest / first) + 1,
      };
    }
  }
}

/** How often 1 can be doubled before it reaches `ratio`. */
function doublings(ratio: number): number {
  let count = 0;
  for (let reached = 1; reached < ratio; reached *= 2) count++;
  return count;
}

/**
 * One run at one seed: same input, same result, on every platform. undefined where it was cancelled. Throws only where an invariant of ours is
 * broken.
 */
export function simulateRun(input: RunInput, options: RunOptions = {}): RunResult | undefined {
  const plan = planOf(input);
  const sim = new Simulation(input, plan.bucketSeconds, options.window);
  const buckets: BucketClock = { widthSeconds: plan.bucketSeconds, bucket: 0 };
  const look: Look = {
    // Bonferroni over the looks that the budget allows: looking often must not make a wrong verdict likelier.
    confidence: 1 - (1 - input.confidence) / plan.looksAllowed,
    ended: false,
  };
  const widening = wideningOf(sim);
  const part = () => {
    const measured = measuredPart(sim.clock.now, buckets.widthSeconds, input.warmupFraction);
    return { ...measured, widening: widening(measured) };
  };
  const onFull = () => plan.looks && allDecided(sim, part(), look, options.endsAtViolation ?? false);
  const poll = () => {
    options.onProgress?.(fractionDone(plan.ending, sim));
    return options.isCancelled?.() ?? false;
  };
  if (options.isCancelled?.() ?? false) return undefined;
  if (!runEvents(sim, buckets, plan.ending, onFull, poll)) return undefined;
  bookUnfinished(sim);
  for (const serve of sim.serves) serve.recorder.flush();
  sim.timeline.flush();
  checkRun(sim);
  return runResult(sim, part(), { ...look, ended: true }, buckets.widthSeconds);
}

function fractionDone(ending: Ending, sim: Simulation): number {
  const most = Math.min(ending.mostArrivals, ending.budgetArrivals);
  const last = Math.min(ending.horizonSeconds, ending.lastArrivalSeconds);
  return Math.min(1, Math.max(sim.totalArrived / most, sim.clock.now / last));
}

/** What is under way when the run ends is on the timeline up to then. */
function bookUnfinished(sim: Simulation): void {
  for (const chip of sim.chips) {
    if (sim.clock.now <= chip.spanStart) continue;
    if (chip.phase === COMPUTING_CHIP) bookTimeline(sim, chip);
    else if (chip.phase === SWITCHING_CHIP) bookSwitch(sim, chip);
  }
}

import type { RunResult } from '../../design/index.ts';
import { withCaveats } from '../caveats.ts';
import type { RunInput, RunOptions } from './input.ts';
import { forecastsOf } from './judge/forecast.ts';
import { measuredPart } from './judge/measured-part.ts';
import type { Ending } from './loop/ending.ts';
import { type BucketClock, runEvents } from './loop/event-loop.ts';
import { checkRun } from './loop/invariants.ts';
import { runLengthOf } from './loop/run-length.ts';
import { allDecided } from './result/all-decided.ts';
import { clockCaveats } from './result/clock-caveats.ts';
import { withEndOfTrace } from './result/ends-with-trace.ts';
import type { VerdictCheck } from './result/measure-serve.ts';
import { runResult } from './result/run-result.ts';
import { COMPUTING_CHIP, SWITCHING_CHIP } from './state/chip.ts';
import { Simulation } from './state/simulation.ts';
import { bookSwitch, bookTimeline } from './state/spans.ts';
import { simulateSequences } from './tokens/simulate-sequences.ts';

/**
 * Simulates one run with one seed. The same input gives the same result on every platform. Returns undefined if the run
 * was cancelled. Throws only if the simulator breaks one of its own invariants.
 */
export function simulateRun(input: RunInput, options: RunOptions = {}): RunResult | undefined {
  if (input.serves.some(({ steps }) => steps !== undefined)) {
    return judged(simulateSequences(input, options), input, options);
  }
  const length = runLengthOf(input);
  if (options.isCancelled?.() ?? false) return undefined;
  const sim = new Simulation(input, length.bucketSeconds, options);
  const buckets: BucketClock = { widthSeconds: length.bucketSeconds, bucket: 0 };
  const check: VerdictCheck = {
    // Bonferroni correction over all interim checks that the budget allows. Without it, each check would add to the
    // probability of a wrong verdict.
    confidence: 1 - (1 - input.confidence) / length.checksAllowed,
    ended: false,
    forecasts: forecastsOf(input),
  };
  const part = () =>
    measuredPart(sim.clock.now, buckets.widthSeconds, sim.serves, sim.warmupFraction, sim.periodSeconds);
  const onFull = () => length.endsWhenDecided && allDecided(sim, part(), check, options.endsAtViolation ?? false);
  const poll = () => {
    options.onProgress?.(fractionDone(length.ending, sim));
    return options.isCancelled?.() ?? false;
  };
  let result: RunResult;
  try {
    if (!runEvents(sim, buckets, length.ending, onFull, poll)) return undefined;
    bookUnfinished(sim);
    for (const serve of sim.serves) serve.recorder.flush();
    sim.timeline.flush();
    checkRun(sim);
    result = runResult(sim, part(), { ...check, ended: true }, buckets.widthSeconds, options);
  } finally {
    for (const serve of sim.serves) serve.recorder.release();
  }
  return judged(result, input, options);
}

/** The result with the verdicts that its caveats allow. */
function judged(ran: RunResult | undefined, input: RunInput, options: RunOptions): RunResult | undefined {
  const { isCancelled, acceptsCaveats = false } = options;
  if (ran === undefined || acceptsCaveats === true) return ran;
  const replay = (moved: RunInput) =>
    simulateRun(moved, { measuresOnly: true, acceptsCaveats: true, ...(isCancelled && { isCancelled }) });
  const found = clockCaveats(ran, input, replay);
  if (found === undefined) return undefined;
  const caveats = [...ran.caveats, ...found];
  if (acceptsCaveats === 'of-input')
    return { ...withCaveats({ ...ran, caveats: found }, { ...input, caveats: [] }), caveats };
  return withEndOfTrace(withCaveats({ ...ran, caveats }, input), input);
}

function fractionDone(ending: Ending, sim: Simulation): number {
  const most = Math.min(ending.mostArrivals, ending.budgetArrivals);
  const last = Math.min(ending.horizonSeconds, ending.lastArrivalSeconds);
  return Math.min(1, Math.max(sim.totalArrived / most, sim.clock.now / last));
}

/** Adds the batches and switches that are unfinished at the end of the run to the timeline. */
function bookUnfinished(sim: Simulation): void {
  for (const chip of sim.chips) {
    if (sim.clock.now <= chip.spanStart) continue;
    if (chip.phase === COMPUTING_CHIP) bookTimeline(sim, chip);
    else if (chip.phase === SWITCHING_CHIP) bookSwitch(sim, chip);
  }
}

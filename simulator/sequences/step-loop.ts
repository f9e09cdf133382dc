import { DecodeStretch } from './decode-stretch.ts';
import type { SequenceInput, SequenceRun } from './input.ts';
import { broken, checkEnd, checkStep } from './invariants.ts';
import { OccupancySampler } from './occupancy-sampler.ts';
import { planStep } from './plan-step.ts';
import { SequenceState, StepOutputs } from './sequence-state.ts';
import { CauseRecorder } from './step-causes.ts';
import { StepClock } from './step-clock.ts';
import type { DecodeRun } from './step-cost.ts';
import type { BurstSteps } from './step-modes.ts';
import { BASE_STEPS, BURST_STEPS, MODE_CHANGE, SpanRecorder } from './step-spans.ts';

/** Plans between two polls for cancellation. */
const POLL_PLANS = 4096;

/**
 * Serves all requests and returns when each got its first and last token. Returns null if `poll` cancels the run. `burst` is the
 * second mode of the chip, which needs a loop without look-ahead. Without it, every step runs in one mode.
 *
 * One turn of the loop is the moment at which a step ends and another one is planned. With look-ahead, the step after it is
 * planned already and starts now: step i + 1 is planned when step i - 1 ends, so arrivals and released blocks have an effect
 * one step later. A plan without work takes no time.
 */
export function runSequences(
  input: SequenceInput,
  poll: () => boolean = never,
  burst?: BurstSteps,
): SequenceRun | null {
  const { requests, limits } = input;
  if (limits.lookAhead && burst !== undefined) throw new Error('a second mode needs steps that are planned one by one');
  const { arrivalNanoseconds } = requests;
  const state = new SequenceState(input);
  const clock = new StepClock();
  const stretch = new DecodeStretch(state);
  const sampler = new OccupancySampler(state, input.sampleNanoseconds);
  const slots = state.running.length;
  const times = new TokenTimes(arrivalNanoseconds, state.firstNanoseconds);
  const spans = input.observes === true ? new SpanRecorder() : null;
  const causes = input.observes === true && !limits.lookAhead ? new CauseRecorder(state) : null;
  const energyRun: DecodeRun = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };
  let burstSteps = 0;
  /** Whether the mode has just changed. The next step then runs in it, so a run always makes progress. */
  let hasChanged = false;
  /** Outputs of the step that ends next, and of the step after it. Without look-ahead, both are the same. */
  let ending = new StepOutputs(slots);
  let following = limits.lookAhead ? new StepOutputs(slots) : ending;
  let inFlight = 0;
  let isIdle = true;
  let emptyPlans = 0;
  let untilPoll = POLL_PLANS;
  for (;;) {
    causes?.ended(ending);
    endStep(state, ending, times, clock.nanoseconds);
    const arrivedBefore = state.nextArrival;
    state.takeArrivals(clock.nanoseconds);
    causes?.arrived(arrivedBefore, clock.nanoseconds);
    sampler.enter(clock.nanoseconds);
    if (--untilPoll === 0) {
      untilPoll = POLL_PLANS;
      if (poll()) return null;
    }
    const start = clock.nanoseconds;
    state.nowNanoseconds = start;
    const wasBurst = state.isBurst;
    let horizon = sampler.nextNanoseconds;
    if (burst !== undefined && !(state.runningCount === 0 && state.waitingCount === 0)) {
      if (!hasChanged) state.isBurst = burst.policy.wantsBurst(state, start, wasBurst);
      hasChanged = false;
      horizon = Math.min(horizon, burst.policy.holdsUntilNanoseconds);
      if (state.isBurst !== wasBurst && burst.switchPicoseconds > 0) {
        clock.advance(burst.switchPicoseconds);
        spans?.add(start, clock.nanoseconds, MODE_CHANGE, 0, 0);
        causes?.advanceSwitch(clock.nanoseconds - start);
        hasChanged = true;
        continue;
      }
    }
    const cost = state.isBurst && burst !== undefined ? burst.cost : input.cost;
    const energy = state.isBurst && burst !== undefined ? burst.energy : input.energy;
    const stepsBefore = state.steps;
    const last = following.isEmpty ? stretch.plan(state, ending, cost, clock, inFlight, horizon) : -1;
    let sequences = state.runningCount;
    if (last >= 0) {
      inFlight = last;
      isIdle = false;
      emptyPlans = 0;
      if (energy !== undefined) {
        const { firstContext, longestContext } = stretch;
        const burstContext = state.writesBurst ? firstContext : 0;
        energy.decodeRun(sequences, firstContext, longestContext, energyRun, burstContext);
        state.joules += joulesOf(energyRun, state.steps - stepsBefore);
      }
      causes?.advanceStretch(cost, state.steps - stepsBefore, clock.nanoseconds - start);
    } else {
      const [runningBefore, returnedBefore] = [state.runningCount, state.returnedCount];
      planStep(state, ending);
      causes?.planned(runningBefore, returnedBefore);
      checkStep(state);
      const works = state.work.sequences > 0;
      sequences = state.work.sequences;
      const planned = works ? cost.picoseconds(state.work) : 0;
      if (!works && isIdle) {
        if (state.waitingCount === 0 && state.runningCount === 0) {
          if (state.nextArrival === arrivalNanoseconds.length) break;
          clock.jumpTo(arrivalNanoseconds[state.nextArrival] as number);
        } else if (++emptyPlans > 2) broken('work conservation', `${state.waitingCount} requests wait for no step`);
      } else emptyPlans = 0;
      clock.advance(limits.lookAhead ? inFlight : planned);
      isIdle = !works;
      inFlight = planned;
      if (works && energy !== undefined) state.joules += energy.picoseconds(state.work) * JOULES_PER_PICOJOULE;
      if (works) causes?.advance(cost, clock.nanoseconds - start);
    }
    const steps = state.steps - stepsBefore;
    if (state.isBurst) burstSteps += steps;
    if (spans !== null && steps > 0) {
      const kind = state.isBurst ? BURST_STEPS : BASE_STEPS;
      spans.add(start, clock.nanoseconds, kind, steps, steps * sequences);
    }
    const swap = ending;
    ending = following;
    following = swap;
  }
  checkEnd(state, times);
  return {
    firstTokenNanoseconds: times.first,
    lastTokenNanoseconds: times.last,
    endNanoseconds: times.end,
    steps: state.steps,
    preemptions: state.preemptions,
    dropped: state.dropped,
    cachedTokens: state.cachedTokens,
    samples: sampler.result(),
    ...(spans === null
      ? {}
      : {
          observed: {
            admittedNanoseconds: state.admittedNanoseconds,
            burstTokens: state.burstTokens,
            preemptions: state.preemptionsOf,
            chunks: state.chunksOf,
            burstSteps,
            spans: spans.result(),
            ...(causes === null ? {} : { causes: causes.causes }),
          },
        }),
  };
}

const JOULES_PER_PICOJOULE = 1e-12;

/** The energy of the first steps of a stretch. */
function joulesOf({ firstPicoseconds: first, growthPicoseconds: growth }: DecodeRun, steps: number): number {
  return (steps * first + (growth * steps * (steps - 1)) / 2) * JOULES_PER_PICOJOULE;
}

function never(): boolean {
  return false;
}

/** When each request got its first and last token, in whole nanoseconds. */
class TokenTimes {
  readonly arrival: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  end = 0;

  constructor(arrival: Float64Array, first: Float64Array) {
    this.arrival = arrival;
    this.first = first;
    this.last = new Float64Array(arrival.length).fill(Number.NaN);
  }
}

/** Stamps the tokens of the step that ended now, and releases the sequences that have all of theirs. */
function endStep(state: SequenceState, outputs: StepOutputs, times: TokenTimes, now: number): void {
  for (let n = 0; n < outputs.firstCount; n++) times.first[outputs.first[n] as number] = now;
  for (let n = 0; n < outputs.lastCount; n++) {
    const request = outputs.last[n] as number;
    times.last[request] = now;
    times.end = now;
    state.finish(request);
  }
  outputs.firstCount = 0;
  outputs.lastCount = 0;
}

import { canAdmit } from './plan-step.ts';
import type { SequenceState, StepOutputs } from './sequence-state.ts';
import type { StepClock } from './step-clock.ts';
import type { DecodeRun, StepCost } from './step-cost.ts';

/** Sums of picoseconds stay below 2^52, where they are exact. A longer stretch is divided. */
const LONGEST_PICOSECONDS = 2 ** 52;

/**
 * A stretch is a number of plans that all schedule the same decoding sequences: nothing is admitted, preempted or finished
 * between them. With n sequences and K tokens of context, step j takes first + j x growth, so k steps take
 * T(k) = k first + growth k (k - 1) / 2. A stretch ends at the next completion, at the next arrival that could be admitted,
 * at a grid point of a table of costs, when blocks run short, and at a sample. All cached tokens of its sequences have the format that the
 * steps write: the time of other steps is no line.
 */
export class DecodeStretch {
  private readonly line: DecodeRun = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };
  /** The first step of the last stretch: its context with the new tokens, and that of its longest sequence. */
  firstContext = 0;
  longestContext = 0;
  /** How many sequences have s free places in their last block, and at most s: slackCount[s], slackUpTo[s]. */
  private readonly slackCount: Int32Array;
  private readonly slackUpTo: Int32Array;
  /** The sequences with s free places, in running order: places[s x slots], ... */
  private readonly slotsBySlack: Int32Array;
  private readonly slots: number;

  constructor(state: SequenceState) {
    const { blockTokens } = state.limits;
    this.slots = state.running.length;
    this.slackCount = new Int32Array(blockTokens);
    this.slackUpTo = new Int32Array(blockTokens);
    this.slotsBySlack = new Int32Array(this.slots);
  }

  /**
   * Plans as many steps as possible, at least two, and advances the clock. Returns the time of the last planned step, which
   * runs next with look-ahead, or -1 if no stretch is possible: the caller then plans one step. `inFlight` is the time of
   * the step that is planned and has not ended. `nextSample` is the time of the next sample in nanoseconds.
   */
  plan(
    state: SequenceState,
    outputs: StepOutputs,
    cost: StepCost,
    clock: StepClock,
    inFlight: number,
    nextSample: number,
  ): number {
    const { limits, runningCount } = state;
    if (runningCount === 0 || state.prefillCount > 0 || runningCount > limits.tokens) return -1;
    if (canAdmit(state, limits.tokens - runningCount)) return -1;
    let most = this.measure(state, cost);
    if (most < 2) return -1;
    most = this.withinTime(state, clock, most, inFlight, nextSample);
    if (most < 2) return -1;
    const steps = this.withinBlocks(state, most);
    if (steps < 2) return -1;
    this.apply(state, outputs, steps);
    const last = this.line.firstPicoseconds + (steps - 1) * this.line.growthPicoseconds;
    clock.advance(limits.lookAhead ? inFlight + this.sumOf(steps - 1) : this.sumOf(steps));
    return last;
  }

  /** Sets the line of costs. Returns the number of steps until it ends, or until the first completion. */
  private measure(state: SequenceState, cost: StepCost): number {
    const { running, runningCount, requestOf, computed, computedBurst, produced } = state;
    const { outputTokens } = state.requests;
    let inBurst = 0;
    let context = runningCount;
    let longest = 0;
    let fewest = Number.POSITIVE_INFINITY;
    for (let place = 0; place < runningCount; place++) {
      const slot = running[place] as number;
      const request = requestOf[slot] as number;
      const left = (outputTokens[request] as number) - (produced[request] as number);
      if (left < fewest) {
        if (left < 2) return left;
        fewest = left;
      }
      const tokens = computed[slot] as number;
      context += tokens;
      inBurst += computedBurst[slot] as number;
      if (tokens > longest) longest = tokens;
    }
    if (inBurst !== (state.writesBurst ? context - runningCount : 0)) return 1;
    this.firstContext = context;
    this.longestContext = longest + 1;
    cost.decodeRun(runningCount, context, longest + 1, this.line, state.writesBurst ? context : 0);
    return Math.min(fewest, this.line.steps);
  }

  private withinTime(
    state: SequenceState,
    clock: StepClock,
    most: number,
    inFlight: number,
    nextSample: number,
  ): number {
    const { limits, requests, nextArrival } = state;
    const { arrivalNanoseconds } = requests;
    // With look-ahead, the first planned step starts when the one in flight ends.
    const early = limits.lookAhead ? inFlight : 0;
    const offset = limits.lookAhead ? 1 : 0;
    let steps = Math.min(most, offset + this.stepsWithin(LONGEST_PICOSECONDS - early));
    const canJoin = state.waitingCount === 0 && state.runningCount < limits.sequences;
    if (canJoin && nextArrival < arrivalNanoseconds.length) {
      // All plans must be made before the arrival, the last one after all steps but one.
      const gap = clock.until(arrivalNanoseconds[nextArrival] as number) - 1 - early;
      if (gap < 0) return 1;
      steps = Math.min(steps, 1 + offset + this.stepsWithin(gap));
    }
    if (nextSample !== Number.POSITIVE_INFINITY) {
      const gap = clock.until(nextSample) - early;
      if (gap < 0) return 1;
      steps = Math.min(steps, offset + this.stepsWithin(gap));
    }
    return steps;
  }

  /** The largest number of steps whose sum is at most `picoseconds`. */
  private stepsWithin(picoseconds: number): number {
    const { firstPicoseconds: first, growthPicoseconds: growth } = this.line;
    const limit = Math.min(picoseconds, LONGEST_PICOSECONDS);
    if (first > limit) return 0;
    if (growth === 0) return first === 0 ? Number.POSITIVE_INFINITY : Math.floor(limit / first);
    const half = growth / 2;
    const b = first - half;
    // A falling line of costs may never reach the limit.
    const square = b * b + 4 * half * limit;
    if (square < 0) return Number.POSITIVE_INFINITY;
    // The root of half k^2 + b k = limit; rounding is corrected below.
    let steps = Math.floor((2 * limit) / (b + Math.sqrt(square)));
    while (this.sumOf(steps) > limit) steps--;
    while (this.sumOf(steps + 1) <= limit) steps++;
    return steps;
  }

  /** T(k). */
  private sumOf(steps: number): number {
    return steps * this.line.firstPicoseconds + this.line.growthPicoseconds * ((steps * (steps - 1)) / 2);
  }

  /**
   * The largest number of steps, up to `most`, for which the free blocks suffice: k steps need n floor(k / b) blocks, and
   * one for each sequence with fewer than k mod b free places in its last block of b tokens.
   */
  private withinBlocks(state: SequenceState, most: number): number {
    const { running, runningCount, computed, blockCount, limits, blocks } = state;
    const { slackCount, slackUpTo } = this;
    const { blockTokens } = limits;
    const freeBlocks = Math.floor(blocks.free / state.newBlockUnits(state.isBurst));
    slackCount.fill(0);
    for (let place = 0; place < runningCount; place++) {
      const slot = running[place] as number;
      const slack = (blockCount[slot] as number) * blockTokens - (computed[slot] as number);
      slackCount[slack] = (slackCount[slack] as number) + 1;
    }
    let sum = 0;
    for (let slack = 0; slack < blockTokens; slack++) {
      sum += slackCount[slack] as number;
      slackUpTo[slack] = sum;
    }
    if (this.needOf(runningCount, blockTokens, most) <= freeBlocks) return most;
    let enough = 0;
    let tooMany = most;
    while (tooMany - enough > 1) {
      const middle = (enough + tooMany) >> 1;
      if (this.needOf(runningCount, blockTokens, middle) <= freeBlocks) enough = middle;
      else tooMany = middle;
    }
    return enough;
  }

  private needOf(sequences: number, blockTokens: number, steps: number): number {
    const rest = steps % blockTokens;
    return sequences * Math.floor(steps / blockTokens) + (rest === 0 ? 0 : (this.slackUpTo[rest - 1] as number));
  }

  /** Adds `steps` tokens to each sequence. Blocks are taken in the order in which single steps would take them. */
  private apply(state: SequenceState, outputs: StepOutputs, steps: number): void {
    const { running, runningCount, requestOf, computed, computedBurst, produced, findable, outputPlan, limits } = state;
    const { blockCount } = state;
    const { outputTokens } = state.requests;
    const { slackUpTo, slackCount, slotsBySlack } = this;
    const { blockTokens } = limits;
    state.plans += steps;
    state.steps += steps;
    state.outputTokens += runningCount * steps;
    for (let place = 0; place < runningCount; place++) {
      const slot = running[place] as number;
      const request = requestOf[slot] as number;
      const before = computed[slot] as number;
      const slack = (blockCount[slot] as number) * blockTokens - before;
      // slackCount becomes the number of sequences that are still to be placed.
      slotsBySlack[(slackUpTo[slack] as number) - (slackCount[slack] as number)] = slot;
      slackCount[slack] = (slackCount[slack] as number) - 1;
      computed[slot] = before + steps;
      if (state.writesBurst) computedBurst[slot] = (computedBurst[slot] as number) + steps;
      findable[slot] = before + steps - (limits.lookAhead ? 1 : 0);
      outputPlan[slot] = state.plans;
      const count = (produced[request] as number) + steps;
      produced[request] = count;
      if (state.isBurst) state.burstTokens[request] = (state.burstTokens[request] as number) + steps;
      if (count === outputTokens[request]) outputs.last[outputs.lastCount++] = request;
    }
    let slack = 0;
    for (let step = 0; step < steps; step++) {
      const start = slack === 0 ? 0 : (slackUpTo[slack - 1] as number);
      const end = slackUpTo[slack] as number;
      for (let place = start; place < end; place++) {
        const slot = slotsBySlack[place] as number;
        state.addBlock(slot);
      }
      slack = slack + 1 === blockTokens ? 0 : slack + 1;
    }
  }
}

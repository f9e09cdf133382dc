import {
  canAdmit,
  noWork,
  type SequenceState,
  type StepCost,
  type StepPolicy,
  setDecodes,
} from '../../sequences/index.ts';

/** The limits of a request in seconds. Infinity: no objective limits this time. */
export interface TokenDeadlines {
  readonly latency: number;
  readonly ttft: number;
  readonly tpot: number;
}

const NANOSECONDS = 1e9;
const PICOSECONDS_PER_NANOSECOND = 1e3;

/** Waiting requests that the prediction includes. Our assumption: later ones cannot be in danger before these. */
const LOOKED_AT = 256;

/**
 * The share of its latency limit after which a running request is in danger. The length of an answer is unknown to the
 * scheduler. Our assumption.
 */
const LATE_SHARE = 0.5;

/**
 * The paper's policy for language models: burst only if a violation is predicted in base mode. It predicts
 *
 * - the TTFT of each waiting request: the prompts before it and its own, in full steps;
 * - the TPOT of each running sequence: its time since the first token, which may not exceed the limit times its tokens. A step
 *   in base mode that is longer than the limit uses up what the sequence has saved.
 *
 * A request that waits for a slot or for blocks is in danger (our assumption). The policy knows prompts, but not the lengths of answers. The guard is a fraction of each limit.
 */
export class SlackSteps implements StepPolicy {
  holdsUntilNanoseconds = Number.POSITIVE_INFINITY;
  private readonly base: StepCost;
  private readonly deadlines: TokenDeadlines;
  private readonly guard: number;
  private readonly holdNanoseconds: number;
  private burstUntil = 0;
  private readonly work = noWork();

  /** Limits and hold in seconds. */
  constructor(base: StepCost, deadlines: TokenDeadlines, guardFraction: number, holdSeconds: number) {
    this.base = base;
    const kept = 1 - guardFraction;
    this.deadlines = {
      latency: deadlines.latency * kept,
      ttft: deadlines.ttft * kept,
      tpot: deadlines.tpot * kept,
    };
    this.guard = guardFraction;
    this.holdNanoseconds = holdSeconds * NANOSECONDS;
  }

  wantsBurst(state: SequenceState, now: number, isBurst: boolean): boolean {
    const step = this.stepNanoseconds(state);
    const slack = Math.min(this.waitingSlack(state, now), this.runningSlack(state, now, step));
    if (slack <= 0) {
      this.burstUntil = now + Math.max(this.holdNanoseconds, step);
      this.holdsUntilNanoseconds = this.burstUntil;
      return true;
    }
    if (isBurst && now < this.burstUntil) {
      this.holdsUntilNanoseconds = this.burstUntil;
      return true;
    }
    // A request that arrives and cannot be admitted has all of its limit left, so half of the guard is early enough.
    const arrivals = Math.max(step, (this.guard / 2) * this.deadlines.ttft * NANOSECONDS);
    this.holdsUntilNanoseconds = now + Math.max(step, Math.min(slack, arrivals));
    return false;
  }

  /** A decoding step of the running sequences in base mode. */
  private stepNanoseconds(state: SequenceState): number {
    const { runningCount, running, computed, computedBurst } = state;
    if (runningCount === 0) return this.base.contextFreePicoseconds(1, 1) / PICOSECONDS_PER_NANOSECOND;
    let context = runningCount;
    let inBurst = 0;
    let longest = 0;
    for (let place = 0; place < runningCount; place++) {
      const slot = running[place] as number;
      const tokens = computed[slot] as number;
      context += tokens;
      inBurst += computedBurst[slot] as number;
      if (tokens > longest) longest = tokens;
    }
    const { work } = this;
    setDecodes(work, runningCount, context, longest + 1, inBurst);
    return this.base.picoseconds(work) / PICOSECONDS_PER_NANOSECOND;
  }

  /** The least slack of the waiting requests, and of running ones without a token, in nanoseconds. 0 or less: in danger. */
  private waitingSlack(state: SequenceState, now: number): number {
    const limit = this.deadlines.ttft * NANOSECONDS;
    if (limit === Number.POSITIVE_INFINITY) return limit;
    const { requests, limits, running, runningCount, requestOf, computed, produced } = state;
    const { arrivalNanoseconds, inputTokens } = requests;
    const decodes = runningCount - state.prefillCount;
    // Only answers that end free a slot or blocks, and the time of their end is unknown to the policy. So faster steps are the only help.
    if (state.waitingCount > 0 && state.prefillCount === 0 && !canAdmit(state, limits.tokens - runningCount, false))
      return 0;
    const perToken = this.tokenNanoseconds(limits.tokens, runningCount);
    const room = Math.max(1, limits.tokens - decodes) / limits.tokens;
    let ahead = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let place = 0; place < runningCount; place++) {
      const slot = running[place] as number;
      if (state.decoding[slot] === 1) continue;
      const request = requestOf[slot] as number;
      ahead += state.tokensOf(request) - (computed[slot] as number);
      if (produced[request] !== 0) continue;
      least = Math.min(least, (arrivalNanoseconds[request] as number) + limit - now - (ahead * perToken) / room);
    }
    const end = Math.min(state.nextArrival, state.nextFresh + LOOKED_AT);
    for (let request = state.nextFresh; request < end; request++) {
      const tokens = inputTokens[request] as number;
      ahead += tokens - state.prefixes.commonTokens(tokens);
      least = Math.min(least, (arrivalNanoseconds[request] as number) + limit - now - (ahead * perToken) / room);
    }
    return least;
  }

  /** The time of one prompt token in a full step. */
  private tokenNanoseconds(tokens: number, sequences: number): number {
    return this.base.contextFreePicoseconds(tokens, Math.max(1, sequences)) / tokens / PICOSECONDS_PER_NANOSECOND;
  }

  /** How long steps in base mode can go on before a running sequence exceeds a limit, in nanoseconds. */
  private runningSlack(state: SequenceState, now: number, step: number): number {
    const { running, runningCount, requestOf, produced, firstNanoseconds, requests, decoding } = state;
    const tpot = this.deadlines.tpot * NANOSECONDS;
    const late = this.deadlines.latency * LATE_SHARE * NANOSECONDS;
    let least = Number.POSITIVE_INFINITY;
    for (let place = 0; place < runningCount; place++) {
      const slot = running[place] as number;
      const request = requestOf[slot] as number;
      least = Math.min(least, (requests.arrivalNanoseconds[request] as number) + late - now);
      const first = firstNanoseconds[request] as number;
      if (decoding[slot] === 0 || Number.isNaN(first) || tpot === Number.POSITIVE_INFINITY) continue;
      // Tokens after the first one, which have taken `now - first`.
      const saved = tpot * ((produced[request] as number) - 1) - (now - first);
      const lost = step - tpot;
      if (lost > 0) least = Math.min(least, ((saved - lost) / lost) * step);
      else if (saved + tpot < step) least = Math.min(least, saved + tpot - step);
    }
    return least;
  }
}

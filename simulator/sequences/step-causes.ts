import type { RequestCauses } from './request-causes.ts';
import type { SequenceState, StepOutputs } from './sequence-state.ts';
import type { DecodeRun, StepCost } from './step-cost.ts';

/* The sums over time: the parts of decoding, prompts and switches, and the time by the reason for which requests waited. */
const WEIGHTS = 0;
const SEQUENCES = 1;
const KV_CACHE = 2;
const PROMPTS = 3;
const SWITCHING = 4;
const STEP = 5;
const BUDGET = 6;
const SLOTS = 7;
const BLOCKS = 8;
const WHOLE = 9;
const LINK = 10;
const SUMS = 11;

/** States of a request that was preempted. */
const RUNS = 0;
const PREEMPTED = 1;
/** Admitted again after its first token. Its tokens are not computed completely yet. */
const RECOMPUTES = 2;

const SECONDS_PER_PICOSECOND = 1e-12;
const SECONDS_PER_NANOSECOND = 1e-9;

/** The growth of some sums between the start and the end of a phase of a request, added to columns. */
class Phase {
  private readonly sums: Float64Array;
  private readonly sources: readonly number[];
  private readonly columns: readonly Float64Array[];

  constructor(sums: Float64Array, parts: readonly (readonly [source: number, column: Float64Array])[]) {
    this.sums = sums;
    this.sources = parts.map(([source]) => source);
    this.columns = parts.map(([, column]) => column);
  }

  start(request: number): void {
    this.add(request, -1);
  }

  end(request: number): void {
    this.add(request, 1);
  }

  private add(request: number, sign: 1 | -1): void {
    const { sums, sources, columns } = this;
    for (let part = 0; part < sources.length; part++) {
      const column = columns[part] as Float64Array;
      column[request] = (column[request] as number) + sign * (sums[sources[part] as number] as number);
    }
  }
}

/**
 * Divides the time of each request by its causes, for a loop without look-ahead. The loop reports what happens between two steps, and then the
 * step. Requests share their steps, so sums over time suffice: a request gets their growth during each of its phases.
 */
export class CauseRecorder {
  readonly causes: RequestCauses;
  private readonly sums = new Float64Array(SUMS);
  private readonly state: SequenceState;
  private readonly waiting: Phase;
  private readonly prefill: Phase;
  private readonly decode: Phase;
  private readonly outOfPrefill: Phase;
  private readonly outOfDecode: Phase;
  private readonly preempted: Uint8Array;
  private readonly run: DecodeRun = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };
  /** Why requests wait during the step that runs. */
  private reason = STEP;

  constructor(state: SequenceState) {
    this.state = state;
    const count = state.requests.arrivalNanoseconds.length;
    const column = () => new Float64Array(count);
    const queue = { step: column(), budget: column(), slots: column(), blocks: column(), switching: column() };
    const prefill = {
      ownPrompt: column(),
      otherPrompts: column(),
      otherAnswers: column(),
      link: column(),
      preemption: column(),
      switching: column(),
    };
    const decode = {
      weights: column(),
      sequences: column(),
      kvCache: column(),
      link: column(),
      otherPrompts: column(),
      preemption: column(),
      switching: column(),
    };
    this.causes = { queue, prefill, decode };
    this.preempted = new Uint8Array(count);
    const { sums } = this;
    this.waiting = new Phase(sums, [
      [STEP, queue.step],
      [BUDGET, queue.budget],
      [SLOTS, queue.slots],
      [BLOCKS, queue.blocks],
      [SWITCHING, queue.switching],
    ]);
    this.prefill = new Phase(sums, [
      [PROMPTS, prefill.otherPrompts],
      [WEIGHTS, prefill.otherAnswers],
      [SEQUENCES, prefill.otherAnswers],
      [KV_CACHE, prefill.otherAnswers],
      [LINK, prefill.link],
      [SWITCHING, prefill.switching],
    ]);
    this.decode = new Phase(sums, [
      [WEIGHTS, decode.weights],
      [SEQUENCES, decode.sequences],
      [KV_CACHE, decode.kvCache],
      [LINK, decode.link],
      [PROMPTS, decode.otherPrompts],
      [SWITCHING, decode.switching],
    ]);
    this.outOfPrefill = new Phase(sums, [[WHOLE, prefill.preemption]]);
    this.outOfDecode = new Phase(sums, [[WHOLE, decode.preemption]]);
  }

  /** A step has ended with these tokens. */
  ended({ first, firstCount, last, lastCount }: StepOutputs): void {
    for (let n = 0; n < firstCount; n++) {
      this.prefill.end(first[n] as number);
      this.decode.start(first[n] as number);
    }
    for (let n = 0; n < lastCount; n++) this.decode.end(last[n] as number);
  }

  /** The requests from `from` on have arrived, during the last step or at its end. */
  arrived(from: number, nowNanoseconds: number): void {
    const { queue } = this.causes;
    const { arrivalNanoseconds } = this.state.requests;
    const column = [queue.switching, queue.step, queue.budget, queue.slots, queue.blocks][this.reason - SWITCHING];
    for (let request = from; request < this.state.nextArrival; request++) {
      const seconds = (nowNanoseconds - (arrivalNanoseconds[request] as number)) * SECONDS_PER_NANOSECOND;
      if (column !== undefined) column[request] = (column[request] as number) + seconds;
      this.waiting.start(request);
    }
  }

  /** A single step is planned. The counts are those before the plan. */
  planned(runningBefore: number, returnedBefore: number): void {
    const { state, preempted } = this;
    const { running, runningCount, requestOf, returned, returnedCount } = state;
    for (let n = returnedBefore; state.preempted && n < returnedCount; n++) this.preempt(returned[n] as number);
    for (let place = state.preempted ? runningCount : runningBefore; place < runningCount; place++) {
      const request = requestOf[running[place] as number] as number;
      if (preempted[request] === RUNS) {
        this.waiting.end(request);
        this.prefill.start(request);
      } else if (this.hasToken(request)) preempted[request] = RECOMPUTES;
      else {
        this.outOfPrefill.end(request);
        this.prefill.start(request);
        preempted[request] = RUNS;
      }
    }
    this.reason = this.reasonToWait(state.limits.tokens - state.work.tokens);
  }

  /** The step of the last plan takes this time. */
  advance(cost: StepCost, nanoseconds: number): void {
    const { state, sums } = this;
    const { work } = state;
    const seconds = nanoseconds * SECONDS_PER_NANOSECOND;
    let left = seconds;
    if (work.decodes > 0) {
      const { decodes, decodeContext, longestContext, burstDecodeContext } = work;
      cost.decodeRun(decodes, decodeContext, longestContext, this.run, burstDecodeContext);
      left -= this.addDecode(cost, work.decodes, 1, this.run.firstPicoseconds * SECONDS_PER_PICOSECOND, seconds);
    }
    const more = linkSeconds(cost, work.tokens) - (work.decodes > 0 ? linkSeconds(cost, work.decodes) : 0);
    const link = Math.max(0, Math.min(left, more));
    sums[LINK] = (sums[LINK] as number) + link;
    sums[PROMPTS] = (sums[PROMPTS] as number) + (left - link);
    this.pass(seconds);
    this.prompts(left - link);
  }

  /** A number of steps with the same decoding sequences takes this time. */
  advanceStretch(cost: StepCost, steps: number, nanoseconds: number): void {
    const { state } = this;
    this.reason = this.reasonToWait(state.limits.tokens - state.runningCount);
    const seconds = nanoseconds * SECONDS_PER_NANOSECOND;
    this.addDecode(cost, state.runningCount, steps, seconds, seconds);
    this.pass(seconds);
  }

  /** A change of the mode takes this time. */
  advanceSwitch(nanoseconds: number): void {
    const seconds = nanoseconds * SECONDS_PER_NANOSECOND;
    this.reason = SWITCHING;
    this.pass(seconds);
  }

  private pass(seconds: number): void {
    const { sums, reason } = this;
    sums[reason] = (sums[reason] as number) + seconds;
    sums[WHOLE] = (sums[WHOLE] as number) + seconds;
  }

  /** Adds the parts of decoding, of which there are at most `most` seconds. Returns their sum. */
  private addDecode(cost: StepCost, decodes: number, steps: number, whole: number, most: number): number {
    const { sums } = this;
    const seconds = Math.min(whole, most);
    const link = Math.min(seconds, steps * linkSeconds(cost, decodes));
    const rest = seconds - link;
    const weights = Math.min(rest, steps * unlinkedSeconds(cost, 1));
    const sequences = Math.max(0, Math.min(rest, steps * unlinkedSeconds(cost, decodes)) - weights);
    sums[LINK] = (sums[LINK] as number) + link;
    sums[WEIGHTS] = (sums[WEIGHTS] as number) + weights;
    sums[SEQUENCES] = (sums[SEQUENCES] as number) + sequences;
    sums[KV_CACHE] = (sums[KV_CACHE] as number) + (rest - weights - sequences);
    return seconds;
  }

  /** Gives each prompt of the step its share. */
  private prompts(seconds: number): void {
    const { state, preempted } = this;
    const { ownPrompt, otherPrompts } = this.causes.prefill;
    const { chunkRequests, chunkTokens, chunkCount, work } = state;
    for (let n = 0; n < chunkCount; n++) {
      const request = chunkRequests[n] as number;
      if (preempted[request] === RECOMPUTES) {
        if (state.decoding[state.slotOf[request] as number] === 0) continue;
        this.outOfDecode.end(request);
        this.decode.start(request);
        preempted[request] = RUNS;
        continue;
      }
      const own = (seconds * (chunkTokens[n] as number)) / work.prefillTokens;
      ownPrompt[request] = (ownPrompt[request] as number) + own;
      otherPrompts[request] = (otherPrompts[request] as number) - own;
    }
  }

  private preempt(request: number): void {
    const { preempted } = this;
    if (!this.hasToken(request)) {
      this.prefill.end(request);
      this.outOfPrefill.start(request);
    } else if (preempted[request] !== RECOMPUTES) {
      this.decode.end(request);
      this.outOfDecode.start(request);
    }
    preempted[request] = PREEMPTED;
  }

  private hasToken(request: number): boolean {
    return !Number.isNaN(this.state.firstNanoseconds[request]);
  }

  private reasonToWait(budget: number): number {
    const { state } = this;
    if (state.runningCount === state.limits.sequences) return SLOTS;
    if (state.waitingCount === 0) return STEP;
    if (state.preempted) return BLOCKS;
    // Without chunks, a prompt waits for a step that has room for all of it.
    const isTooLong = !state.limits.chunked && state.tokensOf(state.front()) > budget;
    return budget <= 0 || isTooLong ? BUDGET : BLOCKS;
  }
}

/** The time of one step on the link between chips. */
function linkSeconds(cost: StepCost, tokens: number): number {
  return (cost.linkPicoseconds?.(tokens) ?? 0) * SECONDS_PER_PICOSECOND;
}

/** The time of one step of decoding sequences without attention and without the link. */
function unlinkedSeconds(cost: StepCost, decodes: number): number {
  return cost.contextFreePicoseconds(decodes, decodes) * SECONDS_PER_PICOSECOND - linkSeconds(cost, decodes);
}

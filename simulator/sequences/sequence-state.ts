import type { BlockUnits, SequenceInput, SequenceLimits, SequenceRequests } from './input.ts';
import { KvBlocks } from './kv-blocks.ts';
import { PrefixCache } from './prefix-cache.ts';
import { noWork, type StepWork } from './step-cost.ts';

/** Outputs of a planned step that happen when the step ends. */
export class StepOutputs {
  /** Requests that get their first token. */
  readonly first: Int32Array;
  firstCount = 0;
  /** Requests that get their last token, in the order of the running sequences. */
  readonly last: Int32Array;
  lastCount = 0;

  constructor(sequences: number) {
    this.first = new Int32Array(sequences);
    this.last = new Int32Array(sequences);
  }

  get isEmpty(): boolean {
    return this.firstCount === 0 && this.lastCount === 0;
  }
}

/**
 * Requests, running sequences and blocks between two steps. A running sequence has a slot. The counts include planned
 * steps: with look-ahead, `produced` includes a token that the step in flight computes.
 */
export class SequenceState {
  readonly requests: SequenceRequests;
  readonly limits: SequenceLimits;
  readonly blocks: KvBlocks;
  private readonly units: BlockUnits | undefined;
  readonly prefixes: PrefixCache;
  readonly work: StepWork = noWork();
  /** The chunks of prompts in the planned step: request and new tokens. */
  readonly chunkRequests: Int32Array;
  readonly chunkTokens: Int32Array;
  chunkCount = 0;
  /** Whether the last plan preempted a sequence. */
  preempted = false;

  /** Slots in the order of admission. The last one is preempted first. */
  readonly running: Int32Array;
  runningCount = 0;
  /** Running sequences that have not finished their prefill. */
  prefillCount = 0;
  private readonly freeSlots: Int32Array;
  private freeSlotCount: number;

  /** By slot: the request, its tokens in the KV cache, the number of its blocks, and whether its prefill is done. */
  readonly requestOf: Int32Array;
  readonly computed: Int32Array;
  /** By slot: those of its tokens in the KV cache that have the format of burst mode. */
  readonly computedBurst: Int32Array;
  readonly blockCount: Int32Array;
  readonly decoding: Uint8Array;
  /** By slot: the number of the last plan that produced a token for the sequence. */
  readonly outputPlan: Float64Array;
  /** By slot: tokens whose blocks can be found by their identities, if full. */
  readonly findable: Int32Array;
  /** The blocks of slot s: table[s x stride] and following. */
  readonly table: Int32Array;
  readonly stride: number;

  /** By request: tokens produced or planned, and the slot (-1: not running). */
  readonly produced: Int32Array;
  readonly slotOf: Int32Array;
  /** By request: when it was admitted first, its output tokens of steps in burst mode or with keys of its format, and how often it was preempted. */
  readonly admittedNanoseconds: Float64Array;
  readonly burstTokens: Int32Array;
  readonly preemptionsOf: Int32Array;
  /** By request: the steps that computed its prompt, until its first token. */
  readonly chunksOf: Int32Array;
  /** By request: when it got its first token. NaN: not yet. The loop stamps it. */
  readonly firstNanoseconds: Float64Array;
  /** The time of the plan, and whether it is for a step in burst mode. */
  nowNanoseconds = 0;
  isBurst = false;
  /** Preempted requests. The last one is the front of the waiting queue. */
  readonly returned: Int32Array;
  returnedCount = 0;
  /** Requests that wait for their first admission: nextFresh to nextArrival - 1, except dropped ones. */
  nextFresh = 0;
  nextArrival = 0;
  waitingCount = 0;
  dropped = 0;
  droppedTokens = 0;

  plans = 0;
  steps = 0;
  preemptions = 0;
  cachedTokens = 0;
  /** Prompt tokens that steps have computed. Tokens that are computed again after a preemption count again. */
  prefillTokens = 0;
  outputTokens = 0;
  /** Dynamic energy of the steps, if it is counted. */
  joules = 0;

  constructor({ requests, limits }: SequenceInput) {
    this.requests = requests;
    this.limits = limits;
    this.units = limits.blockUnits;
    this.blocks = new KvBlocks(limits.blocks, limits.blockUnits);
    const count = requests.arrivalNanoseconds.length;
    let longest = 1;
    for (let r = 0; r < count; r++) {
      const tokens = (requests.inputTokens[r] as number) + (requests.outputTokens[r] as number);
      if (tokens > longest) longest = tokens;
    }
    const longestBlocks = Math.ceil(longest / limits.blockTokens);
    this.stride = Math.max(1, Math.min(this.blocks.count, longestBlocks));
    const slots = Math.max(1, Math.min(limits.sequences, count));
    this.running = new Int32Array(slots);
    this.freeSlots = Int32Array.from({ length: slots }, (_, n) => slots - 1 - n);
    this.freeSlotCount = slots;
    this.chunkRequests = new Int32Array(slots);
    this.chunkTokens = new Int32Array(slots);
    this.requestOf = new Int32Array(slots);
    this.computed = new Int32Array(slots);
    this.computedBurst = new Int32Array(slots);
    this.blockCount = new Int32Array(slots);
    this.decoding = new Uint8Array(slots);
    this.outputPlan = new Float64Array(slots);
    this.findable = new Int32Array(slots);
    this.table = new Int32Array(slots * this.stride);
    this.produced = new Int32Array(count);
    this.slotOf = new Int32Array(count).fill(-1);
    this.admittedNanoseconds = new Float64Array(count).fill(Number.NaN);
    this.burstTokens = new Int32Array(count);
    this.firstNanoseconds = new Float64Array(count).fill(Number.NaN);
    this.preemptionsOf = new Int32Array(count);
    this.chunksOf = new Int32Array(count);
    this.returned = new Int32Array(slots + 1);
    this.prefixes = new PrefixCache(requests, limits, this.blocks, longestBlocks);
  }

  /** Tokens that must be in the KV cache before the next token is produced: the input, and the output so far. */
  tokensOf(request: number): number {
    return (this.requests.inputTokens[request] as number) + (this.produced[request] as number);
  }

  /** Whether all tokens of a request are planned. It keeps its slot and blocks until its last step ends. */
  isPlanned(request: number): boolean {
    return this.produced[request] === this.requests.outputTokens[request];
  }

  /** Adds the requests that have arrived until now to the waiting queue. */
  takeArrivals(nowNanoseconds: number): void {
    const { arrivalNanoseconds, inputTokens, outputTokens } = this.requests;
    const count = arrivalNanoseconds.length;
    while (this.nextArrival < count && (arrivalNanoseconds[this.nextArrival] as number) <= nowNanoseconds) {
      const r = this.nextArrival++;
      const tokens = (inputTokens[r] as number) + (outputTokens[r] as number);
      if (this.canEverRun(tokens)) this.waitingCount++;
      else {
        this.dropped++;
        this.droppedTokens += outputTokens[r] as number;
      }
    }
  }

  /** Whether steps of burst mode write blocks of another format. */
  get hasTwoFormats(): boolean {
    return this.units !== undefined;
  }

  /** Whether the planned step takes blocks in the format of burst mode. */
  get writesBurst(): boolean {
    return this.isBurst && this.units !== undefined;
  }

  /** The memory of a block that a step takes. */
  newBlockUnits(isBurst: boolean): number {
    if (this.units === undefined) return 1;
    return isBurst ? this.units.burst : this.units.base;
  }

  /**
   * The last token is produced and never computed on, so it needs no place in the cache. All of its blocks may be taken in the mode whose blocks
   * are larger.
   */
  canEverRun(tokens: number): boolean {
    const { blockTokens, chunked, longestChunk, tokens: budget } = this.limits;
    const largest = this.units === undefined ? 1 : Math.max(this.units.base, this.units.burst);
    if (Math.ceil((tokens - 1) / blockTokens) * largest > this.blocks.capacity) return false;
    return chunked || longestChunk > 0 || tokens - 1 <= budget;
  }

  /** The request at the front of the waiting queue, which must not be empty. */
  front(): number {
    if (this.returnedCount > 0) return this.returned[this.returnedCount - 1] as number;
    const { inputTokens, outputTokens } = this.requests;
    for (;;) {
      const r = this.nextFresh;
      if (this.canEverRun((inputTokens[r] as number) + (outputTokens[r] as number))) return r;
      this.nextFresh++;
    }
  }

  /** Gives the front of the waiting queue a slot at the end of the running sequences. */
  admitFront(): number {
    const request = this.front();
    if (this.returnedCount > 0) this.returnedCount--;
    else {
      this.nextFresh++;
      this.admittedNanoseconds[request] = this.nowNanoseconds;
    }
    this.waitingCount--;
    const slot = this.freeSlots[--this.freeSlotCount] as number;
    this.running[this.runningCount++] = slot;
    this.requestOf[slot] = request;
    this.slotOf[request] = slot;
    this.computed[slot] = 0;
    this.computedBurst[slot] = 0;
    this.blockCount[slot] = 0;
    this.decoding[slot] = 0;
    this.outputPlan[slot] = -2;
    this.findable[slot] = 0;
    this.prefillCount++;
    return slot;
  }

  /** Takes blocks for `tokens` tokens in all. The caller has checked that they are free. */
  growTo(slot: number, tokens: number): void {
    const needed = Math.ceil(tokens / this.limits.blockTokens);
    while ((this.blockCount[slot] as number) < needed) this.addBlock(slot);
  }

  addBlock(slot: number): void {
    const count = this.blockCount[slot] as number;
    this.table[slot * this.stride + count] = this.blocks.take(this.writesBurst);
    this.blockCount[slot] = count + 1;
  }

  /** Counts the tokens of a sequence between two numbers of them that are in blocks of the format of burst mode. */
  countBurst(slot: number, from: number, to: number): void {
    if (this.units === undefined) return;
    const { blockTokens } = this.limits;
    let count = 0;
    for (let block = Math.floor(from / blockTokens); block * blockTokens < to; block++) {
      if (!this.blocks.isBurst(this.table[slot * this.stride + block] as number)) continue;
      count += Math.min(to, (block + 1) * blockTokens) - Math.max(from, block * blockTokens);
    }
    this.computedBurst[slot] = (this.computedBurst[slot] as number) + count;
  }

  /** Preempts the last running sequence. It keeps its tokens and waits at the front. */
  preemptLast(): number {
    const slot = this.running[this.runningCount - 1] as number;
    const request = this.requestOf[slot] as number;
    this.prefixes.rememberAll(request, this.table, slot * this.stride, this.findable[slot] as number);
    this.releaseSlot(slot, this.runningCount - 1);
    this.preemptions++;
    this.preemptionsOf[request] = (this.preemptionsOf[request] as number) + 1;
    // If all of its tokens are planned, it ends with the step in flight and has no further work.
    if (!this.isPlanned(request)) {
      this.returned[this.returnedCount++] = request;
      this.waitingCount++;
    }
    return slot;
  }

  /** Ends a request. It has no slot if it was preempted while its last step ran. */
  finish(request: number): void {
    const slot = this.slotOf[request] as number;
    if (slot < 0) return;
    let place = 0;
    while (this.running[place] !== slot) place++;
    this.releaseSlot(slot, place);
  }

  /** The last block is released first, so that it is also reused first. */
  private releaseSlot(slot: number, place: number): void {
    const start = slot * this.stride;
    for (let b = (this.blockCount[slot] as number) - 1; b >= 0; b--)
      this.blocks.release(this.table[start + b] as number);
    this.running.copyWithin(place, place + 1, this.runningCount);
    this.runningCount--;
    if (this.decoding[slot] === 0) this.prefillCount--;
    this.slotOf[this.requestOf[slot] as number] = -1;
    this.freeSlots[this.freeSlotCount++] = slot;
  }
}

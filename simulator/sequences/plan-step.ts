import type { SequenceState, StepOutputs } from './sequence-state.ts';

/**
 * Plans one step as vLLM V1 does, and writes its work to `state.work`.
 *
 * 1. Each running sequence, in the order of admission, gets its remaining prompt or its next token, within the budget. If
 *    no block is free, the last running sequence is preempted, until there is a block or the sequence itself was preempted.
 * 2. If nothing was preempted, waiting requests are admitted in their order while sequences, budget and blocks last.
 */
export function planStep(state: SequenceState, outputs: StepOutputs): void {
  clearWork(state);
  state.plans++;
  state.preempted = false;
  const budget = planRunning(state, outputs);
  if (!state.preempted) admit(state, outputs, budget);
  if (state.work.sequences > 0) state.steps++;
}

/** Whether the front of the waiting queue fits beside the running sequences now, with `budget` tokens left in a step of a mode. */
export function canAdmit(state: SequenceState, budget: number, isBurst = state.isBurst): boolean {
  const { limits, blocks, prefixes } = state;
  if (state.waitingCount === 0 || budget <= 0 || state.runningCount === limits.sequences) return false;
  const request = state.front();
  const tokens = state.tokensOf(request);
  const hits = prefixes.hits(request, tokens);
  const cached = hits * limits.blockTokens;
  const chunk = firstChunk(state, tokens - cached, budget);
  if (chunk === 0) return false;
  const taken = limits.wholeInput ? tokens : cached + chunk;
  const needed = (Math.ceil(taken / limits.blockTokens) - hits) * state.newBlockUnits(isBurst);
  if (needed > blocks.free) return false;
  return needed + prefixes.freeHits(request, hits) <= blocks.free;
}

function clearWork(state: SequenceState): void {
  const { work } = state;
  state.chunkCount = 0;
  work.tokens = 0;
  work.sequences = 0;
  work.prefillTokens = 0;
  work.prefillContext = 0;
  work.decodes = 0;
  work.decodeContext = 0;
  work.longestContext = 0;
  work.prefillKeys = 0;
  work.burstPrefillKeys = 0;
  work.burstDecodeContext = 0;
}

function cutChunk(state: SequenceState, remaining: number): number {
  const { longestChunk } = state.limits;
  return longestChunk > 0 && longestChunk < remaining ? longestChunk : remaining;
}

/** New tokens of an admitted prompt with `remaining` tokens. 0: the prompt cannot be divided and does not fit. */
function firstChunk(state: SequenceState, remaining: number, budget: number): number {
  const most = cutChunk(state, remaining);
  if (most <= budget) return most;
  return state.limits.chunked ? budget : 0;
}

/** Returns the budget that is left. */
function planRunning(state: SequenceState, outputs: StepOutputs): number {
  const { limits, blocks } = state;
  let budget = limits.tokens;
  for (let place = 0; place < state.runningCount && budget > 0; place++) {
    const slot = state.running[place] as number;
    const request = state.requestOf[slot] as number;
    if (state.isPlanned(request)) continue;
    const chunk = Math.min(cutChunk(state, state.tokensOf(request) - (state.computed[slot] as number)), budget);
    const tokens = (state.computed[slot] as number) + chunk;
    const needed =
      (Math.ceil(tokens / limits.blockTokens) - (state.blockCount[slot] as number)) *
      state.newBlockUnits(state.isBurst);
    while (needed > blocks.free) {
      state.preempted = true;
      if (state.preemptLast() === slot) return budget;
    }
    schedule(state, outputs, slot, chunk);
    budget -= chunk;
  }
  return budget;
}

function admit(state: SequenceState, outputs: StepOutputs, budgetLeft: number): void {
  let budget = budgetLeft;
  while (canAdmit(state, budget)) {
    const slot = state.admitFront();
    const request = state.requestOf[slot] as number;
    const tokens = state.tokensOf(request);
    const hits = state.prefixes.hits(request, tokens);
    state.prefixes.shareInto(request, hits, state.table, slot * state.stride);
    const cached = hits * state.limits.blockTokens;
    state.blockCount[slot] = hits;
    state.computed[slot] = cached;
    state.countBurst(slot, 0, cached);
    state.findable[slot] = cached;
    state.cachedTokens += cached;
    const chunk = firstChunk(state, tokens - cached, budget);
    schedule(state, outputs, slot, chunk);
    budget -= chunk;
  }
}

/** Adds `chunk` tokens of a sequence to the step. */
function schedule(state: SequenceState, outputs: StepOutputs, slot: number, chunk: number): void {
  const { work } = state;
  const request = state.requestOf[slot] as number;
  const before = state.computed[slot] as number;
  const after = before + chunk;
  const tokens = state.tokensOf(request);
  state.growTo(slot, after);
  state.computed[slot] = after;
  state.countBurst(slot, before, after);
  remember(state, slot, request, after, tokens);
  work.tokens += chunk;
  work.sequences++;
  if (state.decoding[slot] === 1) {
    work.decodes++;
    work.decodeContext += after;
    work.burstDecodeContext += state.computedBurst[slot] as number;
    if (after > work.longestContext) work.longestContext = after;
  } else {
    work.prefillTokens += chunk;
    state.prefillTokens += chunk;
    if (state.produced[request] === 0) state.chunksOf[request] = (state.chunksOf[request] as number) + 1;
    work.prefillContext += chunk * before;
    work.prefillKeys += chunk * after;
    work.burstPrefillKeys += chunk * (state.computedBurst[slot] as number);
    state.chunkRequests[state.chunkCount] = request;
    state.chunkTokens[state.chunkCount++] = chunk;
  }
  if (after < tokens) return;
  if (state.decoding[slot] === 0) {
    state.decoding[slot] = 1;
    state.prefillCount--;
  }
  const produced = (state.produced[request] as number) + 1;
  state.produced[request] = produced;
  state.outputTokens++;
  const isOfBurst = state.isBurst || (state.computedBurst[slot] as number) > 0;
  if (isOfBurst) state.burstTokens[request] = (state.burstTokens[request] as number) + 1;
  state.outputPlan[slot] = state.plans;
  if (produced === 1) outputs.first[outputs.firstCount++] = request;
  if (produced === state.requests.outputTokens[request]) outputs.last[outputs.lastCount++] = request;
}

/** With look-ahead, the token that the step in flight produces is not known yet, and its block cannot be found by it. */
function remember(state: SequenceState, slot: number, request: number, after: number, tokens: number): void {
  const inFlight = state.limits.lookAhead && state.outputPlan[slot] === state.plans - 1;
  const known = inFlight ? tokens - 1 : tokens;
  const findable = after < known ? after : known;
  const before = state.findable[slot] as number;
  if (findable <= before) return;
  state.findable[slot] = findable;
  if (state.decoding[slot] === 0) {
    state.prefixes.rememberPrompt(request, state.table, slot * state.stride, before, findable);
  }
}

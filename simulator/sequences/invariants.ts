import type { SequenceState } from './sequence-state.ts';

/*
 * Conditions that are true in every correct run. They are cheap, so they are always checked. A violated condition is a bug
 * in Stimpack: the run throws an error with the values, and shows no result.
 */

export function broken(law: string, facts: string): never {
  throw new Error(`simulator bug: ${law} is violated: ${facts}`);
}

/** The budget of tokens, the number of sequences, and the blocks of a planned step. */
export function checkStep(state: SequenceState): void {
  const { work, limits, blocks, runningCount } = state;
  if (work.tokens > limits.tokens) broken('tokens of a step <= budget', `${work.tokens} of ${limits.tokens}`);
  if (runningCount > limits.sequences) broken('running <= limit', `${runningCount} of ${limits.sequences}`);
  if (blocks.free < 0 || blocks.free > blocks.capacity) {
    broken('free + used blocks = capacity', `${blocks.free} free of ${blocks.capacity}`);
  }
}

/** The first and last token of each request, as far as the loop stamped them. */
interface Times {
  readonly arrival: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
}

/** At the end, nothing runs: tokens in = tokens out + tokens of dropped requests, all blocks are free, and causality. */
export function checkEnd(state: SequenceState, times: Times): void {
  const { blocks, outputTokens, droppedTokens, dropped } = state;
  const { outputTokens: asked } = state.requests;
  let tokens = 0;
  let finished = 0;
  for (let r = 0; r < asked.length; r++) {
    tokens += asked[r] as number;
    const first = times.first[r] as number;
    const last = times.last[r] as number;
    if (Number.isNaN(first) && Number.isNaN(last)) continue;
    finished++;
    if ((times.arrival[r] as number) <= first && first <= last) continue;
    broken('arrival <= first token <= last token', `request ${r}: ${times.arrival[r]}, ${first}, ${last} ns`);
  }
  if (tokens !== outputTokens + droppedTokens) {
    broken('tokens in = out + dropped', `${tokens} in, ${outputTokens} out, ${droppedTokens} dropped`);
  }
  if (finished + dropped !== asked.length) {
    broken('requests in = finished + dropped', `${asked.length} in, ${finished} finished, ${dropped} dropped`);
  }
  if (blocks.free !== blocks.capacity) broken('free + used blocks = capacity', `${blocks.used} used at the end`);
}

import { assertNever } from './assert-never.ts';
import type { Arrivals, Serve } from './scenario.ts';
import type { SequenceServing, TokenCounts } from './sequences.ts';

/** A serve of a language model. */
export type SequenceServe = Serve & { readonly sequences: SequenceServing };

export function servesSequences(serve: Serve): serve is SequenceServe {
  return serve.sequences !== undefined;
}

/** The tokens of a trace's requests in one direction. undefined: the arrivals have no such column. */
export function recordedTokens(arrivals: Arrivals, direction: 'in' | 'out'): Float32Array | undefined {
  if (arrivals.kind !== 'trace') return undefined;
  return direction === 'in' ? arrivals.promptTokens : arrivals.outputTokens;
}

/** Whether a run draws the tokens of its requests at random. Traffic with them is no recording, even if its arrivals are those of a trace. */
export function drawsTokens({
  inputTokens,
  outputTokens,
}: Pick<SequenceServing, 'inputTokens' | 'outputTokens'>): boolean {
  return isDrawn(inputTokens) || isDrawn(outputTokens);
}

function isDrawn(counts: TokenCounts): boolean {
  switch (counts.kind) {
    case 'constant':
    case 'recorded':
      return false;
    case 'uniform':
      return counts.least < counts.most;
    case 'lognormal':
      return counts.sigma > 0;
    case 'empirical':
      return new Set(counts.values).size > 1;
    default:
      return assertNever(counts);
  }
}

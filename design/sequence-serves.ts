import type { Arrivals, Serve } from './scenario.ts';
import type { SequenceServing } from './sequences.ts';

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

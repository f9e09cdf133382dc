import type { Caveat } from './caveat.ts';
import type { StoredFormat } from './number-format.ts';
import type { TensorParallel } from './tensor-parallel.ts';

/* How a language model is served: tokens in and out, and the limits of a step. docs/sequences.md explains the terms. */

/** The tokens of the requests, in or out. Every count is a whole number, 1 or greater. */
export type TokenCounts =
  | { readonly kind: 'constant'; readonly tokens: number }
  /** Every whole number from `least` to `most` is equally likely. */
  | { readonly kind: 'uniform'; readonly least: number; readonly most: number }
  /** The logarithm has a normal distribution with the standard deviation `sigma`. `mean` is that of the counts, before rounding. */
  | { readonly kind: 'lognormal'; readonly mean: number; readonly sigma: number }
  /** Each of the values is equally likely. */
  | { readonly kind: 'empirical'; readonly values: readonly number[] }
  /** The column of the trace. */
  | { readonly kind: 'recorded' };

/** Continuous batching: the limits of one step. */
export interface StepLimits {
  /** Sequences that run at the same time. */
  readonly sequences: number;
  /** New tokens of one step. */
  readonly tokens: number;
  /** Whether a prompt can be divided among steps. */
  readonly chunked: boolean;
  /** The compiled shapes of a step, ascending; the last one is at least `tokens`. Absent: steps are not padded. */
  readonly buckets?: readonly number[];
}

/** The serving of a model that is open in tokens. */
export interface SequenceServing {
  readonly inputTokens: TokenCounts;
  readonly outputTokens: TokenCounts;
  /** Tokens at the start of each prompt that are equal in all requests, as a system prompt is. Absent: none. */
  readonly sharedTokens?: number;
  /** What a run assumes about prompts that are shorter. Absent: nothing. */
  readonly caveats?: readonly Caveat[];
  readonly limits: StepLimits;
  readonly kv: {
    /** Absent: the format of the mode. */
    readonly format?: StoredFormat;
    /** What steps in burst mode write. Absent: see `writtenFormats`. */
    readonly burst?: StoredFormat;
    /** Tokens of one block. */
    readonly blockTokens: number;
    /** Present if a request never uses the blocks of another one. */
    readonly isPrivate?: true;
  };
  /** Absent: one chip has the whole network. */
  readonly parallel?: TensorParallel;
}

/**
 * Which prompts of a trace begin with the same tokens. Request r has identities[starts[r]] to identities[starts[r + 1] - 1], one for each block of
 * its prompt; the last block can be shorter. An identity identifies the tokens of its block and all tokens before it.
 */
export interface PromptHashes {
  /** Numbers from 0. */
  readonly identities: Uint32Array;
  /** One more than there are requests. */
  readonly starts: Uint32Array;
  readonly blockTokens: number;
}

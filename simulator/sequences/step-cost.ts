/**
 * The work of one step: chunks of prompts (prefill) and one token of each decoding sequence. The loop reuses one object, so
 * a cost must not keep it.
 */
export interface StepWork {
  /** New tokens of all sequences. */
  tokens: number;
  /** Sequences in the step, each of which has at least one new token. */
  sequences: number;
  /** New tokens of the sequences in prefill: the sum of the chunks. */
  prefillTokens: number;
  /** Cached tokens of the sequences in prefill, weighted by their chunks: the sum of chunk x cached tokens. */
  prefillContext: number;
  /** Decoding sequences. */
  decodes: number;
  /** Tokens in the KV cache of all decoding sequences, with the new tokens. */
  decodeContext: number;
  /** The largest context of a decoding sequence, with its new token. 0 without decoding sequences. */
  longestContext: number;
  /** Tokens whose keys the sequences in prefill read, weighted by their chunks: the sum of chunk x tokens after the chunk. */
  prefillKeys: number;
  /** Those of `prefillKeys` in the format of burst mode. */
  burstPrefillKeys: number;
  /** Those of `decodeContext` in the format of burst mode. */
  burstDecodeContext: number;
}

export function noWork(): StepWork {
  return {
    tokens: 0,
    sequences: 0,
    prefillTokens: 0,
    prefillContext: 0,
    decodes: 0,
    decodeContext: 0,
    longestContext: 0,
    prefillKeys: 0,
    burstPrefillKeys: 0,
    burstDecodeContext: 0,
  };
}

/** Makes `work` that of a step that only decodes. `longestContext` and the others include the new tokens. */
export function setDecodes(
  work: StepWork,
  decodes: number,
  decodeContext: number,
  longestContext: number,
  burstDecodeContext: number,
): void {
  work.tokens = decodes;
  work.sequences = decodes;
  work.prefillTokens = 0;
  work.prefillContext = 0;
  work.decodes = decodes;
  work.decodeContext = decodeContext;
  work.longestContext = longestContext;
  work.burstDecodeContext = burstDecodeContext;
}

/** Consecutive steps of the same decoding sequences: step j (from 0) takes first + j x growth, for j < steps. */
export interface DecodeRun {
  firstPicoseconds: number;
  growthPicoseconds: number;
  /** Infinity if the line has no end. */
  steps: number;
}

/**
 * The time of a step in whole picoseconds. Whole numbers make sums exact: the sum of many steps in closed form equals the
 * steps one by one. A step must be shorter than 9,000 s (2^53 ps).
 */
export interface StepCost {
  picoseconds(work: StepWork): number;
  /**
   * Fills `run` for a step that only decodes, and the steps after it. Each step adds one token to each context. The times
   * must equal those of `picoseconds`. `burstContext`: the part of the context in the format of burst mode.
   */
  decodeRun(decodes: number, decodeContext: number, longestContext: number, run: DecodeRun, burstContext: number): void;
  /** The part of a step that does not depend on any context: all of it except attention. */
  contextFreePicoseconds(tokens: number, sequences: number): number;
  /** The part of it that several chips need to exchange partial results. Absent: one chip. */
  linkPicoseconds?(tokens: number): number;
}

/** All in whole picoseconds. Factors that are 0 can be left out. */
export interface LinearCosts {
  /** Of each step. */
  readonly fixed?: number;
  /** Reading the weights once. Products take this time or `perToken` x tokens, whichever is longer. */
  readonly weights?: number;
  /** For each new token. */
  readonly perToken?: number;
  /** For each sequence of the step. */
  readonly perSequence?: number;
  /** For each token in the KV cache of a decoding sequence. */
  readonly perContext?: number;
  /** For each pair of a new prompt token and a token in the cache before its chunk. */
  readonly perPrefillPair?: number;
}

/** Costs that are linear in the work, except that products are bound by the weights or by the tokens. */
export class LinearStepCost implements StepCost {
  private readonly costs: Required<LinearCosts>;

  constructor(costs: LinearCosts) {
    this.costs = { fixed: 0, weights: 0, perToken: 0, perSequence: 0, perContext: 0, perPrefillPair: 0, ...costs };
  }

  picoseconds(work: StepWork): number {
    const { fixed, weights, perToken, perSequence, perContext, perPrefillPair } = this.costs;
    return (
      fixed +
      Math.max(weights, perToken * work.tokens) +
      perSequence * work.sequences +
      perContext * work.decodeContext +
      perPrefillPair * work.prefillContext
    );
  }

  decodeRun(decodes: number, decodeContext: number, _longestContext: number, run: DecodeRun): void {
    const { fixed, weights, perToken, perSequence, perContext } = this.costs;
    run.firstPicoseconds =
      fixed + Math.max(weights, perToken * decodes) + perSequence * decodes + perContext * decodeContext;
    run.growthPicoseconds = perContext * decodes;
    run.steps = Number.POSITIVE_INFINITY;
  }

  contextFreePicoseconds(tokens: number, sequences: number): number {
    const { fixed, weights, perToken, perSequence } = this.costs;
    return fixed + Math.max(weights, perToken * tokens) + perSequence * sequences;
  }
}

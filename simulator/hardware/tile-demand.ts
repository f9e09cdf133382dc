/**
 * The work of one layer before it is divided into tiles. Times are in seconds, so that bytes divided by bandwidth are exactly monotone in every
 * rate. Cycles are integers wherever the hardware counts them.
 */
export interface LayerDemand {
  computeSeconds: number;
  vectorSeconds: number;
  quantizeSeconds: number;
  /** What follows the last conversion: the load and the drain of the last fold, and all rows of a group that stream past it. 0 unless the chip states it. */
  lastFoldSeconds: number;
  lastFoldRowSeconds: number;
  /** Fixed costs that overlap with no other stage. Tiles do not depend on them. */
  dispatchSeconds: number;
  /** Weights by source, each byte once. Both are positive if only a part of the weights is resident. */
  weightHbmBytes: number;
  weightCmemBytes: number;
  /** Weights in the working scratchpad, in the format that the array reads. */
  weightVmemBytes: number;
  /** Inputs that are not already in the working scratchpad, each byte once. */
  inputHbmBytes: number;
  inputCmemBytes: number;
  /** Outputs that do not stay in the working scratchpad. */
  outputHbmBytes: number;
  outputCmemBytes: number;
  /** Partial sums of all outputs in the format of the accumulators. */
  partialBytes: number;
  /** Bytes that the arrays and the vector unit read from and write to the working scratchpad. */
  workingBytes: number;
  /** Groups that share no operand: each is a separate product, and they run one after another. */
  groups: number;
  /** Rows of activations of one group, and the rows of the input that two neighbouring tiles of a convolution both read. */
  rows: number;
  overlapRows: number;
  /** Folds of the array along the outputs and along the reduction of one group. */
  outputFolds: number;
  reductionFolds: number;
  /** Rows that stream past a fold while the next fold loads: a tile with fewer rows makes the array wait. */
  loadRows: number;
  /** Cycles of a fold in addition to its rows: loading, filling and draining if nothing hides them. Otherwise 0. */
  exposedCycles: number;
  /** Products that depend on each other (recurrence), and the fraction of the weights that each of them reads again. */
  steps: number;
  repeatedWeightFraction: number;
}

/** A demand without work, for a caller that overwrites its fields. */
export function emptyDemand(): LayerDemand {
  return {
    computeSeconds: 0,
    vectorSeconds: 0,
    quantizeSeconds: 0,
    lastFoldSeconds: 0,
    lastFoldRowSeconds: 0,
    dispatchSeconds: 0,
    weightHbmBytes: 0,
    weightCmemBytes: 0,
    weightVmemBytes: 0,
    inputHbmBytes: 0,
    inputCmemBytes: 0,
    outputHbmBytes: 0,
    outputCmemBytes: 0,
    partialBytes: 0,
    workingBytes: 0,
    groups: 1,
    rows: 1,
    overlapRows: 0,
    outputFolds: 1,
    reductionFolds: 1,
    loadRows: 1,
    exposedCycles: 0,
    steps: 1,
    repeatedWeightFraction: 0,
  };
}

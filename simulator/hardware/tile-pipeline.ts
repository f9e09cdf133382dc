import type { Npu } from '../../design/index.ts';

/**
 * The work of one layer before it is divided into tiles. Times are in seconds, so that bytes divided by bandwidth are exactly monotone in every
 * rate. Cycles are integers wherever the hardware counts them.
 */
export interface LayerDemand {
  computeSeconds: number;
  vectorSeconds: number;
  quantizeSeconds: number;
  /** Weights by source, each byte once. One of the two is 0. */
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
  /** Bytes that the arrays and the vector unit read from and write to the working scratchpad. */
  workingBytes: number;
  /** Groups that share no operand: each is a separate product, and they run one after another. */
  groups: number;
  /** The finest division of a group along outputs, rows and reduction. A share is not smaller than one fold of an array. */
  maxOutputs: number;
  maxRows: number;
  maxReduction: number;
  /** Products that depend on each other (recurrence), and the fraction of the weights that each of them reads again. */
  steps: number;
  repeatedWeightFraction: number;
}

/** The chosen tiling and its cost. */
export interface TiledCost {
  seconds: number;
  hbmSeconds: number;
  cmemSeconds: number;
  vmemSeconds: number;
  quantizeSeconds: number;
  hbmBytes: number;
  cmemBytes: number;
  vmemBytes: number;
  /** Tiles of the outer loop, and the number of times that each operand is loaded. */
  tiles: number;
  weightLoads: number;
  inputLoads: number;
  /** Bytes of the working scratchpad that the tiles need, including double buffers. */
  tileBytes: number;
}

export function emptyDemand(): LayerDemand {
  return {
    computeSeconds: 0,
    vectorSeconds: 0,
    quantizeSeconds: 0,
    weightHbmBytes: 0,
    weightCmemBytes: 0,
    weightVmemBytes: 0,
    inputHbmBytes: 0,
    inputCmemBytes: 0,
    outputHbmBytes: 0,
    outputCmemBytes: 0,
    workingBytes: 0,
    groups: 1,
    maxOutputs: 1,
    maxRows: 1,
    maxReduction: 1,
    steps: 1,
    repeatedWeightFraction: 0,
  };
}

export function emptyCost(): TiledCost {
  return {
    seconds: 0,
    hbmSeconds: 0,
    cmemSeconds: 0,
    vmemSeconds: 0,
    quantizeSeconds: 0,
    hbmBytes: 0,
    cmemBytes: 0,
    vmemBytes: 0,
    tiles: 1,
    weightLoads: 1,
    inputLoads: 1,
    tileBytes: 0,
  };
}

/** Half of the working scratchpad buffers tiles; the other half keeps activations between layers. Our assumption. */
export function tileCapacityBytes(npu: Npu): number {
  return npu.vmem.capacityBytes / 2;
}

/**
 * Finds the fastest tiling among those that fit, and writes its cost into `cost`.
 *
 * A tile consists of whole folds of the array, or whole multiples of its rows. The last tile may be smaller.
 * The candidates depend only on the layer and the array. A larger scratchpad only allows more of them, so more capacity or bandwidth never
 * makes a layer slower:
 * - outputs outside, rows inside: weights are loaded once; inputs once if they are kept completely, otherwise for each tile of outputs;
 * - rows outside, outputs inside: inputs are loaded once; weights once if they are kept completely, otherwise for each tile of rows;
 * - nothing kept: the smallest tiles; each operand is loaded for every tile of the other dimension.
 */
export function tile(demand: LayerDemand, npu: Npu, cost: TiledCost): void {
  const capacity = tileCapacityBytes(npu);
  const { groups, maxOutputs, maxRows, maxReduction } = demand;
  const weights = demand.weightVmemBytes / groups;
  const inputs = (demand.inputHbmBytes + demand.inputCmemBytes) / groups;
  const outputs = (demand.outputHbmBytes + demand.outputCmemBytes) / groups;
  const smallest = maxOutputs * maxRows;
  const outputTile = (2 * outputs) / smallest;
  cost.seconds = Number.POSITIVE_INFINITY;

  if (demand.steps > 1) {
    // Every step of a recurrence reads all its weights: they are kept, or stream again at every step.
    const kept = (weights + (2 * (inputs + outputs)) / demand.steps) * groups;
    const repeated = 1 + (demand.steps - 1) * demand.repeatedWeightFraction;
    if (kept <= capacity) consider(demand, npu, cost, demand.steps, 1, 1, true, false, kept);
    const slice = 2 * (weights / (maxOutputs * maxReduction) + (inputs + outputs) / demand.steps);
    consider(demand, npu, cost, demand.steps, repeated, 1, false, false, slice);
    return;
  }

  for (let count = 1; ; count = Math.min(finer(count), maxOutputs)) {
    const foldsOfTile = Math.ceil(maxOutputs / count);
    const tiles = Math.ceil(maxOutputs / foldsOfTile);
    const buffers = (2 * weights * foldsOfTile) / maxOutputs + outputTile;
    if (inputs + buffers <= capacity) consider(demand, npu, cost, tiles, 1, 1, false, true, inputs + buffers);
    const restream = (2 * inputs) / maxRows + buffers;
    if (inputs > 0 && count > 1 && restream <= capacity)
      consider(demand, npu, cost, tiles, 1, tiles, false, false, restream);
    if (count === maxOutputs) break;
  }
  for (let count = 1; ; count = Math.min(finer(count), maxRows)) {
    const rowsOfTile = Math.ceil(maxRows / count);
    const tiles = Math.ceil(maxRows / rowsOfTile);
    const buffers = (2 * inputs * rowsOfTile) / maxRows + outputTile;
    if (weights + buffers <= capacity) consider(demand, npu, cost, tiles, 1, 1, true, false, weights + buffers);
    const restream = (2 * weights) / maxOutputs + buffers;
    if (weights > 0 && count > 1 && restream <= capacity)
      consider(demand, npu, cost, tiles, tiles, 1, false, false, restream);
    if (count === maxRows) break;
  }
  const finest = (2 * weights) / (maxOutputs * maxReduction) + (2 * inputs) / (maxRows * maxReduction) + outputTile;
  consider(demand, npu, cost, smallest, maxRows, maxOutputs, false, false, finest);
}

/** The next number of tiles to try: 1, 2, 3, 4, 6, 8, 12, ... */
function finer(count: number): number {
  if (count === 1) return 2;
  return (count & (count - 1)) === 0 ? (3 * count) / 2 : (4 * count) / 3;
}

const rounding = 1e-12;

function movesLess(hbm: number, cmem: number, vmem: number, hbmBest: number, cmemBest: number, vmemBest: number) {
  if (hbm !== hbmBest) return hbm < hbmBest;
  if (cmem !== cmemBest) return cmem < cmemBest;
  return vmem < vmemBest;
}

/**
 * Times one candidate with `tiles` outer iterations in each group: first load (and its quantization), then the iterations at the speed of the
 * slowest stage, then the vector work and the store of the last tile. An operand that is kept completely is loaded during the first iteration.
 */
function consider(
  demand: LayerDemand,
  npu: Npu,
  cost: TiledCost,
  tilesOfGroup: number,
  weightLoads: number,
  inputLoads: number,
  keepsWeightsOfGroup: boolean,
  keepsInputsOfGroup: boolean,
  tileBytes: number,
): void {
  const { groups } = demand;
  const tiles = tilesOfGroup * groups;
  // With many groups, kept operands are loaded as evenly as streamed ones: the next group loads while this one computes.
  const keepsWeights = keepsWeightsOfGroup && groups === 1;
  const keepsInputs = keepsInputsOfGroup && groups === 1;
  const hbmRate = npu.hbm.bandwidthBytesPerSecond;
  const cmemRate = npu.cmem === null ? hbmRate : npu.cmem.bandwidthBytesPerSecond;
  const vmemRate = npu.vmem.bandwidthBytesPerSecond;
  const smallest = groups * demand.maxOutputs * demand.maxRows;

  // The array can start after one fold of weights and its rows of the inputs are loaded.
  const firstWeights = 1 / (groups * demand.maxOutputs * demand.maxReduction);
  const firstInputs = 1 / (groups * demand.maxRows * demand.maxReduction);
  const fill =
    Math.max(
      (demand.weightHbmBytes * firstWeights + demand.inputHbmBytes * firstInputs) / hbmRate,
      (demand.weightCmemBytes * firstWeights + demand.inputCmemBytes * firstInputs) / cmemRate,
    ) +
    demand.quantizeSeconds * firstWeights;
  const lastShare = 1 / smallest;
  const drain =
    demand.vectorSeconds * lastShare +
    Math.max(demand.outputHbmBytes / hbmRate, demand.outputCmemBytes / cmemRate) * lastShare;

  // Loads of the first iteration, which loads kept operands completely, and of each other iteration.
  const firstWeightShare = (keepsWeights ? 1 : weightLoads / tiles) - firstWeights;
  const firstInputShare = (keepsInputs ? 1 : inputLoads / tiles) - firstInputs;
  const weightShare = keepsWeights ? 0 : weightLoads / tiles;
  const inputShare = keepsInputs ? 0 : inputLoads / tiles;
  const storeShare = (1 - lastShare) / tiles;
  const hbmStore = demand.outputHbmBytes * storeShare;
  const cmemStore = demand.outputCmemBytes * storeShare;

  const hbmBytes = demand.weightHbmBytes * weightLoads + demand.inputHbmBytes * inputLoads + demand.outputHbmBytes;
  const cmemBytes = demand.weightCmemBytes * weightLoads + demand.inputCmemBytes * inputLoads + demand.outputCmemBytes;
  const vmemBytes =
    demand.workingBytes +
    demand.weightVmemBytes * weightLoads +
    (demand.inputHbmBytes + demand.inputCmemBytes) * inputLoads +
    demand.outputHbmBytes +
    demand.outputCmemBytes;
  const vmemSeconds = vmemBytes / vmemRate;

  const steady = Math.max(demand.computeSeconds, demand.vectorSeconds * (1 - lastShare), vmemSeconds) / tiles;
  const first = Math.max(
    steady,
    (demand.weightHbmBytes * firstWeightShare + demand.inputHbmBytes * firstInputShare + hbmStore) / hbmRate,
    (demand.weightCmemBytes * firstWeightShare + demand.inputCmemBytes * firstInputShare + cmemStore) / cmemRate,
    demand.quantizeSeconds * firstWeightShare,
  );
  const later = Math.max(
    steady,
    (demand.weightHbmBytes * weightShare + demand.inputHbmBytes * inputShare + hbmStore) / hbmRate,
    (demand.weightCmemBytes * weightShare + demand.inputCmemBytes * inputShare + cmemStore) / cmemRate,
    demand.quantizeSeconds * weightShare,
  );
  const seconds = fill + first + later * (tiles - 1) + drain;
  // Sums round differently, so times within a relative 1e-12 count as equal. Then the least traffic wins, HBM traffic first.
  if (seconds > cost.seconds * (1 + rounding)) return;
  if (
    seconds >= cost.seconds * (1 - rounding) &&
    !movesLess(hbmBytes, cmemBytes, vmemBytes, cost.hbmBytes, cost.cmemBytes, cost.vmemBytes)
  )
    return;

  cost.seconds = seconds;
  cost.hbmSeconds = hbmBytes / hbmRate;
  cost.cmemSeconds = cmemBytes / cmemRate;
  cost.vmemSeconds = vmemSeconds;
  cost.quantizeSeconds = demand.quantizeSeconds * weightLoads;
  cost.hbmBytes = hbmBytes;
  cost.cmemBytes = cmemBytes;
  cost.vmemBytes = vmemBytes;
  cost.tiles = tiles;
  cost.weightLoads = weightLoads;
  cost.inputLoads = inputLoads;
  cost.tileBytes = tileBytes;
}

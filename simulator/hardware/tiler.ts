import type { ChipRates } from './chip-rates.ts';
import { considerTiling, emptyTiling, type TiledCost } from './tile-cost.ts';
import type { LayerDemand } from './tile-demand.ts';

/**
 * Finds the fastest tiling of a layer whose buffers fit into `capacityBytes` of the working scratchpad, and writes its cost into `cost`.
 *
 * A layer is M rows x K reduction x N outputs. The candidates are the loop orders that keep one operand while the others stream:
 * - inputs kept: tiles of rows with all of K. Inputs load once, weights once for each tile of rows;
 * - weights kept: tiles of outputs with all of K. Weights load once, inputs once for each tile of outputs;
 * - partial sums kept: tiles of rows x outputs, and K in slices of one fold. Inputs load once for each tile of outputs, weights once for each
 *   tile of rows. Square tiles move about 2 M N K / sqrt(S) elements, the lower bound of a buffer of S elements (Hong and Kung, STOC 1981);
 * - partial sums spilled: tiles of K x outputs. Weights load once, inputs once for each tile of outputs, and the partial sums of all rows are
 *   written and read back between the slices of K;
 * - the smallest tile: one fold of weights, and the rows stream past it one by one.
 *
 * For each order, the sizes that are tried do not depend on the capacity, or are the largest that fit. So more capacity never makes a layer
 * slower. Streaming operands have two buffers, kept ones one if nothing replaces them. One fold of weights lands while the arrays hold another.
 */
export function tile(demand: LayerDemand, rates: ChipRates, capacityBytes: number, cost: TiledCost): void {
  cost.seconds = Number.POSITIVE_INFINITY;
  if (demand.steps > 1) {
    tileSteps(demand, rates, capacityBytes, cost);
    return;
  }
  const sizes = sizesOf(demand);
  if (keepEverything(demand, rates, capacityBytes, cost, sizes)) return;
  keepInputs(demand, rates, capacityBytes, cost, sizes);
  keepWeights(demand, rates, capacityBytes, cost, sizes);
  if (demand.reductionFolds > 1) {
    keepPartialSums(demand, rates, capacityBytes, cost, sizes);
    spillPartialSums(demand, rates, capacityBytes, cost, sizes);
  }
  const { partialBytes, groups, outputFolds, reductionFolds } = demand;
  const spilled = 2 * partialBytes * (reductionFolds - 1);
  consider(demand, rates, cost, 1, outputFolds, spilled, 1, outputFolds * reductionFolds, smallestTileBytes(demand));
  // The same loops without spilled sums, if the rows are few enough.
  const kept = smallestTileBytes(demand) + partialBytes / groups / outputFolds;
  if (spilled > 0 && kept <= capacityBytes)
    consider(demand, rates, cost, 1, outputFolds, 0, 1, outputFolds * reductionFolds, kept);
}

/** Bytes of the smallest tile of a layer: one fold of weights, and two buffers for one row of its inputs, sums and results. */
export function smallestTileBytes(demand: LayerDemand): number {
  const sizes = sizesOf(demand);
  const { outputFolds, reductionFolds } = demand;
  return (
    sizes.weights / (outputFolds * reductionFolds) +
    (2 * sizes.inputRow) / reductionFolds +
    2 * sizes.sumRow +
    sizes.resultRow
  );
}

/** Bytes of the operands of one group. */
interface Sizes {
  readonly weights: number;
  /** One fold of one array. The folds of several arrays arrive one after another. */
  readonly fold: number;
  readonly inputs: number;
  readonly inputRow: number;
  /** Partial sums of one row and one fold of outputs. 0 if the array reduces K in one fold. */
  readonly sumRow: number;
  /** Results that leave the working scratchpad, row by row: two buffers for one row of one fold. */
  readonly resultRow: number;
  /** Rows of the smallest tile that does not make the array wait. */
  readonly block: number;
}

function sizesOf(demand: LayerDemand): Sizes {
  const { groups, rows, outputFolds, reductionFolds } = demand;
  const weights = demand.weightVmemBytes / groups;
  const inputs = (demand.inputHbmBytes + demand.inputCmemBytes) / groups;
  const results = (demand.outputHbmBytes + demand.outputCmemBytes) / groups;
  return {
    weights,
    fold: weights / (outputFolds * reductionFolds),
    inputs,
    inputRow: inputs / rows,
    sumRow: reductionFolds === 1 ? 0 : demand.partialBytes / groups / (rows * outputFolds),
    resultRow: (2 * results) / (rows * outputFolds),
    block: Math.min(rows, demand.loadRows),
  };
}

/** Inputs of a tile of rows, including the rows that it shares with its neighbour. */
function tileOfInputs(demand: LayerDemand, sizes: Sizes, rows: number): number {
  return sizes.inputRow * Math.min(demand.rows, rows + demand.overlapRows);
}

/** All of the inputs or all of the weights stay, and every operand loads once. Nothing can be faster. */
function keepEverything(
  demand: LayerDemand,
  rates: ChipRates,
  capacity: number,
  cost: TiledCost,
  sizes: Sizes,
): boolean {
  const { rows, outputFolds } = demand;
  const { weights, fold, inputs, sumRow, resultRow, block } = sizes;
  // The sums of one fold of outputs for all rows, or the weights of that fold for a block of rows.
  const sums = Math.min(sumRow * rows, weights / outputFolds + sumRow * block);
  const inputsKept = inputs + fold + sums + resultRow;
  const weightsKept = weights + 2 * tileOfInputs(demand, sizes, block) + sumRow * block + resultRow;
  const least = Math.min(inputsKept, weightsKept);
  if (least > capacity) return false;
  consider(demand, rates, cost, 1, 1, 0, 1, outputFolds, least);
  return true;
}

function keepInputs(demand: LayerDemand, rates: ChipRates, capacity: number, cost: TiledCost, sizes: Sizes): void {
  const { rows, overlapRows } = demand;
  const { fold, inputRow, sumRow, resultRow } = sizes;
  const perRow = 2 * inputRow + sumRow;
  const fixed = fold + resultRow + 2 * inputRow * overlapRows;
  const fitting = perRow === 0 ? rows : Math.floor((capacity - fixed) / perRow);
  if (fitting < 1 || fixed > capacity) return;
  const tiles = Math.ceil(rows / fitting);
  consider(demand, rates, cost, tiles, 1, 0, tiles, tiles, fixed + perRow * Math.ceil(rows / tiles));
}

function keepWeights(demand: LayerDemand, rates: ChipRates, capacity: number, cost: TiledCost, sizes: Sizes): void {
  const { rows, outputFolds } = demand;
  const { weights, sumRow, resultRow } = sizes;
  for (let block = sizes.block; ; block = block > 4 ? block >> 2 : 1) {
    const stream = 2 * tileOfInputs(demand, sizes, block) + sumRow * block + resultRow;
    for (let parts = 1; parts <= narrowest * outputFolds; parts = finer(parts)) {
      const folds = parts < outputFolds ? Math.ceil(outputFolds / parts) : outputFolds / parts;
      const bytes = ((parts === 1 ? 1 : 2) * weights * folds) / outputFolds + stream;
      if (bytes > capacity) continue;
      const loads = Math.ceil(outputFolds / folds);
      consider(demand, rates, cost, 1, loads, 0, Math.ceil(rows / block), loads, bytes, Math.max(1, 1 / folds));
      if (parts === 1) return;
      break;
    }
    if (block === 1) return;
  }
}

/**
 * Where the buffer is small compared with the array, a tile may use only a part of the columns of the array (`parts` above the number of folds) or
 * of its rows (`slices`), or one buffer for the inputs: more cycles for less traffic.
 */
function keepPartialSums(demand: LayerDemand, rates: ChipRates, capacity: number, cost: TiledCost, sizes: Sizes): void {
  const { rows, overlapRows, outputFolds, reductionFolds } = demand;
  const { fold, inputRow, sumRow, resultRow } = sizes;
  for (let narrow = 1; narrow <= narrowest; narrow *= 2) {
    for (let buffers = 2; buffers >= 1; buffers--) {
      const sliceRow = (buffers * inputRow) / (reductionFolds * narrow);
      for (let parts = 1; parts <= narrowest * outputFolds; parts += Math.max(1, parts >> 3)) {
        const folds = parts < outputFolds ? Math.ceil(outputFolds / parts) : outputFolds / parts;
        const narrowing = narrow * Math.max(1, 1 / folds);
        const fixed = (fold * Math.min(1, folds)) / narrow + resultRow + sliceRow * overlapRows;
        const perRow = sumRow * folds + sliceRow;
        const fitting = Math.floor((capacity - fixed) / perRow);
        if (fitting < 1) continue;
        const columns = Math.ceil(outputFolds / folds);
        const tiles = Math.ceil(rows / fitting);
        // A slice of the reduction does not stay for the neighbour, so the rows between two tiles load twice.
        const loads = columns * (1 + ((tiles - 1) * Math.min(overlapRows, rows)) / rows);
        const bytes = fixed + perRow * Math.ceil(rows / tiles);
        const count = columns * tiles * reductionFolds * narrow;
        consider(demand, rates, cost, tiles, loads, 0, tiles, count, bytes, narrowing, buffers === 2);
        if (tiles === 1 && buffers === 2 && folds >= 1) break;
      }
    }
  }
}

/** A fold uses at least an eighth of the rows and of the columns of the array. Our assumption: less is not worth the search. */
const narrowest = 8;

function spillPartialSums(
  demand: LayerDemand,
  rates: ChipRates,
  capacity: number,
  cost: TiledCost,
  sizes: Sizes,
): void {
  const { rows, outputFolds, reductionFolds, partialBytes } = demand;
  const { weights, sumRow, resultRow, block } = sizes;
  for (let parts = 1; ; parts = Math.min(finer(parts), outputFolds)) {
    const folds = Math.ceil(outputFolds / parts);
    const columns = Math.ceil(outputFolds / folds);
    const fixed = 2 * sumRow * folds * block + resultRow;
    const perFold = (2 * weights * folds) / (outputFolds * reductionFolds);
    const perSlice = perFold + (2 * tileOfInputs(demand, sizes, block)) / reductionFolds;
    const fitting = Math.min(reductionFolds, Math.floor((capacity - fixed) / perSlice));
    if (fitting >= 1) {
      const slices = Math.ceil(reductionFolds / fitting);
      const bytes = fixed + perSlice * Math.ceil(reductionFolds / slices);
      const spilled = 2 * partialBytes * (slices - 1);
      consider(demand, rates, cost, 1, columns, spilled, Math.ceil(rows / block), columns * slices, bytes);
    }
    if (parts === outputFolds) return;
  }
}

/** Every step of a recurrence reads all its weights: they are kept, or stream again at every step. */
function tileSteps(demand: LayerDemand, rates: ChipRates, capacity: number, cost: TiledCost): void {
  const { steps, outputFolds, reductionFolds } = demand;
  const moved = demand.inputHbmBytes + demand.inputCmemBytes + demand.outputHbmBytes + demand.outputCmemBytes;
  const stream = (2 * moved) / steps;
  const kept = demand.weightVmemBytes + stream;
  const repeated = 1 + (steps - 1) * demand.repeatedWeightFraction;
  if (kept <= capacity) consider(demand, rates, cost, 1, 1, 0, 1, steps, kept);
  const slice = (2 * demand.weightVmemBytes) / (outputFolds * reductionFolds) + stream;
  consider(demand, rates, cost, repeated, 1, 0, 1, steps, slice);
}

/** One tiling after another is priced, so one object serves for all. */
const tiling = emptyTiling();

function consider(
  demand: LayerDemand,
  rates: ChipRates,
  cost: TiledCost,
  weightLoads: number,
  inputLoads: number,
  spilledBytes: number,
  rowTiles: number,
  tiles: number,
  bytes: number,
  narrowing = 1,
  overlapped = true,
): void {
  tiling.weightLoads = weightLoads;
  tiling.inputLoads = inputLoads;
  tiling.spilledBytes = spilledBytes;
  tiling.rowTiles = rowTiles;
  tiling.tiles = tiles;
  tiling.bytes = bytes;
  tiling.narrowing = narrowing;
  tiling.overlapped = overlapped;
  considerTiling(demand, rates, cost, tiling);
}

/** The next number of parts to try: 1, 2, 3, 4, 6, 8, 12, ... */
function finer(count: number): number {
  if (count === 1) return 2;
  return (count & (count - 1)) === 0 ? (3 * count) / 2 : (4 * count) / 3;
}

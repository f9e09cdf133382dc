import { assertNever, type StatedTiles } from '../../design/index.ts';
import type { ChipRates } from './chip-rates.ts';
import { considerTiling, emptyTiling, type TiledCost } from './tile-cost.ts';
import type { LayerDemand } from './tile-demand.ts';

/** The dimensions of the product that determines the tiles of a layer, and of one fold of the array, in elements. */
export interface ProductSize {
  readonly outputs: number;
  readonly reduction: number;
  readonly foldOutputs: number;
  readonly foldReduction: number;
}

/** Whether the tiles of a layer can be stated: a layer with a product that is not a recurrence. */
export function hasStatedTiles(demand: LayerDemand, size: ProductSize): boolean {
  return size.outputs > 0 && demand.steps === 1;
}

/** Writes the cost of a layer with the given tiles into `cost`. It does not depend on the capacity of the working scratchpad. */
export function tileAsStated(
  demand: LayerDemand,
  rates: ChipRates,
  tiles: StatedTiles,
  size: ProductSize,
  cost: TiledCost,
): void {
  const counts = countsOf(demand, tiles, size);
  const { rowTiles, outputTiles, sliceTiles } = counts;
  const halo = 1 + ((rowTiles - 1) * Math.min(demand.overlapRows, demand.rows)) / demand.rows;
  const spill = 2 * demand.partialBytes * (sliceTiles - 1);
  // A tile that does not change in an outer loop stays.
  const weightReloads = outputTiles * sliceTiles === 1 ? 1 : rowTiles;
  let inputLoads: number;
  switch (tiles.keep) {
    case 'sums':
      tiling.weightLoads = weightReloads;
      inputLoads = sliceTiles === 1 ? 1 : outputTiles;
      tiling.spilledBytes = 0;
      break;
    case 'weights':
      tiling.weightLoads = 1;
      inputLoads = rowTiles * sliceTiles === 1 ? 1 : outputTiles;
      tiling.spilledBytes = rowTiles === 1 ? 0 : spill;
      break;
    case 'inputs':
      tiling.weightLoads = weightReloads;
      inputLoads = 1;
      tiling.spilledBytes = outputTiles === 1 ? 0 : spill;
      break;
    default:
      assertNever(tiles.keep);
  }
  tiling.inputLoads = inputLoads * halo;
  tiling.rowTiles = rowTiles;
  tiling.tiles = rowTiles * outputTiles * sliceTiles;
  tiling.narrowing =
    Math.max(1, foldsOf(size.outputs, tiles.outputs, size.foldOutputs) / demand.outputFolds) *
    Math.max(1, foldsOf(size.reduction, tiles.reduction, size.foldReduction) / demand.reductionFolds);
  tiling.bytes = statedTileBytes(demand, tiles, size);
  cost.seconds = Number.POSITIVE_INFINITY;
  considerTiling(demand, rates, cost, tiling);
}

/** Bytes of the buffers of one tile: two for each operand and for the results, one for partial sums. */
export function statedTileBytes(demand: LayerDemand, tiles: StatedTiles, size: ProductSize): number {
  const { groups, rows, overlapRows } = demand;
  const rowPart = Math.min(1, tiles.rows / rows);
  const inputPart = Math.min(1, (Math.min(tiles.rows, rows) + overlapRows) / rows);
  const outputPart = Math.min(1, tiles.outputs / size.outputs);
  const slicePart = Math.min(1, tiles.reduction / size.reduction);
  const inputs = demand.inputHbmBytes + demand.inputCmemBytes;
  const results = demand.outputHbmBytes + demand.outputCmemBytes;
  const sums = demand.reductionFolds === 1 ? 0 : demand.partialBytes;
  return (
    (2 * demand.weightVmemBytes * outputPart * slicePart +
      2 * inputs * inputPart * slicePart +
      (sums + 2 * results) * rowPart * outputPart) /
    groups
  );
}

function countsOf({ rows }: LayerDemand, tiles: StatedTiles, { outputs, reduction }: ProductSize) {
  return {
    rowTiles: Math.ceil(rows / tiles.rows),
    outputTiles: Math.ceil(outputs / tiles.outputs),
    sliceTiles: Math.ceil(reduction / tiles.reduction),
  };
}

/** Folds along one dimension, if each tile starts a new fold. */
function foldsOf(total: number, tile: number, fold: number): number {
  const whole = Math.floor(total / tile);
  const rest = total - whole * tile;
  return whole * Math.ceil(tile / fold) + Math.ceil(rest / fold);
}

/** One layer after another is priced, so one object serves for all. */
const tiling = emptyTiling();

import { type ChipRates, transferSeconds } from './chip-rates.ts';
import type { LayerDemand } from './tile-demand.ts';

/** The chosen tiling and its cost. */
export interface TiledCost {
  seconds: number;
  /** Seconds of the arrays, including the time that small tiles make them wait. */
  computeSeconds: number;
  hbmSeconds: number;
  cmemSeconds: number;
  vmemSeconds: number;
  quantizeSeconds: number;
  hbmBytes: number;
  cmemBytes: number;
  vmemBytes: number;
  /** Number of tiles, and the number of times that each operand is loaded. */
  tiles: number;
  weightLoads: number;
  inputLoads: number;
  /** Partial sums that are written to memory and read back, in bytes. */
  spilledBytes: number;
  /** Bytes of the working scratchpad that the tiles need, including double buffers. */
  tileBytes: number;
}

/** A cost without work. */
export function emptyCost(): TiledCost {
  return {
    seconds: 0,
    computeSeconds: 0,
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
    spilledBytes: 0,
    tileBytes: 0,
  };
}

/** Sums round differently, so times within this relative difference count as equal. */
const rounding = 1e-12;

/** One way to divide a layer into tiles. */
export interface Tiling {
  /** How often each operand is loaded. */
  weightLoads: number;
  inputLoads: number;
  /** Partial sums that are written to memory and read back. */
  spilledBytes: number;
  /** The number of parts into which the rows of a group are divided. The folds of the array are loaded again for each. */
  rowTiles: number;
  /** The factor by which the array has more folds, because a fold uses only a part of its rows and columns. */
  narrowing: number;
  /** Whether the inputs have two buffers, so that loads overlap with computation. */
  overlapped: boolean;
  tiles: number;
  /** Bytes of all buffers. */
  bytes: number;
}

/** A tiling of one tile, for a caller that overwrites its fields. */
export function emptyTiling(): Tiling {
  return {
    weightLoads: 1,
    inputLoads: 1,
    spilledBytes: 0,
    rowTiles: 1,
    narrowing: 1,
    overlapped: true,
    tiles: 1,
    bytes: 0,
  };
}

/**
 * Times one tiling and keeps it in `cost` if it is faster than the one there, or as fast with less traffic (HBM first) or smaller buffers.
 *
 * The time is the first load (and its quantization), then the slowest stage, then the vector work and the store of the last tile. Loads and
 * stores are spread evenly over the layer. This is our assumption: the load units run ahead as far as the double buffers allow, and prefetch
 * across layers brings the first tiles. So a tiling with less traffic is never slower. Without two buffers, loads and computation take turns.
 */
export function considerTiling(demand: LayerDemand, rates: ChipRates, cost: TiledCost, tiling: Tiling): void {
  const { weightLoads, inputLoads, spilledBytes, rowTiles } = tiling;
  const { groups, rows, outputFolds, reductionFolds, loadRows, exposedCycles } = demand;
  const { hbm, cmem, vmem } = rates;
  const rowBlocks = Math.max(1, Math.floor(rows / loadRows));
  // The array can start after one fold of weights and its rows of the inputs are loaded.
  const firstWeights = 1 / (groups * outputFolds * reductionFolds);
  const firstInputs = 1 / (groups * rowBlocks * reductionFolds);
  const last = 1 / (groups * outputFolds * rowBlocks);
  const hbmFirst = demand.weightHbmBytes * firstWeights + demand.inputHbmBytes * firstInputs;
  const cmemFirst = demand.weightCmemBytes * firstWeights + demand.inputCmemBytes * firstInputs;
  const fill =
    Math.max(transferSeconds(hbm, hbmFirst, 0), transferSeconds(cmem, cmemFirst, 0)) +
    demand.quantizeSeconds * firstWeights;
  const hbmLast = demand.outputHbmBytes * last;
  const cmemLast = demand.outputCmemBytes * last;
  const drain =
    demand.vectorSeconds * last + Math.max(transferSeconds(hbm, 0, hbmLast), transferSeconds(cmem, 0, cmemLast));

  // Partial sums take the way of the results. Half of their bytes are written, half are read.
  const spillsToCmem = demand.outputCmemBytes > 0;
  const hbmSpilled = spillsToCmem ? 0 : spilledBytes / 2;
  const cmemSpilled = spillsToCmem ? spilledBytes / 2 : 0;
  const hbmReads = demand.weightHbmBytes * weightLoads + demand.inputHbmBytes * inputLoads + hbmSpilled;
  const cmemReads = demand.weightCmemBytes * weightLoads + demand.inputCmemBytes * inputLoads + cmemSpilled;
  const hbmWrites = demand.outputHbmBytes + hbmSpilled;
  const cmemWrites = demand.outputCmemBytes + cmemSpilled;
  const hbmBytes = hbmReads + hbmWrites;
  const cmemBytes = cmemReads + cmemWrites;
  const arrivingBytes =
    demand.weightVmemBytes * weightLoads +
    (demand.inputHbmBytes + demand.inputCmemBytes) * inputLoads +
    spilledBytes / 2;
  const leavingBytes = demand.outputHbmBytes + demand.outputCmemBytes + spilledBytes / 2;
  const vmemBytes = demand.workingBytes + arrivingBytes + leavingBytes;
  const vmemSeconds = vmemBytes / vmem.both;
  const waits =
    exposedCycles > 0
      ? (rowTiles * exposedCycles + rows) / (exposedCycles + rows)
      : Math.max(rows, rowTiles * loadRows) / Math.max(rows, loadRows);
  const computeSeconds = demand.computeSeconds * waits * tiling.narrowing;
  const memorySeconds = Math.max(
    transferSeconds(hbm, hbmReads - hbmFirst, hbmWrites - hbmLast),
    transferSeconds(cmem, cmemReads - cmemFirst, cmemWrites - cmemLast),
  );
  const lastFold = demand.lastFoldSeconds + demand.lastFoldRowSeconds / rowTiles;
  const seconds =
    fill +
    Math.max(
      tiling.overlapped ? computeSeconds : computeSeconds + memorySeconds,
      demand.vectorSeconds * (1 - last),
      vmemSeconds,
      memorySeconds,
      demand.quantizeSeconds * (weightLoads - firstWeights) + lastFold,
    ) +
    drain;
  if (seconds > cost.seconds * (1 + rounding)) return;
  if (seconds >= cost.seconds * (1 - rounding) && !movesLess(hbmBytes, cmemBytes, vmemBytes, tiling.bytes, cost))
    return;

  cost.seconds = seconds;
  cost.computeSeconds = computeSeconds;
  cost.hbmSeconds = transferSeconds(hbm, hbmReads, hbmWrites);
  cost.cmemSeconds = transferSeconds(cmem, cmemReads, cmemWrites);
  cost.vmemSeconds = vmemSeconds;
  cost.quantizeSeconds = demand.quantizeSeconds * weightLoads + lastFold;
  cost.hbmBytes = hbmBytes;
  cost.cmemBytes = cmemBytes;
  cost.vmemBytes = vmemBytes;
  cost.tiles = tiling.tiles * groups;
  cost.weightLoads = weightLoads;
  cost.inputLoads = inputLoads;
  cost.spilledBytes = spilledBytes;
  cost.tileBytes = tiling.bytes;
}

function movesLess(hbm: number, cmem: number, vmem: number, tileBytes: number, best: TiledCost): boolean {
  if (hbm !== best.hbmBytes) return hbm < best.hbmBytes;
  if (cmem !== best.cmemBytes) return cmem < best.cmemBytes;
  if (vmem !== best.vmemBytes) return vmem < best.vmemBytes;
  return tileBytes < best.tileBytes;
}

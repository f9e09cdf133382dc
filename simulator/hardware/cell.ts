import type { Npu } from '../../design/index.ts';
import { tilesOfLayer, weightCopiesOf } from '../../design/index.ts';
import type { WeightState } from '../service-table.ts';
import { inCmem, inHbm } from './activation-places.ts';
import { ratesOf } from './chip-rates.ts';
import type { LayerWork } from './layer-work.ts';
import type { ModeFacts } from './mode-facts.ts';
import type { PreparedModel } from './prepared.ts';
import { hasStatedTiles, statedTileBytes, tileAsStated } from './stated-tiles.ts';
import { emptyCost, type TiledCost } from './tile-cost.ts';
import { emptyDemand, type LayerDemand } from './tile-demand.ts';
import { smallestTileBytes, tile } from './tiler.ts';

/** Working memory of an evaluation, reused for every cell. */
export interface CellEvaluator {
  /** Times one cell. The next call overwrites the result. */
  evaluate(index: number, work: LayerWork, state: WeightState): EvaluatedCell;
  /** Seconds of a layer whose weights all are in the working scratchpad already. Infinity if that is not possible. */
  evaluatePrefetched(index: number, work: LayerWork, state: WeightState): number;
  /** Bytes of the working scratchpad that the smallest tiles of a layer need. */
  smallestTileBytes(index: number, work: LayerWork): number;
}

/** The work of a cell and its cost. */
export interface EvaluatedCell {
  readonly demand: LayerDemand;
  readonly cost: TiledCost;
}

/**
 * Computes the costs of one model's layers in one mode. `places` and `freeBytes` (of the working scratchpad, for the tiles of each layer) are
 * read at each call. `residentShares`: for each layer, the share of its weights that stays in the large scratchpad. `dispatchSeconds`: the fixed costs of
 * each layer.
 */
export function cellEvaluator(
  npu: Npu,
  prepared: PreparedModel,
  facts: ModeFacts,
  places: Uint8Array,
  freeBytes: Float64Array,
  residentShares: Float64Array,
  dispatchSeconds: Float64Array,
): CellEvaluator {
  const demand = emptyDemand();
  const best = emptyCost();
  const other = emptyCost();
  const evaluated: EvaluatedCell = { demand, cost: best };
  const clock = npu.clockHertz;
  const rates = ratesOf(npu);
  const sustained = npu.array.sustainedFraction ?? 1;
  const nested = weightCopiesOf(npu) === 'nested' && facts.mode === 'base' ? 1 + (npu.quantizer.nestedPenalty ?? 0) : 1;
  let hasResidentWeights = false;
  const stated = prepared.model.layers.map(({ name }) => tilesOfLayer(npu.tiles, name));
  const mostTileBytes = npu.tiles === undefined ? Number.POSITIVE_INFINITY : npu.tiles.share * npu.vmem.capacityBytes;
  const slowCmem = npu.cmem !== null && rates.cmem.read < rates.hbm.read;

  function setDemand(index: number, work: LayerWork, state: WeightState): void {
    const layer = prepared.layers[index];
    if (layer === undefined) throw new Error(`no layer ${index}`);
    const { graph, batch } = prepared;
    const share = state === 'fetch' || npu.cmem === null ? 0 : (residentShares[index] ?? 0);
    const productCycles = work.computeCycles - work.attentionCycles;
    demand.computeSeconds = ((productCycles * nested) / sustained + work.attentionCycles) / clock;
    demand.vectorSeconds = work.vectorCycles / clock;
    demand.dispatchSeconds = dispatchSeconds[index] ?? 0;
    // HBM has the weights in the format of the mode. The quantization unit is between the large scratchpad and its port, so converted weights
    // leave it in the format of the mode too.
    const bytes = work.parameterBytes;
    // A look-up moves whole accesses of the memory that contains the table.
    const residentBytes = share * bytes * accessFactor(index, npu.cmem?.accessBytes);
    const streamedBytes = (1 - share) * bytes * accessFactor(index, npu.hbm.accessBytes);
    // In a unified buffer, resident weights are where the arrays read them.
    const loadedBytes = npu.unified === true ? 0 : residentBytes;
    // Tables and scales of layers without products are loaded with the rows that need them, like inputs.
    const stays = layer.quantizes;
    hasResidentWeights = loadedBytes > 0;
    demand.weightVmemBytes = stays ? streamedBytes + loadedBytes : 0;
    demand.weightHbmBytes = stays ? streamedBytes : 0;
    demand.weightCmemBytes = stays ? loadedBytes : 0;
    const converts = layer.quantizes && state === 'convert' && facts.converts;
    demand.quantizeSeconds = converts
      ? Math.ceil((share * layer.weightElementsRead) / npu.quantizer.elementsPerCycle) / clock
      : 0;
    const lastFold = demand.quantizeSeconds > 0 ? (npu.quantizer.lastFold ?? 0) / clock : 0;
    demand.lastFoldSeconds = lastFold * work.foldCycles;
    demand.lastFoldRowSeconds = lastFold * work.rows;
    const cachedBytes = layer.cachedElements * facts.cachedBytes;
    demand.weightVmemBytes += cachedBytes;
    demand.weightHbmBytes += cachedBytes;
    demand.inputHbmBytes = stays ? 0 : streamedBytes;
    demand.inputCmemBytes = stays ? 0 : loadedBytes;
    const reads = graph.reads[index] ?? [];
    for (let at = 0; at < reads.length; at++) {
      const read = (graph.readElements[index]?.[at] ?? 0) * batch * facts.activationBytes;
      const from = reads[at] ?? -1;
      const place = from < 0 ? inHbm : places[from];
      if (place !== inHbm && place !== inCmem) continue;
      if (at >= layer.firstRightInput) {
        demand.weightVmemBytes += read;
        if (place === inHbm) demand.weightHbmBytes += read;
        else demand.weightCmemBytes += read;
      } else if (place === inHbm) demand.inputHbmBytes += read;
      else demand.inputCmemBytes += read;
    }
    const output = (graph.outputElements[index] ?? 0) * batch * facts.activationBytes;
    demand.outputHbmBytes = places[index] === inHbm ? output : 0;
    demand.outputCmemBytes = places[index] === inCmem ? output : 0;
    demand.partialBytes = work.partialBytes;
    demand.workingBytes = work.workingBytes;
    demand.groups = work.groups;
    demand.rows = work.rows;
    demand.overlapRows = work.overlapRows;
    demand.outputFolds = work.outputFolds;
    demand.reductionFolds = work.reductionFolds;
    demand.loadRows = work.loadRows;
    demand.exposedCycles = work.exposedCycles;
    demand.steps = work.steps;
    demand.repeatedWeightFraction = work.repeatedWeightFraction;
  }

  /** Prices the demand with the stated tiles, or with the fastest ones. */
  function tileDemand(index: number, work: LayerWork, freeBytes: number, into: TiledCost): void {
    const tiles = stated[index];
    if (tiles !== undefined && hasStatedTiles(demand, work.size)) tileAsStated(demand, rates, tiles, work.size, into);
    else tile(demand, rates, Math.min(freeBytes, mostTileBytes), into);
  }

  /** The bytes that look-ups move, divided by the bytes of the rows. 1 for all other layers. */
  function accessFactor(index: number, accessBytes: number | undefined): number {
    if (accessBytes === undefined) return 1;
    const operation = prepared.model.layers[index]?.operation;
    if (operation?.kind !== 'embedding') return 1;
    const row = operation.width * facts.otherParameterBytes;
    return (Math.ceil(row / accessBytes) * accessBytes) / row;
  }

  return {
    evaluate(index, work, state) {
      if (prepared.graph.root[index] !== index) return nothing;
      const free = freeBytes[index] ?? 0;
      setDemand(index, work, state);
      tileDemand(index, work, free, best);
      if (
        hasResidentWeights &&
        (demand.quantizeSeconds > 0 ||
          slowCmem ||
          demand.inputCmemBytes + demand.outputCmemBytes + demand.weightHbmBytes > 0)
      ) {
        // HBM has a copy of resident weights. If the large scratchpad or the conversion is the bottleneck of a layer, the chip reads that copy.
        setDemand(index, work, 'fetch');
        tileDemand(index, work, free, other);
        if (other.seconds < best.seconds) Object.assign(best, other);
        else setDemand(index, work, state);
      }
      return evaluated;
    },
    evaluatePrefetched(index, work, state) {
      setDemand(index, work, state);
      const weightBytes = demand.weightHbmBytes + demand.weightCmemBytes;
      // The conversion of resident weights does not run ahead.
      if (weightBytes === 0 || demand.quantizeSeconds > 0) return Number.POSITIVE_INFINITY;
      // Writing the weights into the working scratchpad still counts for this layer.
      demand.workingBytes += demand.weightVmemBytes;
      demand.weightHbmBytes = 0;
      demand.weightCmemBytes = 0;
      demand.weightVmemBytes = 0;
      tileDemand(index, work, (freeBytes[index] ?? 0) - weightBytes, other);
      return other.seconds;
    },
    smallestTileBytes(index, work) {
      if (prepared.graph.root[index] !== index) return 0;
      setDemand(index, work, 'resident');
      const tiles = stated[index];
      return tiles !== undefined && hasStatedTiles(demand, work.size)
        ? statedTileBytes(demand, tiles, work.size)
        : smallestTileBytes(demand);
    },
  };
}

/** The cost of a layer that runs in the pipeline of another one, or only renames a tensor. */
const nothing: EvaluatedCell = { demand: emptyDemand(), cost: emptyCost() };

import type { Bound, Npu } from '../../design/index.ts';
import { bounds, weightCopiesOf } from '../../design/index.ts';
import type { WeightState } from '../service-table.ts';
import { inCmem, inHbm } from './activation-places.ts';
import { dividedCycles } from './array-division.ts';
import { type ArrayShape, effectiveSize } from './array-timing.ts';
import { fusedAttentionCycles, scoreOperations, scoresOf } from './attention-timing.ts';
import { ratesOf } from './chip-rates.ts';
import type { ModeFacts } from './mode-facts.ts';
import type { PreparedModel } from './prepared.ts';
import { macsOf, type Product } from './product.ts';
import { canBeSparse, rightBytesOf, weightBytesOf } from './stored-weights.ts';
import { emptyCost, type TiledCost } from './tile-cost.ts';
import { emptyDemand, type LayerDemand } from './tile-demand.ts';
import { smallestTileBytes, tile } from './tiler.ts';
import { dynamicRangeOperations } from './vector-work.ts';

/** The cost of a layer in one mode, for any source of its weights. */
export interface LayerWork {
  readonly computeCycles: number;
  /** The part of `computeCycles` that a call of fused attention takes, including its fixed time. */
  readonly attentionCycles: number;
  readonly vectorOperations: number;
  readonly vectorCycles: number;
  readonly macs: number;
  /** Those that the arrays perform: half of the ones with 2:4 sparse weights. */
  readonly computedMacs: number;
  /** Bytes between the working scratchpad and the arrays or the vector unit. */
  readonly workingBytes: number;
  /** See LayerDemand. */
  readonly partialBytes: number;
  readonly groups: number;
  readonly rows: number;
  readonly overlapRows: number;
  readonly outputFolds: number;
  readonly reductionFolds: number;
  readonly loadRows: number;
  readonly exposedCycles: number;
  readonly steps: number;
  readonly repeatedWeightFraction: number;
}

function arrayShapeOf(npu: Npu): ArrayShape {
  const { rows, columns, dataflow, preload, issue } = npu.array;
  return { rows, columns, dataflow, preload, issue: issue ?? null };
}

export function workOf(npu: Npu, prepared: PreparedModel, index: number, facts: ModeFacts): LayerWork {
  const layer = prepared.layers[index];
  if (layer === undefined) throw new Error(`no layer ${index}`);
  const array = arrayShapeOf(npu);
  const { rows: reduction, columns } = effectiveSize(array, facts.packing, facts.products);
  let computeCycles = 0;
  let macs = 0;
  let computedMacs = 0;
  let workingBytes = 0;
  let largest: Product | undefined;
  let steps = 1;
  let repeatedWeights = 0;
  const fused = npu.attention === undefined ? null : layer.attention;
  const attentionCycles = fused === null ? 0 : fusedAttentionCycles(npu, fused);
  for (const product of layer.products) {
    const productMacs = macsOf(product);
    const isSparse = facts.sparseSpeedup !== null && canBeSparse(product);
    if (fused === null || product.weights) {
      const cycles = dividedCycles(product, array, npu.array.count, facts.packing, facts.products);
      computeCycles += isSparse ? Math.ceil(cycles / (facts.sparseSpeedup ?? 1)) : cycles;
    }
    macs += productMacs;
    computedMacs += isSparse ? productMacs / 2 : productMacs;
    workingBytes += operandBytes(product, array, columns, facts);
    if (largest === undefined || weightier(product, largest)) largest = product;
    if (product.repeats > 1) {
      steps = product.repeats;
      repeatedWeights += product.k * product.parts * product.n * product.groups;
    }
  }
  computeCycles += attentionCycles;
  const isRoot = prepared.graph.root[index] === index;
  let vectorOperations = isRoot ? (prepared.vectorOperations[index] ?? 0) : 0;
  if (facts.rangesActivations) vectorOperations += (prepared.rangedElements[index] ?? 0) * dynamicRangeOperations;
  const lanes = npu.vectorUnit.operationsPerCycle;
  const softmaxRate = npu.attention?.softmaxPerCycle;
  let softmaxCycles = 0;
  if (isRoot && fused !== null && softmaxRate !== undefined) {
    // The stated rate replaces the operations of the formula. A causal mask also skips the softmax of whole passes.
    vectorOperations -= scoresOf(fused) * scoreOperations;
    softmaxCycles = scoresOf(fused) / softmaxRate;
  }
  if (isRoot && largest === undefined) {
    // The data that the vector unit reads and writes. With products, it works on the output of the arrays.
    workingBytes += movedElements(prepared, index) * facts.activationBytes;
    workingBytes += layer.weightElementsRead * facts.otherParameterBytes;
  }
  return {
    computeCycles,
    attentionCycles,
    vectorOperations,
    vectorCycles: Math.ceil(vectorOperations / lanes + softmaxCycles),
    macs,
    computedMacs,
    workingBytes,
    partialBytes: largest === undefined ? 0 : facts.accumulatorBytes * largest.m * largest.n * largest.groups,
    groups: largest === undefined || steps > 1 ? 1 : largest.groups,
    rows:
      largest === undefined
        ? // Vector by vector of the last dimension (an image point's channels, a token's features).
          Math.max(1, layer.outputElements / (prepared.model.layers[index]?.outputShape.at(-1) ?? 1))
        : largest.m,
    overlapRows: layer.overlapRows,
    outputFolds: largest === undefined ? 1 : Math.ceil(largest.n / columns),
    reductionFolds: largest === undefined ? 1 : largest.parts * Math.ceil(largest.k / reduction),
    loadRows: largest === undefined || array.dataflow !== 'weight-stationary' ? 1 : array.rows,
    exposedCycles:
      largest !== undefined && array.dataflow === 'weight-stationary' && array.preload === 'exposed'
        ? 2 * array.rows + array.columns - 2
        : 0,
    steps,
    repeatedWeightFraction: layer.weightElements === 0 ? 0 : repeatedWeights / layer.weightElements,
  };
}

/** Whether a product determines the tiling instead of another product of the layer: products with weights first, then the one with more work. */
function weightier(product: Product, other: Product): boolean {
  if (product.weights !== other.weights) return product.weights;
  return macsOf(product) > macsOf(other);
}

function movedElements(prepared: PreparedModel, index: number): number {
  const { graph, batch } = prepared;
  let elements = graph.outputElements[index] ?? 0;
  for (const read of graph.readElements[index] ?? []) elements += read;
  return elements * batch;
}

/** Operands as the array reads them, fold by fold, and results once, as they leave the accumulators. */
function operandBytes(product: Product, array: ArrayShape, columns: number, facts: ModeFacts): number {
  const { m, n, groups, repeats } = product;
  const k = product.k * product.parts;
  const left = m * k * facts.activationBytes;
  const right = product.weights ? rightBytesOf(product, facts.weights) : k * n * facts.activationBytes;
  let leftPasses = 1;
  let rightPasses = 1;
  if (array.dataflow === 'weight-stationary') leftPasses = Math.ceil(n / columns);
  else if (array.dataflow === 'input-stationary') rightPasses = Math.ceil(m / columns);
  else {
    leftPasses = Math.ceil(n / columns);
    rightPasses = Math.ceil(m / array.rows);
  }
  return (left * leftPasses + right * rightPasses + m * n * facts.activationBytes) * groups * repeats;
}

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
  const slowCmem = npu.cmem !== null && rates.cmem.read < rates.hbm.read;

  function setDemand(index: number, work: LayerWork, state: WeightState): void {
    const layer = prepared.layers[index];
    if (layer === undefined) throw new Error(`no layer ${index}`);
    const { graph, batch } = prepared;
    const parameters = prepared.otherParameters[index] ?? 0;
    const weights = layer.weightElementsRead;
    const otherBytes = parameters * facts.otherParameterBytes;
    const share = state === 'fetch' || npu.cmem === null ? 0 : (residentShares[index] ?? 0);
    const productCycles = work.computeCycles - work.attentionCycles;
    demand.computeSeconds = ((productCycles * nested) / sustained + work.attentionCycles) / clock;
    demand.vectorSeconds = work.vectorCycles / clock;
    demand.dispatchSeconds = dispatchSeconds[index] ?? 0;
    // HBM has the weights in the format of the mode. The quantization unit is between the large scratchpad and its port, so converted weights
    // leave it in the format of the mode too.
    const weightBytes = layer.quantizes
      ? weightBytesOf(layer, facts.weights) * (layer.weightElements === 0 ? 1 : weights / layer.weightElements)
      : weights * facts.otherParameterBytes;
    const bytes = weightBytes + otherBytes;
    // A look-up moves whole accesses of the memory that holds the table.
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
    demand.quantizeSeconds = converts ? Math.ceil((share * weights) / npu.quantizer.elementsPerCycle) / clock : 0;
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

  /** The bytes that look-ups move, divided by the bytes of the rows. 1 for all other layers. */
  function accessFactor(index: number, accessBytes: number | undefined): number {
    const operation = prepared.model.layers[index]?.operation;
    if (accessBytes === undefined || operation?.kind !== 'embedding') return 1;
    const row = operation.width * facts.otherParameterBytes;
    return (Math.ceil(row / accessBytes) * accessBytes) / row;
  }

  return {
    evaluate(index, work, state) {
      if (prepared.graph.root[index] !== index) return nothing;
      const free = freeBytes[index] ?? 0;
      setDemand(index, work, state);
      tile(demand, rates, free, best);
      if (
        hasResidentWeights &&
        (demand.quantizeSeconds > 0 ||
          slowCmem ||
          demand.inputCmemBytes + demand.outputCmemBytes + demand.weightHbmBytes > 0)
      ) {
        // HBM has a copy of resident weights. If the large scratchpad or the conversion is the bottleneck of a layer, the chip reads that copy.
        setDemand(index, work, 'fetch');
        tile(demand, rates, free, other);
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
      tile(demand, rates, (freeBytes[index] ?? 0) - weightBytes, other);
      return other.seconds;
    },
    smallestTileBytes(index, work) {
      if (prepared.graph.root[index] !== index) return 0;
      setDemand(index, work, 'resident');
      return smallestTileBytes(demand);
    },
  };
}

/** The cost of a layer that runs in the pipeline of another one, or only renames a tensor. */
const nothing: EvaluatedCell = { demand: emptyDemand(), cost: emptyCost() };

/**
 * The resource that takes the most time. Among equals, the first in `bounds`.
 *
 * @param hiddenHbmSeconds time of HBM before the layer starts (prefetch).
 */
export function boundOf(demand: LayerDemand, cost: TiledCost, hiddenHbmSeconds: number): Bound {
  writeStages(demand, cost, oneLayer, 0);
  return bounds[longestStage(oneLayer, 0, hiddenHbmSeconds)] ?? 'compute';
}

const oneLayer = new Float64Array(bounds.length);
const hbmStage = bounds.indexOf('hbm');

/** Writes the seconds of each stage of a layer, in the order of `bounds`. */
export function writeStages(demand: LayerDemand, cost: TiledCost, into: Float64Array, layer: number): void {
  for (let stage = 0; stage < bounds.length; stage++)
    into[layer * bounds.length + stage] = stageSeconds(bounds[stage] ?? 'compute', demand, cost);
}

/** Index into `bounds` of the longest stage of a layer. Among equals, the first. */
export function longestStage(stages: Float64Array, layer: number, hiddenHbmSeconds: number): number {
  const from = layer * bounds.length;
  let bound = 0;
  let longest = stages[from] ?? 0;
  for (let stage = 1; stage < bounds.length; stage++) {
    const seconds = (stages[from + stage] ?? 0) - (stage === hbmStage ? hiddenHbmSeconds : 0);
    if (seconds > longest) {
      longest = seconds;
      bound = stage;
    }
  }
  return bound;
}

export function stageSeconds(stage: Bound, demand: LayerDemand, cost: TiledCost): number {
  switch (stage) {
    case 'compute':
      return cost.computeSeconds;
    case 'vector':
      return demand.vectorSeconds;
    case 'vmem':
      return cost.vmemSeconds;
    case 'cmem':
      return cost.cmemSeconds;
    case 'hbm':
      return cost.hbmSeconds;
    case 'quantizer':
      return cost.quantizeSeconds;
    case 'dispatch':
      return demand.dispatchSeconds;
  }
}

import type { Npu } from '../../design/index.ts';
import { dividedCycles } from './array-division.ts';
import { type ArrayShape, effectiveSize } from './array-timing.ts';
import { fusedAttentionCycles, scoreOperations, scoresOf } from './attention-timing.ts';
import type { ModeFacts } from './mode-facts.ts';
import type { PreparedModel } from './prepared.ts';
import { macsOf, type Product } from './product.ts';
import type { ProductSize } from './stated-tiles.ts';
import { canBeSparse, rightBytesOf, weightBytesOf } from './stored-weights.ts';
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
  /** Cycles of a fold of stationary weights in addition to its rows: load, fill and drain. */
  readonly foldCycles: number;
  readonly steps: number;
  readonly size: ProductSize;
  readonly repeatedWeightFraction: number;
  /** Bytes of the parameters that the layer reads, in the format of the mode. */
  readonly parameterBytes: number;
}

/** The works of the last chips for each prepared network. Chips that differ in their memories alone have the same. */
const known = new WeakMap<PreparedModel, Map<string, readonly LayerWork[]>>();

/** Our assumption: two modes on chips with two kinds of arrays. More would keep many tables of a sweep over the sizes of an array. */
const mostKnown = 4;

/** The work of each layer on the arrays of a chip. */
export function worksOf(npu: Npu, prepared: PreparedModel, facts: ModeFacts): readonly LayerWork[] {
  const { array, attention, vectorUnit, clockHertz } = npu;
  const key = JSON.stringify([array, attention, vectorUnit, clockHertz, facts]);
  const byKey = known.get(prepared) ?? new Map<string, readonly LayerWork[]>();
  known.set(prepared, byKey);
  const works = byKey.get(key) ?? prepared.layers.map((_, index) => workOf(npu, prepared, index, facts));
  // Move it to the end of the order of removal.
  byKey.delete(key);
  byKey.set(key, works);
  for (const oldest of byKey.keys()) {
    if (byKey.size <= mostKnown) break;
    byKey.delete(oldest);
  }
  return works;
}

/** The parts of a chip that the work of a layer depends on: `worksOf` keeps it for all chips that have equal ones. */
type WorkingChip = Pick<Npu, 'array' | 'attention' | 'vectorUnit' | 'clockHertz'>;

function arrayShapeOf(npu: WorkingChip): ArrayShape {
  const { rows, columns, dataflow, preload, issue } = npu.array;
  return { rows, columns, dataflow, preload, issue: issue ?? null };
}

function workOf(npu: WorkingChip, prepared: PreparedModel, index: number, facts: ModeFacts): LayerWork {
  const layer = prepared.layers[index];
  if (layer === undefined) throw new Error(`no layer ${index}`);
  const isRoot = prepared.graph.root[index] === index;
  if (!isRoot && layer.products.length === 0)
    return { ...noWork, parameterBytes: parameterBytesOf(prepared, index, facts) };
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
  const isStationary = largest !== undefined && array.dataflow === 'weight-stationary';
  const foldCycles = isStationary ? 2 * array.rows + array.columns - 2 : 0;
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
    loadRows: isStationary ? array.rows : 1,
    exposedCycles: array.preload === 'exposed' ? foldCycles : 0,
    foldCycles,
    steps,
    size: {
      outputs: largest?.n ?? 0,
      reduction: largest === undefined ? 1 : largest.k * largest.parts,
      foldOutputs: columns,
      foldReduction: reduction,
    },
    repeatedWeightFraction: layer.weightElements === 0 ? 0 : repeatedWeights / layer.weightElements,
    parameterBytes: parameterBytesOf(prepared, index, facts),
  };
}

/** The work of a layer that runs in the pipeline of another one, which has its vector operations, or that only renames a tensor. */
const noWork: LayerWork = {
  computeCycles: 0,
  attentionCycles: 0,
  vectorOperations: 0,
  vectorCycles: 0,
  macs: 0,
  computedMacs: 0,
  workingBytes: 0,
  partialBytes: 0,
  groups: 1,
  rows: 1,
  overlapRows: 0,
  outputFolds: 1,
  reductionFolds: 1,
  loadRows: 1,
  exposedCycles: 0,
  foldCycles: 0,
  steps: 1,
  size: { outputs: 0, reduction: 1, foldOutputs: 1, foldReduction: 1 },
  repeatedWeightFraction: 0,
  parameterBytes: 0,
};

function parameterBytesOf(prepared: PreparedModel, index: number, facts: ModeFacts): number {
  const layer = prepared.layers[index];
  if (layer === undefined) return 0;
  const weights = layer.weightElementsRead;
  const weightBytes = layer.quantizes
    ? weightBytesOf(layer, facts.weights) * (layer.weightElements === 0 ? 1 : weights / layer.weightElements)
    : weights * facts.otherParameterBytes;
  return weightBytes + (prepared.otherParameters[index] ?? 0) * facts.otherParameterBytes;
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

import {
  type Bound,
  type BurstGain,
  type GainLimit,
  type Model,
  memoryNamesOf,
  type Npu,
  productsPerElement,
  stageName,
} from '../../design/index.ts';
import { type ArrayCandidate, arrayName } from './array-choice.ts';
import { effectiveSize } from './array-timing.ts';
import type { ModeEvaluation } from './evaluation.ts';
import type { LayerWork } from './layer-work.ts';
import type { TiledCost } from './tile-cost.ts';
import type { LayerDemand } from './tile-demand.ts';

export interface GainFacts {
  readonly npu: Npu;
  readonly model: Model;
  readonly index: number;
  readonly evaluation: ModeEvaluation;
  readonly demand: LayerDemand;
  readonly cost: TiledCost;
  /** Time in the chain of layers. */
  readonly seconds: number;
  readonly work: LayerWork;
  readonly bound: Bound;
  /** Times of the same layer in base mode: in total and on the arrays. */
  readonly baseSeconds: number;
  readonly baseComputeCycles: number;
  /** The kinds of arrays on which the layer runs in burst mode and in base mode. */
  readonly on: ArrayCandidate;
  readonly baseArray: ArrayCandidate;
}

/** A gain of at least this fraction of the ideal one needs no reason. */
const nearlyIdeal = 0.9975;
/** If the arrays gain at least this fraction of the ideal, the reason is the part that does not overlap. */
const arraysNearlyIdeal = 0.975;

/** The ideal gain of burst mode: two, or more if an element computes more than twice the products of base mode. */
function idealOf({ evaluation, npu }: GainFacts): number {
  return Math.max(2, evaluation.facts.products / productsPerElement(npu.base));
}

/** The gain of a layer in burst mode, and the reason if it is below the ideal one. null for a layer that takes no time. */
export function burstGainOf(facts: GainFacts): BurstGain | null {
  const { seconds, baseSeconds } = facts;
  if (seconds === 0) return null;
  const factor = baseSeconds / seconds;
  if (factor >= nearlyIdeal * idealOf(facts)) return { factor, limit: null, reason: '' };
  const [limit, reason] = limitOf(facts, factor);
  return { factor, limit, reason };
}

function limitOf(facts: GainFacts, factor: number): readonly [GainLimit, string] {
  const { work, bound, evaluation, npu, model, baseComputeCycles } = facts;
  const computeGain = work.computeCycles === 0 ? 1 : baseComputeCycles / work.computeCycles;
  if (work.macs === 0)
    return ['no-products', `no products to pack${factor > 1.005 ? ', only fewer bytes to move' : ''}`];
  if (bound !== 'compute') {
    return [
      'stage',
      `${stageName(bound, memoryNamesOf(npu))} ${bound === 'dispatch' ? 'are' : 'is'} the bottleneck, not the arrays (which gain ${computeGain.toFixed(2)}x)`,
    ];
  }
  if (evaluation.facts.packing === 'none') {
    const weightOnly = model.quantization === 'weight-only' && npu.burst?.packing !== 'none';
    const precision = evaluation.facts.computePrecision;
    return [
      'unpacked',
      weightOnly
        ? `with weight-only quantization the arrays still multiply in ${precision}`
        : 'this mode packs nothing',
    ];
  }
  if (facts.on.chip.array !== facts.baseArray.chip.array) {
    const [name, baseName] = [arrayName(facts.on), arrayName(facts.baseArray)];
    return ['overlap', `it runs on ${name}, which gains ${computeGain.toFixed(2)}x over ${baseName} in base mode`];
  }
  if (computeGain < arraysNearlyIdeal * idealOf(facts)) return foldLimit(facts);
  return ['overlap', `the arrays gain ${computeGain.toFixed(2)}x, and what is not overlapped gains less`];
}

/** The reason in the largest product of the layer: its number of folds does not shrink by the ideal factor, or the cost of each fold does not. */
function foldLimit(facts: GainFacts): readonly [GainLimit, string] {
  const { evaluation, index, on } = facts;
  const npu = on.chip;
  const products = on.prepared.layers[index]?.products ?? [];
  let largest = products[0];
  for (const product of products) {
    if (largest === undefined || product.m * product.n * product.k > largest.m * largest.n * largest.k)
      largest = product;
  }
  if (largest === undefined) return ['no-products', 'there is nothing to pack'];
  const { dataflow } = npu.array;
  const ideal = idealOf(facts);
  const { rows, columns } = effectiveSize(npu.array, npu.base.packing, productsPerElement(npu.base));
  const burst = effectiveSize(npu.array, evaluation.facts.packing, evaluation.facts.products);
  const shrink = ideal === 2 ? 'halve' : `shrink to 1/${ideal}`;
  const shrinks = ideal === 2 ? 'halves' : `shrinks to 1/${ideal}`;
  if (evaluation.facts.packing === 'columns') {
    const across = dataflow === 'input-stationary' ? largest.m : largest.n;
    const before = Math.ceil(across / columns);
    const after = Math.ceil(across / burst.columns);
    if (after * ideal > before) {
      const work = `${across} columns of work`;
      return ['folds', foldsText(work, before, columns, 'columns', after, burst.columns)];
    }
    return ['fill', `the folds ${shrink}, but loading, filling and draining the array does not`];
  }
  if (dataflow === 'output-stationary') {
    const reduction = largest.k * largest.parts;
    return [
      'fill',
      `a reduction of ${reduction} ${shrinks}, but filling and draining ${npu.array.rows} x ${npu.array.columns} elements does not`,
    ];
  }
  const before = Math.ceil(largest.k / rows);
  const after = Math.ceil(largest.k / burst.rows);
  if (after * ideal > before) {
    return ['folds', foldsText(`a reduction of ${largest.k}`, before, rows, 'rows', after, burst.rows)];
  }
  return ['fill', `the folds ${shrink}, but loading, filling and draining the array does not`];
}

function foldsText(work: string, before: number, width: number, unit: string, after: number, wider: number): string {
  return `${work} takes ${before} fold${before === 1 ? '' : 's'} of ${width} ${unit}, and still ${after} of ${wider}`;
}

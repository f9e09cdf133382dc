import type { Bound, Model, Npu } from '../../design/index.ts';
import { bounds } from '../../design/index.ts';
import { type LayerWork, stageSeconds } from './cell.ts';
import type { ModeEvaluation } from './evaluation.ts';
import { type LayerDemand, type TiledCost, tileCapacityBytes } from './tile-pipeline.ts';

export interface ExplanationFacts {
  readonly npu: Npu;
  readonly model: Model;
  readonly index: number;
  /** The layer in whose pipeline this one runs. */
  readonly root: number;
  readonly evaluation: ModeEvaluation;
  readonly demand: LayerDemand;
  readonly cost: TiledCost;
  readonly work: LayerWork;
  readonly bound: Bound;
  readonly cycles: number;
  readonly placed: boolean;
  readonly weightBytes: number;
  /** What the same layer costs in base mode; null in base mode. */
  readonly burst: { readonly baseSeconds: number; readonly baseCompute: number } | null;
}

const stageNames: Readonly<Record<Bound, string>> = {
  compute: 'the arrays',
  vector: 'the vector unit',
  vmem: 'VMEM',
  cmem: 'CMEM',
  hbm: 'HBM',
  quantizer: 'the quantization unit',
};

/** One sentence, or two in burst mode. */
export function explain(facts: ExplanationFacts): string {
  const { root, index, model, cost, bound, demand, cycles } = facts;
  if (root === -1) return 'Another name for the input: costs nothing.';
  if (root !== index) return `Runs in the tile pipeline of ${model.layers[root]?.name ?? 'an earlier layer'}.`;
  if (cost.seconds === 0) return 'Costs nothing.';
  const parts = [`Bound by ${stageNames[bound]}${detailOf(facts)}`];
  const longest = stageSeconds(bound, demand, cost);
  const next = secondOf(facts);
  if (next !== null) {
    const ratio = longest / stageSeconds(next, demand, cost);
    parts.push(`${ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0)}x ${stageNames[next]}`);
  }
  const exposed = cost.seconds - longest;
  if (exposed > 0.02 * cost.seconds) {
    parts.push(`${percent(exposed / cost.seconds)} of ${cycles} cycles is first load, last store and uneven tiles`);
  }
  if (cost.tileBytes > tileCapacityBytes(facts.npu)) {
    parts.push(`its smallest tiles, ${bytes(cost.tileBytes)}, do not fit the half of VMEM that buffers them`);
  }
  const roofline = rooflineOf(facts);
  if (roofline !== null) parts.push(roofline);
  const sentence = `${parts.join('; ')}.`;
  return facts.burst === null ? sentence : `${sentence} ${burstSentence(facts)}`;
}

function detailOf(facts: ExplanationFacts): string {
  const { bound, cost, demand, work, evaluation, weightBytes, placed, npu } = facts;
  switch (bound) {
    case 'compute': {
      const filled = work.macs / (evaluation.facts.peakMacsPerCycle * work.computeCycles);
      return ` (${work.computeCycles} cycles, ${percent(filled)} of their peak)`;
    }
    case 'vector':
      return ` (${work.vectorOperations} operations)`;
    case 'hbm': {
      if (facts.model.layers[facts.index]?.operation.kind === 'embedding')
        return ` (${bytes(cost.hbmBytes)} of rows and indices)`;
      const weights = demand.weightHbmBytes * cost.weightLoads;
      const why = placed || npu.cmem === null || weightBytes === 0 ? '' : ', which have no place in CMEM';
      return weightBytes > 0 && weights > cost.hbmBytes / 2
        ? ` (${bytes(cost.hbmBytes)}, most of it weights${why})`
        : ` (${bytes(cost.hbmBytes)}, most of it activations)`;
    }
    case 'cmem':
      return ` (${bytes(cost.cmemBytes)})`;
    case 'vmem':
      return ` (${bytes(cost.vmemBytes)})`;
    case 'quantizer':
      return ` (${npu.quantizer.elementsPerCycle} elements/cycle)`;
  }
}

function secondOf(facts: ExplanationFacts): Bound | null {
  const { bound, demand, cost } = facts;
  let second: Bound | null = null;
  for (const stage of bounds) {
    if (stage === bound || stageSeconds(stage, demand, cost) === 0) continue;
    if (second === null || stageSeconds(stage, demand, cost) > stageSeconds(second, demand, cost)) second = stage;
  }
  return second;
}

function rooflineOf(facts: ExplanationFacts): string | null {
  const { work, cost, npu, evaluation } = facts;
  if (work.macs === 0 || cost.hbmBytes === 0) return null;
  const intensity = work.macs / cost.hbmBytes;
  const ridge = (evaluation.facts.peakMacsPerCycle * npu.clockHertz) / npu.hbm.bandwidthBytesPerSecond;
  return `${significant(intensity)} MACs per HBM byte, ${intensity < ridge ? 'below' : 'above'} the ridge at ${significant(ridge)}`;
}

function burstSentence(facts: ExplanationFacts): string {
  const { burst, cost, work, bound, evaluation, npu, model, demand } = facts;
  if (burst === null) return '';
  const gain = burst.baseSeconds / cost.seconds;
  const head = `Burst gains ${gain.toFixed(2)}x`;
  if (gain >= 1.995) return `${head}.`;
  const computeGain = work.computeCycles === 0 ? 1 : burst.baseCompute / work.computeCycles;
  if (work.macs === 0) return `${head}: no products to pack${gain > 1.005 ? ', only fewer bytes to move' : ''}.`;
  if (bound === 'hbm' && demand.weightHbmBytes > 0 && evaluation.facts.quantizesStream) {
    return `${head}: the weights still stream in ${npu.base.precision}.`;
  }
  if (bound !== 'compute')
    return `${head}: ${stageNames[bound]} ${isPlural(bound) ? 'set' : 'sets'} the pace, not the arrays (whose gain is ${computeGain.toFixed(2)}x).`;
  if (evaluation.facts.packing === 'none') {
    return model.quantization === 'weight-only' && npu.burst?.packing !== 'none'
      ? `${head}: with weight-only quantization the arrays still multiply in ${evaluation.facts.computePrecision}.`
      : `${head}: this mode packs nothing.`;
  }
  if (computeGain < 1.95) return `${head}: ${foldReason(facts)}.`;
  return `${head}: the arrays gain ${computeGain.toFixed(2)}x, and what is not overlapped gains less.`;
}

function foldReason(facts: ExplanationFacts): string {
  const { evaluation, index, npu } = facts;
  const products = evaluation.prepared.layers[index]?.products ?? [];
  let largest = products[0];
  for (const product of products) {
    if (largest === undefined || product.m * product.n * product.k > largest.m * largest.n * largest.k)
      largest = product;
  }
  if (largest === undefined) return 'there is nothing to pack';
  const { dataflow, rows, columns } = npu.array;
  if (evaluation.facts.packing === 'columns') {
    const across = dataflow === 'input-stationary' ? largest.m : largest.n;
    return `${across} columns of work fill ${Math.ceil(across / columns)} folds of ${columns}, and still ${Math.ceil(across / (2 * columns))} of ${2 * columns}`;
  }
  if (dataflow === 'output-stationary') {
    return `a reduction of ${largest.k * largest.parts} halves, but filling and draining ${rows} x ${columns} elements does not`;
  }
  const before = Math.ceil(largest.k / rows);
  const after = Math.ceil(largest.k / (2 * rows));
  return after * 2 > before
    ? `a reduction of ${largest.k} takes ${before} fold${before === 1 ? '' : 's'} of ${rows} rows, and still ${after} of ${2 * rows}`
    : 'the folds halve, but loading, filling and draining the array does not';
}

function isPlural(bound: Bound): boolean {
  return bound === 'compute';
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(fraction < 0.1 ? 1 : 0)} %`;
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} GB`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} MB`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(1)} kB`;
  return `${value.toFixed(0)} B`;
}

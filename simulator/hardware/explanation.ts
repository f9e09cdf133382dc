import type { Bound, BurstGain, Model, Npu, RunnerUp } from '../../design/index.ts';
import { bounds } from '../../design/index.ts';
import { type LayerWork, stageSeconds } from './cell.ts';
import type { ModeEvaluation } from './evaluation.ts';
import { type LayerDemand, type TiledCost, tileCapacityBytes } from './tile-pipeline.ts';

export interface ExplanationFacts {
  readonly npu: Npu;
  readonly model: Model;
  readonly index: number;
  /** The layer in whose tile pipeline this layer runs. */
  readonly root: number;
  readonly evaluation: ModeEvaluation;
  readonly demand: LayerDemand;
  readonly cost: TiledCost;
  readonly work: LayerWork;
  readonly bound: Bound;
  readonly cycles: number;
  readonly placed: boolean;
  readonly weightBytes: number;
  readonly runnerUp: RunnerUp | null;
  readonly gain: BurstGain | null;
}

export const stageNames: Readonly<Record<Bound, string>> = {
  compute: 'the arrays',
  vector: 'the vector unit',
  vmem: 'VMEM',
  cmem: 'CMEM',
  hbm: 'HBM',
  quantizer: 'the quantization unit',
};

/** The explanation: one sentence, or two in burst mode. */
export function explain(facts: ExplanationFacts): string {
  const { root, index, model, cost, bound, demand, cycles, runnerUp } = facts;
  if (root === -1) return 'Another name for the input: costs nothing.';
  if (root !== index) return `Runs in the tile pipeline of ${model.layers[root]?.name ?? 'an earlier layer'}.`;
  if (cost.seconds === 0) return 'Costs nothing.';
  const parts = [`Bound by ${stageNames[bound]}${detailOf(facts)}`];
  const longest = stageSeconds(bound, demand, cost);
  if (runnerUp !== null) {
    const { ratio } = runnerUp;
    parts.push(`${ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0)}x ${stageNames[runnerUp.bound]}`);
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
  return facts.gain === null ? sentence : `${sentence} ${gainSentence(facts.gain)}`;
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

/** The slowest stage after `bound`. null if no other stage has work. */
export function runnerUpOf(bound: Bound, demand: LayerDemand, cost: TiledCost): RunnerUp | null {
  let second: Bound | null = null;
  for (const stage of bounds) {
    if (stage === bound || stageSeconds(stage, demand, cost) === 0) continue;
    if (second === null || stageSeconds(stage, demand, cost) > stageSeconds(second, demand, cost)) second = stage;
  }
  if (second === null) return null;
  return { bound: second, ratio: stageSeconds(bound, demand, cost) / stageSeconds(second, demand, cost) };
}

function rooflineOf(facts: ExplanationFacts): string | null {
  const { work, cost, npu, evaluation } = facts;
  if (work.macs === 0 || cost.hbmBytes === 0) return null;
  const intensity = work.macs / cost.hbmBytes;
  const ridge = ridgeOf(npu, evaluation);
  return `${significant(intensity)} MACs per HBM byte, ${intensity < ridge ? 'below' : 'above'} the ridge at ${significant(ridge)}`;
}

/** The MACs per byte of HBM traffic at which the peak of the arrays and the bandwidth of HBM give the same time. */
export function ridgeOf(npu: Npu, evaluation: ModeEvaluation): number {
  return (evaluation.facts.peakMacsPerCycle * npu.clockHertz) / npu.hbm.bandwidthBytesPerSecond;
}

function gainSentence({ factor, limit, reason }: BurstGain): string {
  return `Burst gains ${factor.toFixed(2)}x${limit === null ? '' : `: ${reason}`}.`;
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

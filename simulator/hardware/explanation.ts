import type { Bound, BurstGain, Model, Npu, RunnerUp } from '../../design/index.ts';
import { bounds, elementsOfArray, memoryNamesOf, offChipName, stageName, tilesOfLayer } from '../../design/index.ts';
import { type ArrayCandidate, arrayName } from './array-choice.ts';
import { ratesOf } from './chip-rates.ts';
import type { ModeEvaluation } from './evaluation.ts';
import type { LayerWork } from './layer-work.ts';
import { stageSeconds } from './stages.ts';
import type { TiledCost } from './tile-cost.ts';
import type { LayerDemand } from './tile-demand.ts';

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
  /** The kind of array on which the layer runs. */
  readonly on: ArrayCandidate;
  readonly bound: Bound;
  readonly cycles: number;
  /** Time in the chain of layers. */
  readonly seconds: number;
  /** The share of the weights that stays in the large scratchpad. */
  readonly residentShare: number;
  /** Weights that arrived before the layer started. */
  readonly prefetchedBytes: number;
  readonly weightBytes: number;
  readonly runnerUp: RunnerUp | null;
  readonly gain: BurstGain | null;
}

/** The explanation: one sentence, or two in burst mode. */
export function explain(facts: ExplanationFacts): string {
  const { root, index, model, cost, bound, demand, cycles, runnerUp, npu } = facts;
  const memories = memoryNamesOf(npu);
  if (root === -1) return 'Another name for the input: costs nothing.';
  if (root !== index) return `Runs in the tile pipeline of ${model.layers[root]?.name ?? 'an earlier layer'}.`;
  if (cost.seconds === 0 && demand.dispatchSeconds === 0) return 'Costs nothing.';
  const parts = [`Bound by ${stageName(bound, memories)}${detailOf(facts)}`];
  const longest = stageSeconds(bound, demand, cost);
  if (runnerUp !== null) {
    const { ratio } = runnerUp;
    parts.push(`${ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0)}x ${stageName(runnerUp.bound, memories)}`);
  }
  const fixed = bound === 'dispatch' ? 0 : demand.dispatchSeconds;
  if (fixed > 0.02 * facts.seconds) parts.push(`${percent(fixed / facts.seconds)} of its time is fixed costs`);
  const exposed =
    bound === 'dispatch' ? 0 : facts.seconds - fixed - (bound === 'hbm' ? longest - hiddenSeconds(facts) : longest);
  if (exposed > 0.02 * facts.seconds) {
    parts.push(`${percent(exposed / facts.seconds)} of ${cycles} cycles is the first load and the last store`);
  }
  if (facts.prefetchedBytes > 0) {
    const streamed = demand.weightHbmBytes;
    const all = facts.prefetchedBytes >= 0.999 * streamed;
    parts.push(`${all ? 'its weights' : bytes(facts.prefetchedBytes)} arrived while earlier layers ran`);
  }
  const free = facts.evaluation.freeBytes[index] ?? 0;
  if (cost.tileBytes > free) {
    parts.push(
      `its smallest tiles, ${bytes(cost.tileBytes)}, do not fit into ${stageName('vmem', memories)}, which has ${bytes(free)} for them`,
    );
  }
  const roofline = rooflineOf(facts);
  if (roofline !== null) parts.push(roofline);
  const sentence = `${arraySentence(facts)}${parts.join('; ')}.`;
  return facts.gain === null ? sentence : `${sentence} ${gainSentence(facts.gain)}`;
}

/** On a chip with several kinds of arrays: the one on which the layer runs. */
function arraySentence({ npu, on, work }: ExplanationFacts): string {
  return npu.otherArrays === undefined || work.macs === 0 ? '' : `Runs on ${arrayName(on)}. `;
}

function hiddenSeconds({ prefetchedBytes, npu }: ExplanationFacts): number {
  return prefetchedBytes / ratesOf(npu).hbm.read;
}

function detailOf(facts: ExplanationFacts): string {
  const { bound, cost, demand, work, weightBytes, residentShare, npu } = facts;
  switch (bound) {
    case 'compute': {
      const cycles = Math.ceil(cost.computeSeconds * npu.clockHertz * (1 - 1e-12));
      // The peak of the arrays on which the layer runs, without other kinds.
      const peak = facts.on.facts.products * elementsOfArray(facts.on.chip.array);
      const smallTiles =
        tilesOfLayer(npu.tiles, facts.model.layers[facts.index]?.name ?? '') === undefined
          ? 'VMEM has room only for small tiles'
          : 'of the stated tiles';
      const filled = work.computedMacs / (peak * cycles);
      const waits = cycles > 1.01 * work.computeCycles ? `, because ${smallTiles}` : '';
      return ` (${cycles} cycles, ${percent(filled)} of their peak${waits})`;
    }
    case 'vector':
      return ` (${work.vectorOperations} operations)`;
    case 'hbm': {
      if (facts.model.layers[facts.index]?.operation.kind === 'embedding')
        return ` (${bytes(cost.hbmBytes)} of rows and indices)`;
      const weights = demand.weightHbmBytes * cost.weightLoads;
      const why =
        residentShare === 1 || npu.cmem === null || weightBytes === 0
          ? ''
          : residentShare === 0
            ? ', which have no place in CMEM'
            : `, of which ${percent(residentShare)} have a place in CMEM`;
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
    case 'dispatch':
      return ` (${percent(demand.dispatchSeconds / facts.seconds)} of its time: the start of the operator${npu.host === null ? '' : ' and transfers over the host link'})`;
  }
}

/** The slowest stage after `bound`. null if no other stage has work. */
export function runnerUpOf(
  bound: Bound,
  demand: LayerDemand,
  cost: TiledCost,
  hiddenHbmSeconds: number,
): RunnerUp | null {
  const secondsOf = (stage: Bound) => stageSeconds(stage, demand, cost) - (stage === 'hbm' ? hiddenHbmSeconds : 0);
  let second: Bound | null = null;
  for (const stage of bounds) {
    if (stage === bound || secondsOf(stage) <= 0) continue;
    if (second === null || secondsOf(stage) > secondsOf(second)) second = stage;
  }
  if (second === null) return null;
  return { bound: second, ratio: secondsOf(bound) / secondsOf(second) };
}

function rooflineOf(facts: ExplanationFacts): string | null {
  const { work, cost, npu, evaluation } = facts;
  if (work.macs === 0 || cost.hbmBytes === 0) return null;
  const intensity = work.macs / cost.hbmBytes;
  const ridge = ridgeOf(npu, evaluation);
  return `${significant(intensity)} MACs per byte of ${offChipName(memoryNamesOf(npu))}, ${intensity < ridge ? 'below' : 'above'} the ridge at ${significant(ridge)}`;
}

/** The MACs per byte of HBM traffic at which the peak of the arrays and the bandwidth of HBM give the same time. */
export function ridgeOf(npu: Npu, evaluation: ModeEvaluation): number {
  return (evaluation.facts.peakMacsPerCycle * npu.clockHertz) / ratesOf(npu).hbm.read;
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

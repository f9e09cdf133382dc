import {
  type LayerCost,
  type Mode,
  type Model,
  type ModelCost,
  memoryNamesOf,
  type Npu,
  staticWatts,
} from '../../design/index.ts';
import type { ResidencyPlan } from '../service-table.ts';
import { arrayName } from './array-choice.ts';
import { type ModePricer, modePricer } from './build-service-table.ts';
import { burstGainOf } from './burst-gain.ts';
import { ratesOf } from './chip-rates.ts';
import type { ModeEvaluation } from './evaluation.ts';
import { explain, ridgeOf, runnerUpOf } from './explanation.ts';
import { macsOf, type Product } from './product.ts';
import { placementOf, planResidency } from './residency.ts';
import { boundOf } from './stages.ts';

/**
 * The cost of each layer of a model on a chip in steady state: resident weights are in place in the format of the mode, and the others stream.
 * A batch runs in parts where that is faster; then each layer has the sum of its parts. On a chip without burst mode, `mode: burst` costs the
 * same as base.
 */
export function costModel(npu: Npu, model: Model, mode: Mode, batch: number): ModelCost {
  const { plan, shares, base, burst } = pricersOf(npu, model, batch);
  const own = mode === 'burst' && burst !== null ? burst : base;
  const weights = (own.mode === 'base' ? plan.baseBytes[0] : plan.burstBytes[0]) ?? new Float64Array(0);
  const parts = own.parts(batch);
  const costs = new Map<number, readonly TimedCost[]>();
  for (const size of parts) {
    if (costs.has(size)) continue;
    const evaluation = own.evaluation(size);
    const plain = own === base ? evaluation : base.evaluation(size);
    const layer = (_: unknown, index: number): TimedCost =>
      costLayer(npu, model, evaluation, plain, index, shares[index] ?? 0, weights[index] ?? 0);
    costs.set(size, model.layers.map(layer));
  }

  const single = parts.length === 1 ? costs.get(batch) : undefined;
  const layers: LayerCost[] = [];
  let cycles = 0;
  let seconds = 0;
  let macs = 0;
  let parameters = 0;
  let energyJoules: number | null = 0;
  for (let index = 0; index < model.layers.length; index++) {
    const layer =
      single?.[index] ??
      sumOfParts(
        parts.flatMap((size) => costs.get(size)?.[index] ?? []),
        parts,
      );
    layers.push(layer.cost);
    cycles += layer.cost.cycles;
    seconds += layer.seconds;
    macs += layer.cost.macs;
    parameters += layer.cost.parameters;
    energyJoules =
      energyJoules === null || layer.cost.energyJoules === null ? null : energyJoules + layer.cost.energyJoules;
  }
  const ridgeMacsPerHbmByte = ridgeOf(npu, own.evaluation(parts[0] ?? batch));
  const total = { cycles, seconds, ridgeMacsPerHbmByte, macs, parameters, energyJoules };
  const names = npu.offChip === 'HBM' && npu.unified !== true ? {} : { memories: memoryNamesOf(npu) };
  return { model: model.name, npu: npu.name, ...names, mode, batch, parts, layers, ...total };
}

/** The plan of a model alone on a chip, and its pricers. */
interface Pricers {
  readonly plan: ResidencyPlan;
  readonly shares: Float64Array;
  readonly base: ModePricer;
  /** null if the chip has no burst mode. */
  readonly burst: ModePricer | null;
}

/** The last batch size of each chip and model, because both modes are usually priced one after the other. */
const lastPricers = new WeakMap<Npu, WeakMap<Model, { readonly batch: number; readonly pricers: Pricers }>>();

function pricersOf(npu: Npu, model: Model, batch: number): Pricers {
  let byModel = lastPricers.get(npu);
  if (byModel === undefined) {
    byModel = new WeakMap();
    lastPricers.set(npu, byModel);
  }
  const known = byModel.get(model);
  if (known?.batch === batch) return known.pricers;
  const plan = planResidency(npu, [model], [batch]);
  const shares = plan.shares[0] ?? new Float64Array(model.layers.length);
  const placement = placementOf(plan, 0);
  const base = modePricer(npu, model, 'base', placement);
  const burst = npu.burst === null ? null : modePricer(npu, model, 'burst', placement);
  const pricers = { plan, shares, base, burst };
  byModel.set(model, { batch, pricers });
  return pricers;
}

interface TimedCost {
  readonly cost: LayerCost;
  readonly seconds: number;
}

/** The cost of a layer for all parts of a batch. What does not add up (the bound, the gain) is that of the largest part. */
function sumOfParts(costs: readonly TimedCost[], parts: readonly number[]): TimedCost {
  const [largest] = costs;
  if (largest === undefined) throw new Error('a batch without parts');
  if (costs.length === 1) return largest;
  const sum = (of: (cost: LayerCost) => number): number => costs.reduce((total, { cost }) => total + of(cost), 0);
  const { cost } = largest;
  const hbmBytes = sum((part) => part.hbmBytes);
  const macs = sum((part) => part.macs);
  const cycles = sum((part) => part.cycles);
  return {
    seconds: costs.reduce((total, part) => total + part.seconds, 0),
    cost: {
      ...cost,
      m: sum((part) => part.m),
      macs,
      computeCycles: sum((part) => part.computeCycles),
      vectorCycles: sum((part) => part.vectorCycles),
      memoryCycles: sum((part) => part.memoryCycles),
      hbmCycles: sum((part) => part.hbmCycles),
      quantizeCycles: sum((part) => part.quantizeCycles),
      cycles,
      utilization: cycles === 0 ? 0 : sum((part) => part.utilization * part.cycles) / cycles,
      hbmBytes,
      cmemBytes: sum((part) => part.cmemBytes),
      vmemBytes: sum((part) => part.vmemBytes),
      prefetchedBytes: sum((part) => part.prefetchedBytes),
      operationalIntensity: hbmBytes === 0 ? Number.POSITIVE_INFINITY : macs / hbmBytes,
      explanation: `Runs in ${parts.length} parts of ${sizesText(parts)}, which is faster than one batch. ${cost.explanation}`,
      energyJoules: costs.every((part) => part.cost.energyJoules !== null)
        ? sum((part) => part.energyJoules ?? 0)
        : null,
    },
  };
}

/** "2", or "4 and 1". */
function sizesText(parts: readonly number[]): string {
  return [...new Set(parts)].join(' and ');
}

function costLayer(
  npu: Npu,
  model: Model,
  own: ModeEvaluation,
  base: ModeEvaluation,
  index: number,
  residentShare: number,
  weightBytes: number,
): TimedCost {
  const layer = model.layers[index];
  const lowered = own.prepared.layers[index];
  if (layer === undefined || lowered === undefined) throw new Error(`no layer ${index} in ${model.name}`);
  const baseSeconds = own === base ? 0 : (base.chain('resident').seconds[index] ?? 0);
  const baseArray = own === base ? undefined : base.chain('resident').arrays[index];
  const baseComputeCycles = baseArray?.works[index]?.computeCycles ?? 0;
  const chain = own.chain('resident');
  const seconds = chain.seconds[index] ?? 0;
  const prefetchedBytes = chain.prefetchedBytes[index] ?? 0;
  const hiddenSeconds = prefetchedBytes / ratesOf(npu).hbm.read;
  const priced = own.price(index, 'resident');
  const { cost, demand, work, on } = priced;
  const hbmCycles = toCycles(cost.hbmSeconds, npu.clockHertz);
  const memoryCycles = toCycles(Math.max(cost.hbmSeconds, cost.cmemSeconds, cost.vmemSeconds), npu.clockHertz);
  const quantizeCycles = toCycles(cost.quantizeSeconds, npu.clockHertz);
  // Not less than any stage, except for what HBM moved before the layer started. With a very fast memory, a first load of a hundredth of a
  // cycle does not count as a cycle.
  const cycles = Math.max(
    Math.round(seconds * npu.clockHertz),
    toCycles(cost.computeSeconds, npu.clockHertz),
    work.vectorCycles,
    toCycles(Math.max(cost.hbmSeconds - hiddenSeconds, cost.cmemSeconds, cost.vmemSeconds), npu.clockHertz),
    quantizeCycles,
  );
  const dynamic = own.joules(index, 'resident', priced);
  const idleWatts = staticWatts(npu);
  const bound = boundOf(demand, cost, hiddenSeconds);
  const runnerUp = runnerUpOf(bound, demand, cost, hiddenSeconds);
  const evaluation = own;
  // The fields are written twice, because spreading one object into the other takes more time than all the arithmetic of the model.
  const gain =
    own === base
      ? null
      : burstGainOf({
          npu,
          model,
          index,
          evaluation,
          demand,
          cost,
          seconds,
          work,
          bound,
          baseSeconds,
          baseComputeCycles,
          on,
          baseArray: baseArray ?? on,
        });
  const root = own.prepared.graph.root[index] ?? index;
  const largest = largestOf(lowered.products);
  const layerCost: LayerCost = {
    layer: layer.name,
    origin: layer.origin,
    kind: layer.operation.kind,
    m: largest?.m ?? 0,
    n: largest?.n ?? 0,
    k: largest === undefined ? 0 : largest.k * largest.parts,
    groups: largest?.groups ?? 0,
    macs: work.macs,
    parameters: lowered.storedWeightElements + lowered.otherParameters,
    computeCycles: work.computeCycles,
    vectorCycles: work.vectorCycles,
    memoryCycles,
    hbmCycles,
    quantizeCycles,
    cycles,
    bound,
    runnerUp,
    gain,
    utilization: cycles === 0 ? 0 : work.computedMacs / (own.facts.peakMacsPerCycle * cycles),
    hbmBytes: cost.hbmBytes,
    cmemBytes: cost.cmemBytes,
    vmemBytes: cost.vmemBytes,
    weightBytes,
    resident: residentShare === 1,
    residentShare,
    prefetchedBytes,
    operationalIntensity: cost.hbmBytes === 0 ? Number.POSITIVE_INFINITY : work.macs / cost.hbmBytes,
    explanation: explain({
      npu,
      model,
      index,
      root,
      evaluation,
      demand,
      cost,
      work,
      on,
      bound,
      cycles,
      seconds,
      residentShare,
      prefetchedBytes,
      weightBytes,
      runnerUp,
      gain,
    }),
    energyJoules: dynamic === null || idleWatts === null ? null : dynamic + idleWatts * seconds,
  };
  // A spread inside the object above would take as much time as all its other fields.
  const onKind = npu.otherArrays !== undefined && work.macs > 0;
  return { seconds, cost: onKind ? { ...layerCost, array: arrayName(on) } : layerCost };
}

function largestOf(products: readonly Product[]): Product | undefined {
  let largest: Product | undefined;
  for (const product of products) {
    if (largest === undefined || macsOf(product) > macsOf(largest)) largest = product;
  }
  return largest;
}

/** Rounds up to whole cycles for people. The tolerance keeps 100.00000000001 at 100. */
function toCycles(seconds: number, clockHertz: number): number {
  return Math.ceil(seconds * clockHertz * (1 - 1e-12));
}

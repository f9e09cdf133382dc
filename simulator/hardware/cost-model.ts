import type { LayerCost, Mode, Model, ModelCost, Npu } from '../../design/index.ts';
import { burstGainOf } from './burst-gain.ts';
import { boundOf } from './cell.ts';
import { evaluateMode, type ModeEvaluation } from './evaluation.ts';
import { explain, ridgeOf, runnerUpOf } from './explanation.ts';
import { macsOf, type Product } from './product.ts';
import { planResidency } from './residency.ts';

/**
 * The cost of each layer of a model on a chip in steady state: resident weights are in place in the format of the mode, and the others stream.
 * On a chip without burst mode, `mode: burst` costs the same as base.
 */
export function costModel(npu: Npu, model: Model, mode: Mode, batch: number): ModelCost {
  const plan = planResidency(npu, [model]);
  const activationBytes = plan.activationBytes ?? 0;
  const placed = plan.placed[0] ?? new Uint8Array(0);
  const base = evaluateMode(npu, model, 'base', batch, activationBytes);
  if (base === null) throw new Error(`${npu.name} has no base mode`);
  const own = (mode === 'burst' ? evaluateMode(npu, model, 'burst', batch, activationBytes) : null) ?? base;
  const weights = (own.facts.mode === 'base' ? plan.baseBytes[0] : plan.burstBytes[0]) ?? new Float64Array(0);

  const layers: LayerCost[] = [];
  let cycles = 0;
  let seconds = 0;
  let macs = 0;
  let parameters = 0;
  let energyJoules: number | null = 0;
  for (let index = 0; index < model.layers.length; index++) {
    const layer = costLayer(npu, model, own, base, index, placed[index] === 1, weights[index] ?? 0);
    layers.push(layer.cost);
    cycles += layer.cost.cycles;
    seconds += layer.seconds;
    macs += layer.cost.macs;
    parameters += layer.cost.parameters;
    energyJoules =
      energyJoules === null || layer.cost.energyJoules === null ? null : energyJoules + layer.cost.energyJoules;
  }
  const ridgeMacsPerHbmByte = ridgeOf(npu, own);
  const total = { cycles, seconds, ridgeMacsPerHbmByte, macs, parameters, energyJoules };
  return { model: model.name, npu: npu.name, mode, batch, layers, ...total };
}

function costLayer(
  npu: Npu,
  model: Model,
  own: ModeEvaluation,
  base: ModeEvaluation,
  index: number,
  placed: boolean,
  weightBytes: number,
): { cost: LayerCost; seconds: number } {
  const layer = model.layers[index];
  const lowered = own.prepared.layers[index];
  if (layer === undefined || lowered === undefined) throw new Error(`no layer ${index} in ${model.name}`);
  const state = placed ? 'resident' : 'fetch';
  const baseSeconds = own === base ? 0 : base.price(index, state).cost.seconds;
  const baseComputeCycles = base.works[index]?.computeCycles ?? 0;
  const priced = own.price(index, state);
  const { cost, demand } = priced;
  const work = own.works[index];
  if (work === undefined) throw new Error(`no layer ${index} in ${model.name}`);
  const { seconds } = cost;
  const hbmCycles = toCycles(cost.hbmSeconds, npu.clockHertz);
  const memoryCycles = toCycles(Math.max(cost.hbmSeconds, cost.cmemSeconds, cost.vmemSeconds), npu.clockHertz);
  const quantizeCycles = toCycles(cost.quantizeSeconds, npu.clockHertz);
  // Not less than any stage. With a very fast memory, a first load of a hundredth of a cycle does not count as a cycle.
  const cycles = Math.max(
    Math.round(seconds * npu.clockHertz),
    work.computeCycles,
    work.vectorCycles,
    memoryCycles,
    quantizeCycles,
  );
  const dynamic = own.joules(index, state, priced);
  const bound = boundOf(demand, cost);
  const runnerUp = runnerUpOf(bound, demand, cost);
  const evaluation = own;
  // The fields are written twice, because spreading one object into the other takes more time than all the arithmetic of the model.
  const gain =
    own === base
      ? null
      : burstGainOf({ npu, model, index, evaluation, demand, cost, work, bound, baseSeconds, baseComputeCycles });
  const root = own.prepared.graph.root[index] ?? index;
  const largest = largestOf(lowered.products);
  return {
    seconds,
    cost: {
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
      utilization: cycles === 0 ? 0 : work.macs / (own.facts.peakMacsPerCycle * cycles),
      hbmBytes: cost.hbmBytes,
      cmemBytes: cost.cmemBytes,
      vmemBytes: cost.vmemBytes,
      weightBytes,
      resident: placed,
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
        bound,
        cycles,
        placed,
        weightBytes,
        runnerUp,
        gain,
      }),
      energyJoules: dynamic === null || npu.energy === null ? null : dynamic + npu.energy.staticWatts * seconds,
    },
  };
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

import {
  activationFormat,
  bytesPerElement,
  chipArea,
  chipKinds,
  elementsOf,
  inputsOf,
  type MemoryNames,
  type Mode,
  type Model,
  memoryNamesOf,
  type Npu,
  type OtherChips,
  poolName,
  type Scenario,
  type SequenceServe,
  type Serve,
  type StoredFormat,
  scenarioCaveats,
  servedAccuracyKey,
  servesSequences,
  statedInputs,
  staticWatts,
  totalChips,
  weightCopiesOf,
} from '../design/index.ts';
import {
  buildServiceTables,
  largestBatches,
  onEachChip,
  type Placement,
  placementOf,
  planResidency,
  tileCaveats,
  usefulActivationBytes,
} from './hardware/index.ts';
import type { ResidencyPlan, ServiceTable } from './service-table.ts';
import type { AccuracyByMode, ChipKind, RunInput, ServeInput } from './serving/index.ts';
import type { StepRange } from './steps/index.ts';
import { type PricedSteps, pricedSteps, type StepCosts, stepsInputOf } from './steps-input.ts';
import { alignedArrivals } from './trace-offsets.ts';

/** The size of the table of one layer for one batch size: seconds, joules and the bound of its six cells. */
const bytesPerLayer = 6 * (8 + 8 + 1);

/** Computes the tables once for each chip, set of networks and batch size, for any number of runs. */
export class TableCache implements StepCosts {
  private readonly byNpu = new Map<Npu, Map<string, readonly ServiceTable[]>>();
  private readonly priced: Npu | undefined;
  /** The size of all stored tables. */
  bytes = 0;

  /** `priced`: all chips differ from this one only in the capacity of their large scratchpad, which tables depend on only by the placement. */
  constructor(priced?: Npu) {
    this.priced = priced;
  }

  /** The tables of the batch sizes 1 to `largest`. */
  tables(chip: Npu, model: Model, largest: number, placement: Placement): readonly ServiceTable[] {
    const npu = this.priced ?? chip;
    let known = this.byNpu.get(npu);
    if (known === undefined) {
      known = new Map();
      this.byNpu.set(npu, known);
    }
    const useful = Math.min(placement.activationBytes, usefulActivationBytes(npu, model, largest));
    const space = `${useful} ${placement.vmemBytes ?? ''}`;
    const key = `${model.name} ${space} ${placement.shares.join(' ')} ${this.modelNumber(model)}`;
    let tables = known.get(key);
    if (tables === undefined || tables.length < largest) {
      tables = buildServiceTables(npu, model, largest, placement);
      known.set(key, tables);
      this.bytes += model.layers.length * largest * bytesPerLayer;
    }
    return tables.length === largest ? tables : tables.slice(0, largest);
  }

  private readonly steps = new Map<Npu, Map<string, PricedSteps>>();

  stepCost(npu: Npu, serve: SequenceServe, mode: Mode, range: StepRange, keyValues: StoredFormat): PricedSteps {
    let known = this.steps.get(npu);
    if (known === undefined) {
      known = new Map();
      this.steps.set(npu, known);
    }
    const { tokens, sequences, context } = range;
    const format = `${keyValues.format} ${keyValues.scale?.elements ?? ''} ${keyValues.scale?.bits ?? ''}`;
    const key = `${mode} ${tokens} ${sequences} ${context} ${format} ${this.modelNumber(serve.model)}`;
    const cost = known.get(key) ?? pricedSteps(npu, serve, mode, range, keyValues);
    known.set(key, cost);
    return cost;
  }

  private readonly models: Model[] = [];

  /** Networks of different files can have the same name. */
  private modelNumber(model: Model): number {
    const at = this.models.indexOf(model);
    if (at >= 0) return at;
    this.models.push(model);
    return this.models.length - 1;
  }
}

/**
 * Reuses the tables of an earlier scenario. Returns an equal scenario with the networks and the chip of the tables, and the
 * tables. Its origins can be those of an older text.
 */
export type KeepTables = (scenario: Scenario) => { readonly scenario: Scenario; readonly cache: TableCache };

/**
 * The input of one run of a scenario or of one of its variants. A variant changes the chip and the scheduler, not the
 * traffic.
 */
export function runInputOf(
  scenario: Scenario,
  label: string,
  npu: Npu,
  scheduler: Scenario['scheduler'],
  cache: TableCache,
  keep?: KeepTables,
): RunInput {
  const onChip = scenario.serves.map(onEachChip);
  const models = [...new Set(onChip.map((serve) => serve.model))];
  const residency = planResidency(npu, models, largestBatches(models, onChip));
  const arrivals = alignedArrivals(scenario.serves);
  const stated = statedInputs(scenario);
  const others = (scenario.also ?? []).map((other) => otherKind(scenario, other, cache, keep));
  const serves = scenario.serves.map((serve, index): ServeInput => {
    const model = onChip[index]?.model ?? serve.model;
    const base: ServeInput = {
      name: serve.name,
      modelName: serve.model.name,
      origin: serve.origin,
      arrivals: arrivals[index] ?? serve.arrivals,
      batch: serve.batch,
      priority: serve.priority,
      slos: serve.slos,
      accuracy: commonAccuracy(
        chipKinds({ ...scenario, npu }).map((one) => ({ npu: one.npu, accuracy: accuracyOf(serve, one.npu) })),
      ),
      model: models.indexOf(model),
      tables: servesSequences(serve)
        ? []
        : cache.tables(npu, serve.model, serve.batch.maxSize, placementOf(residency, models.indexOf(model))),
      ...(servesSequences(serve)
        ? {
            steps: stepsInputOf(serve, npu, scheduler, arrivals[index] ?? serve.arrivals, cache),
            layerCount: serve.model.layers.length,
          }
        : {}),
    };
    return scheduler.preemption === 'layer' ? { ...base, borderSeconds: borderSecondsOf(serve.model, npu) } : base;
  });
  const kind: ChipKind = { ...kindFacts(npu, scenario.chips, residency), serves };
  return {
    ...kind,
    ...(others.length === 0
      ? {}
      : {
          npuName: poolName({ ...scenario, npu }),
          chips: totalChips(scenario),
          kinds: [kind, ...others],
          canBurst: [kind, ...others].some(({ canBurst }) => canBurst),
          memories: commonMemories([kind, ...others]),
        }),
    label,
    schedulerName: scheduler.name,
    order: scheduler.order,
    burst: scheduler.burst,
    switchAt: scheduler.switchAt,
    preemption: scheduler.preemption,
    serves,
    caveats: [
      ...scenarioCaveats(scenario),
      ...chipKinds({ ...scenario, npu }).flatMap((one) => tileCaveats(one.npu, models).map(({ caveat }) => caveat)),
    ],
    ...(scenario.accepts === undefined ? {} : { accepts: scenario.accepts }),
    ...(stated.length === 0 ? {} : { statedInputs: stated }),
    duration: scenario.duration,
    warmupFraction: scenario.warmupFraction,
    confidence: scenario.confidence,
    seed: scenario.seed,
  };
}

/** The names of the memories of chips of several kinds. Where they differ, a name for all of them. */
function commonMemories(kinds: readonly ChipKind[]): MemoryNames {
  const [first = { offChip: 'HBM' }, ...others] = kinds.map(
    ({ memories }): MemoryNames => memories ?? { offChip: 'HBM' },
  );
  const offChip = others.every((one) => one.offChip === first.offChip) ? first.offChip : 'memory';
  return [first, ...others].every(({ unified }) => unified === true) ? { offChip, unified: true } : { offChip };
}

/** The facts about a kind of chip that a run needs, except the times of its networks. */
function kindFacts(npu: Npu, chips: number, residency: ResidencyPlan): Omit<ChipKind, 'serves'> {
  const area = chipArea(npu);
  return {
    npuName: npu.name,
    ...(npu.offChip === 'HBM' && npu.unified !== true ? {} : { memories: memoryNamesOf(npu) }),
    chips,
    canBurst: npu.burst !== null,
    quantizedSource: weightCopiesOf(npu),
    switchLatencySeconds: npu.switchLatencySeconds,
    residency,
    staticWatts: staticWatts(npu),
    ...(area === null ? {} : { area }),
  };
}

/** Another kind of chip of a scenario. The tables of the first kind may be kept for chips like it only, so `keep` chooses those of this kind. */
function otherKind(scenario: Scenario, { npu: chip, chips }: OtherChips, own: TableCache, keep?: KeepTables): ChipKind {
  const kept = keep?.({ ...scenario, npu: chip });
  const npu = kept?.scenario.npu ?? chip;
  const cache = kept?.cache ?? own;
  const served = (kept?.scenario ?? scenario).serves;
  const models = [...new Set(served.map(({ model }) => model))];
  const residency = planResidency(npu, models, largestBatches(models, served));
  const serves = served.map(({ model, batch }) => ({
    tables: cache.tables(npu, model, batch.maxSize, placementOf(residency, models.indexOf(model))),
  }));
  return { ...kindFacts(npu, chips, residency), serves };
}

/** The accuracy of a serve on chips of several kinds. null: unknown, or it depends on the kind. A chip without a burst mode never bursts. */
function commonAccuracy(
  all: readonly { readonly npu: Npu; readonly accuracy: AccuracyByMode | null }[],
): AccuracyByMode | null {
  const first = all[0]?.accuracy ?? null;
  if (first === null || all.some(({ accuracy }) => accuracy?.base !== first.base)) return null;
  const bursts = new Set(all.flatMap(({ npu, accuracy }) => (npu.burst === null ? [] : [accuracy?.burst ?? null])));
  if (bursts.size > 1) return null;
  const [burst = first.base] = bursts;
  return { ...first, burst };
}

function accuracyOf(serve: Serve, npu: Npu): AccuracyByMode | null {
  const { accuracy } = serve.model;
  const base = accuracy?.byPrecision[servedAccuracyKey(serve, npu, 'base')];
  if (accuracy === null || base === undefined) return null;
  const burst = npu.burst === null ? base : (accuracy.byPrecision[servedAccuracyKey(serve, npu, 'burst')] ?? null);
  return { metric: accuracy.metric, base, burst };
}

/**
 * The data that a preemption moves: activations that were computed before a layer border and are read after it. The chip writes
 * them to HBM and reads them back later. This is our assumption. A chip that keeps them would need less time.
 */
function borderSecondsOf(model: Model, npu: Npu): Float64Array {
  const bytes = bytesPerElement(activationFormat(npu.base));
  const count = model.layers.length;
  const lastReader = new Int32Array(count).fill(-1);
  const inputs = inputsOf(model);
  const lastInputReader = new Int32Array(inputs.length).fill(-1);
  for (const [index, layer] of model.layers.entries()) {
    for (const input of layer.inputs) {
      if (input < 0) lastInputReader[-1 - input] = index;
      else lastReader[input] = index;
    }
  }
  const seconds = new Float64Array(count + 1);
  for (let border = 0; border < count; border++) {
    let elements = 0;
    for (const [place, { shape }] of inputs.entries())
      if (border > 0 && (lastInputReader[place] as number) >= border) elements += elementsOf(shape);
    for (let made = 0; made < border; made++) {
      const layer = model.layers[made];
      if (layer !== undefined && (lastReader[made] as number) >= border) elements += elementsOf(layer.outputShape);
    }
    seconds[border] = (elements * bytes) / npu.hbm.bandwidthBytesPerSecond;
  }
  return seconds;
}

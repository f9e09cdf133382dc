import {
  arraysOf,
  cacheFormat,
  isSameFormat,
  type Mode,
  type Model,
  type Npu,
  type OperatingMode,
  type StoredFormat,
  weightCopiesOf,
  weightFormat,
} from '../../design/index.ts';
import {
  evaluateMode,
  fusedAttentionSeconds,
  type Placement,
  placementOf,
  planResidency,
  streamedWeightElements,
} from '../hardware/index.ts';
import { type AttentionLayers, type StepModel, stepModelOf } from './step-model.ts';

/** The largest step and context that are priced. */
export interface StepRange {
  readonly tokens: number;
  readonly sequences: number;
  readonly context: number;
}

/** One quantity of the parts of a step. */
export type StepQuantity = Omit<StepPricer, 'energy' | 'traffic'>;

export interface StepTraffic {
  readonly macs: number;
  readonly offChipBytes: number;
}

/** Seconds of the parts of a step on a chip in one mode. */
export interface StepPricer {
  readonly model: StepModel;
  /** All layers of the tokens of a step without their attention, and the fixed time of a step. */
  body(tokens: number): number;
  /** The layers that run once for each sequence. */
  head(sequences: number): number;
  /** Scores, softmax and context of a chunk of a prompt behind cached tokens: the mean of all attention layers. */
  prefill(chunk: number, cached: number): number;
  /** The same for decoding sequences with `keys` tokens each, with the new one. */
  decode(sequences: number, keys: number): number;
  /**
   * The same functions in joules of dynamic energy, without static power. null: the chip has no figure for some of it. The energy of a
   * unit for attention is not known.
   */
  readonly energy: StepQuantity | null;
  /** The work of the layers of `body` and `head`: multiplications, and bytes of off-chip memory. */
  traffic(tokens: number, sequences: number): StepTraffic;
  /** Rows and keys after which attention takes a step in time. */
  readonly stairs: { readonly queries: number | null; readonly keys: number };
}

/**
 * Prices the steps of an open model. Weights have one place in on-chip memory for all steps: the one that is best if each sequence has one token,
 * because most steps of an engine decode only (our assumption).
 *
 * Burst mode reads the quantized weights from their copy in off-chip memory, or from the upper bytes of a nested copy. With conversion on the
 * chip there is no such copy: streamed weights arrive in the format of base mode, and the quantization unit converts them on the way (our
 * assumption). So burst mode cannot save their bytes.
 *
 * Our assumptions for a chip with a host: the sampler runs on the chip, and only the numbers of tokens cross the link, whose size is negligible.
 */
export function stepPricer(
  npu: Npu,
  model: Model,
  mode: Mode,
  range: StepRange,
  keyValues: StoredFormat = cacheFormat(modeOf(npu, mode)),
): StepPricer {
  const step = stepModelOf(model);
  const own = npu.burst === null ? 'base' : mode;
  const chip = stepChip(npu, own, keyValues);
  const plan = planResidency(chip, [step.whole], [Math.max(1, Math.min(range.sequences, range.tokens))]);
  const placement = placementOf(plan, 0);
  const bodyCount = step.body.layers.length;
  const knownParts = new Map<string, Priced>();
  const priceOf = (part: Model, first: number, batch: number): Priced => {
    if (part.layers.length === 0 || batch === 0) return nothing;
    const key = `${first} ${batch}`;
    const known = knownParts.get(key) ?? pricePart(part, first, batch);
    knownParts.set(key, known);
    return known;
  };
  const evaluated = (part: Model, first: number, batch: number) => {
    const shares = placement.shares.slice(first, first + part.layers.length);
    const evaluation = evaluateMode(chip, part, own, batch, { ...placement, shares });
    if (evaluation === null) throw new Error(`${npu.name} has no ${own} mode`);
    return { evaluation, shares };
  };
  const trafficOf = (part: Model, first: number, batch: number): StepTraffic => {
    let macs = 0;
    let offChipBytes = 0;
    if (part.layers.length === 0 || batch === 0) return { macs, offChipBytes };
    const { evaluation } = evaluated(part, first, batch);
    for (let index = 0; index < part.layers.length; index++) {
      const { work, cost } = evaluation.price(index, 'resident');
      macs += work.macs;
      offChipBytes += cost.hbmBytes;
    }
    return { macs, offChipBytes };
  };
  const pricePart = (part: Model, first: number, batch: number): Priced => {
    const { evaluation, shares } = evaluated(part, first, batch);
    const { totalSeconds, joules } = evaluation.chain('resident');
    if (!convertsStreams(npu, own)) return { seconds: totalSeconds, joules: sumOf(joules) };
    const elements = streamedWeightElements(evaluation.prepared, shares);
    const seconds = elements / npu.quantizer.elementsPerCycle / npu.clockHertz;
    const converted = elements * (npu.energy?.quantizeJoulesPerElement ?? 0);
    return { seconds: Math.max(totalSeconds, seconds), joules: joules === null ? null : sumOf(joules) + converted };
  };
  const fixedSeconds = npu.dispatch.latencySeconds + 2 * (npu.host?.latencySeconds ?? 0);
  const knownCores = new Map<string, Priced>();
  const coreOf = (sequences: number, queries: number, keys: number): Priced => {
    if (step.attentionCount === 0) return nothing;
    const key = `${sequences} ${queries} ${keys}`;
    let known = knownCores.get(key);
    if (known !== undefined) return known;
    let seconds = 0;
    let joules: number | null = 0;
    for (const layers of step.attention) {
      const one = priceAttention(chip, own, layers, placement, keyValues, { sequences, queries, keys });
      seconds += layers.count * one.seconds;
      joules = joules === null || one.joules === null ? null : joules + layers.count * one.joules;
    }
    const { attentionCount } = step;
    known = { seconds: seconds / attentionCount, joules: joules === null ? null : joules / attentionCount };
    knownCores.set(key, known);
    return known;
  };
  const functions = (of: (priced: Priced) => number, fixed: number) => ({
    body: (tokens: number) => of(priceOf(step.body, 0, tokens)) + fixed,
    head: (sequences: number) => of(priceOf(step.head, bodyCount, sequences)),
    prefill: (chunk: number, cached: number) => (chunk === 0 ? 0 : of(coreOf(1, chunk, cached + chunk))),
    decode: (sequences: number, keys: number) => (sequences === 0 ? 0 : of(coreOf(sequences, 1, keys))),
  });
  const stairs: StepPricer['stairs'] = {
    queries: npu.attention?.queriesPerPass ?? null,
    keys: Math.min(
      ...arraysOf(npu).map(({ rows, columns }) => (npu.attention === undefined ? Math.max(rows, columns) : columns)),
    ),
  };
  const probe = [priceOf(step.body, 0, 1), priceOf(step.head, bodyCount, 1), coreOf(1, 1, 1)];
  const hasEnergy = probe.every(({ joules }) => joules !== null);
  return {
    model: step,
    ...functions(({ seconds }) => seconds, fixedSeconds),
    traffic: (tokens, sequences) => {
      const [body, head] = [trafficOf(step.body, 0, tokens), trafficOf(step.head, bodyCount, sequences)];
      return { macs: body.macs + head.macs, offChipBytes: body.offChipBytes + head.offChipBytes };
    },
    energy: hasEnergy ? { model: step, ...functions(({ joules }) => joules ?? 0, 0), stairs } : null,
    stairs,
  };
}

/** The time of a part of a step, and its dynamic energy. null: some of it has no figure. */
interface Priced {
  readonly seconds: number;
  readonly joules: number | null;
}

const nothing: Priced = { seconds: 0, joules: 0 };

function sumOf(joules: Float64Array): number;
function sumOf(joules: Float64Array | null): number | null;
function sumOf(joules: Float64Array | null): number | null {
  return joules === null ? null : joules.reduce((sum, one) => sum + one, 0);
}

function modeOf(npu: Npu, mode: Mode): OperatingMode {
  return mode === 'burst' && npu.burst !== null ? npu.burst : npu.base;
}

/** Whether weights that are not resident arrive in base precision and are converted on the way. */
function convertsStreams(npu: Npu, mode: Mode): boolean {
  return mode === 'burst' && weightCopiesOf(npu) === 'on-chip';
}

/** The chip without the link to the host and the fixed time of a batch, with the formats that a step reads. */
function stepChip(npu: Npu, mode: Mode, keyValues: StoredFormat): Npu {
  const { perOperatorSeconds } = npu.dispatch;
  const { burst } = npu;
  const keys = (own: OperatingMode): Partial<OperatingMode> =>
    isSameFormat(cacheFormat(own), keyValues) ? {} : { cachedKeys: keyValues };
  const weights = convertsStreams(npu, mode) ? { weights: weightFormat(npu.base) } : {};
  return {
    ...npu,
    host: null,
    dispatch: { latencySeconds: 0, perOperatorSeconds },
    base: { ...npu.base, ...keys(npu.base) },
    burst: burst === null ? null : { ...burst, ...keys(burst), ...weights },
  };
}

interface CoreSize {
  readonly sequences: number;
  readonly queries: number;
  readonly keys: number;
}

const origin = { uri: 'step:', start: 0, end: 0 };

/** One layer's attention: the fused unit, or products and vector operations from the tiler. */
function priceAttention(
  chip: Npu,
  mode: Mode,
  { operation }: AttentionLayers,
  placement: Placement,
  keyValues: StoredFormat,
  { sequences, queries, keys }: CoreSize,
): Priced {
  const { heads, keyValueHeads, headSize, window } = operation;
  if (chip.attention !== undefined) {
    const limit = window === undefined ? {} : { window };
    const core = { sequences, queries, keys, heads, keyValueHeads, headSize, causal: true, ...limit };
    return { seconds: fusedAttentionSeconds(chip, core, keyValues), joules: null };
  }
  const shape = [queries, heads * headSize];
  const layer = {
    name: 'attention',
    operation: { ...operation, part: 'core', contextLength: keys } as const,
    inputs: [-1],
    inputShapes: [shape],
    outputShape: shape,
    origin,
  };
  const model: Model = {
    name: 'Attention',
    origin,
    inputShape: shape,
    layers: [layer],
    quantization: 'static',
    accuracy: null,
  };
  const shares = new Float64Array(1);
  const evaluation = evaluateMode(chip, model, mode, sequences, { ...placement, shares });
  if (evaluation === null) throw new Error(`${chip.name} has no ${mode} mode`);
  const { totalSeconds, joules } = evaluation.chain('resident');
  return { seconds: totalSeconds, joules: sumOf(joules) };
}

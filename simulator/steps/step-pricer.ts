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
  const secondsOf = (part: Model, first: number, batch: number): number => {
    if (part.layers.length === 0 || batch === 0) return 0;
    const shares = placement.shares.slice(first, first + part.layers.length);
    const evaluation = evaluateMode(chip, part, own, batch, { ...placement, shares });
    if (evaluation === null) throw new Error(`${npu.name} has no ${own} mode`);
    const { totalSeconds } = evaluation.chain('resident');
    if (!convertsStreams(npu, own)) return totalSeconds;
    const seconds =
      streamedWeightElements(evaluation.prepared, shares) / npu.quantizer.elementsPerCycle / npu.clockHertz;
    return Math.max(totalSeconds, seconds);
  };
  const fixedSeconds = npu.dispatch.latencySeconds + 2 * (npu.host?.latencySeconds ?? 0);
  const coreSeconds = (sequences: number, queries: number, keys: number): number => {
    if (step.attentionCount === 0) return 0;
    let sum = 0;
    for (const layers of step.attention) {
      sum += layers.count * attentionSeconds(chip, own, layers, placement, keyValues, { sequences, queries, keys });
    }
    return sum / step.attentionCount;
  };
  return {
    model: step,
    body: (tokens) => secondsOf(step.body, 0, tokens) + fixedSeconds,
    head: (sequences) => secondsOf(step.head, bodyCount, sequences),
    prefill: (chunk, cached) => (chunk === 0 ? 0 : coreSeconds(1, chunk, cached + chunk)),
    decode: (sequences, keys) => (sequences === 0 ? 0 : coreSeconds(sequences, 1, keys)),
    stairs: {
      queries: npu.attention?.queriesPerPass ?? null,
      keys: Math.min(
        ...arraysOf(npu).map(({ rows, columns }) => (npu.attention === undefined ? Math.max(rows, columns) : columns)),
      ),
    },
  };
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

/** Seconds of one layer's attention: the fused unit, or products and vector operations from the tiler. */
function attentionSeconds(
  chip: Npu,
  mode: Mode,
  { operation }: AttentionLayers,
  placement: Placement,
  keyValues: StoredFormat,
  { sequences, queries, keys }: CoreSize,
): number {
  const { heads, keyValueHeads, headSize, window } = operation;
  if (chip.attention !== undefined) {
    const limit = window === undefined ? {} : { window };
    const core = { sequences, queries, keys, heads, keyValueHeads, headSize, causal: true, ...limit };
    return fusedAttentionSeconds(chip, core, keyValues);
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
  return evaluation.chain('resident').totalSeconds;
}

import type { Mode, Model, Npu, StoredFormat } from '../../design/index.ts';
import { Grid4, type MeasuredOperators, type TablePoint } from '../sequences/index.ts';
import { type StepQuantity, type StepRange, stepPricer } from './step-pricer.ts';

/** Tables are refined until the middle of each interval is this close to the tiler. Our choice: well below the 1 % that we test. */
const TOLERANCE = 0.004;

const MICROSECONDS = 1e6;

/**
 * The operators of an open model on a chip as tables for `MeasuredStepCost`: products and vector operations by the tokens and the sequences of a
 * step, and attention by its four axes. Larger steps and contexts continue the last interval.
 *
 * @param keyValues the format of the KV cache. Default: that of the mode.
 */
export function sequenceOperators(
  npu: Npu,
  model: Model,
  mode: Mode,
  range: StepRange,
  keyValues?: StoredFormat,
): MeasuredOperators {
  return tablesOf(stepPricer(npu, model, mode, range, keyValues), range);
}

/** The operators of an open model, and the same tables in microjoules of dynamic energy. null: the chip has no figure for some of it. */
export interface StepOperators {
  readonly time: MeasuredOperators;
  readonly energy: MeasuredOperators | null;
}

/** As `sequenceOperators`, with the energy. */
export function stepOperators(
  npu: Npu,
  model: Model,
  mode: Mode,
  range: StepRange,
  keyValues?: StoredFormat,
): StepOperators {
  const pricer = stepPricer(npu, model, mode, range, keyValues);
  const { energy } = pricer;
  return { time: tablesOf(pricer, range), energy: energy === null ? null : tablesOf(energy, range) };
}

/** Tables of seconds in microseconds, or of joules in microjoules. */
function tablesOf(pricer: StepQuantity, range: StepRange): MeasuredOperators {
  const body = refined(1, range.tokens, (tokens) => pricer.body(tokens) * MICROSECONDS);
  const head = refined(1, range.sequences, (sequences) => pricer.head(sequences) * MICROSECONDS);
  const layers = pricer.model.attentionCount;
  return { byTokens: [body], bySequences: [head], attention: attentionOf(pricer, range), layers, skew: 0 };
}

/**
 * Attention by its four axes. The chunks of a step and its decoding sequences are priced alone, because they follow each other. Contexts below the
 * first one cost as much as it. A step without work costs as much as the first chunk.
 */
function attentionOf(pricer: StepQuantity, range: StepRange): Grid4 {
  const chunks = [0, ...chunkPoints(pricer, range.tokens)];
  const cached = [0, ...withEdges(pricer, steps(16, range.context, 4), range.context)];
  // Decoding sequences of equal context take the same time each, so few points suffice.
  const decodes = [0, ...new Set([1, Math.ceil(range.sequences / 16), range.sequences])];
  const contexts = withEdges(pricer, steps(16, range.context, 2), range.context);
  const prefill = chunks.map((chunk) => Float64Array.from(cached, (before) => meanPrefill(pricer, chunk, before)));
  const decoding = decodes.map((count) =>
    Float64Array.from(contexts, (context) => (count === 0 ? 0 : meanDecode(pricer, count, context))),
  );
  const axes = [chunks, cached, decodes, [0, ...contexts]].map((axis) => Float64Array.from(axis));
  return new Grid4(
    axes as [Float64Array, Float64Array, Float64Array, Float64Array],
    (chunk, before, count, context) => {
      const first = chunk === 0 && count === 0 ? 1 : chunk;
      const [row, column] = [prefill[first], decoding[count]] as [Float64Array, Float64Array];
      return ((row[before] as number) + (column[Math.max(0, context - 1)] as number)) * MICROSECONDS;
    },
  );
}

/** The ends of the sliding windows, where the time stops to grow. */
function withEdges({ model }: StepQuantity, values: readonly number[], most: number): readonly number[] {
  const windows = model.attention.flatMap(({ operation }) => operation.window ?? []);
  const all = new Set([...values, ...windows.filter((window) => window >= 16 && window < most)]);
  return [...all].sort((a, b) => a - b);
}

/**
 * Attention fills its arrays fold by fold and takes queries pass by pass, so its time is a staircase. Points of a grid would always be at the
 * same place of a stair. The mean over one stair around the point is not. Few passes have points at both ends of each stair instead, and no
 * cached tokens are exact.
 */
function meanPrefill(pricer: StepQuantity, chunk: number, cached: number): number {
  if (chunk === 0) return 0;
  const { queries, keys } = pricer.stairs;
  const width = cached < keys / 2 ? 0 : keys;
  const height = queries === null || chunk <= (EXACT_PASSES + 1) * queries ? 0 : queries;
  return meanOver(width, (across) =>
    meanOver(height, (along) => pricer.prefill(chunk + Math.round(along), cached + Math.round(across))),
  );
}

/** The mean over one stair of keys, because the contexts of the sequences of a step differ. Few keys are exact. */
function meanDecode(pricer: StepQuantity, sequences: number, context: number): number {
  const width = context < pricer.stairs.keys / 2 ? 0 : pricer.stairs.keys;
  return meanOver(width, (across) => pricer.decode(sequences, Math.max(1, context + Math.round(across))));
}

/** The mean of a function over an interval around 0. */
function meanOver(width: number, valueAt: (at: number) => number): number {
  if (width === 0) return valueAt(0);
  let sum = 0;
  for (let part = 0; part < PARTS; part++) sum += valueAt(width * ((part + 0.5) / PARTS - 0.5));
  return sum / PARTS;
}

/** Our choice: the mean of eight places differs from that of all places by a sixteenth of a stair. */
const PARTS = 8;

/** Our choice: with more passes, one stair is below 1 % of the time of attention. */
const EXACT_PASSES = 128;

/** Each full pass of queries, and the first query of the next one: the time jumps between them. */
function chunkPoints({ stairs }: StepQuantity, most: number): readonly number[] {
  const pass = stairs.queries ?? most;
  const values = new Set([1, ...steps(16, most, 4)]);
  for (let n = 1; n <= EXACT_PASSES && n * pass < most; n++) values.add(n * pass).add(n * pass + 1);
  return [...values].sort((a, b) => a - b);
}

/** Points from `low` to `high`, as many as a function that is linear in pieces needs. */
function refined(low: number, high: number, valueAt: (at: number) => number): readonly TablePoint[] {
  const found: TablePoint[] = [];
  const between = (left: TablePoint, right: TablePoint): void => {
    const at = Math.floor((left.at + right.at) / 2);
    if (at === left.at) return;
    const middle = { at, value: valueAt(at) };
    const line = left.value + ((at - left.at) / (right.at - left.at)) * (right.value - left.value);
    const isStraight = Math.abs(line - middle.value) <= TOLERANCE * middle.value && right.at - left.at <= high / 4;
    if (isStraight) {
      found.push(middle);
      return;
    }
    between(left, middle);
    found.push(middle);
    between(middle, right);
  };
  const first = { at: low, value: valueAt(low) };
  if (high <= low) return [first];
  const last = { at: high, value: valueAt(high) };
  between(first, last);
  return [first, ...found, last];
}

/** Powers of two from `low` to `high`, with `parts` equal steps between them, and `high`. */
function steps(low: number, high: number, parts: number): readonly number[] {
  const values = new Set<number>();
  for (let power = low; power < high; power *= 2) {
    for (let part = 0; part < parts; part++) {
      const at = Math.round(power * (1 + part / parts));
      if (at < high) values.add(at);
    }
  }
  return [...values.add(high)].sort((a, b) => a - b);
}

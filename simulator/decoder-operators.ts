import type { Layer, Model, Npu, Operation, Shape } from '../design/index.ts';
import { costModel, fusedAttentionSeconds } from './hardware/index.ts';
import { attentionGrid, type GridPoint, type MeasuredOperators, type TablePoint } from './sequences/index.ts';

/** The sizes of a decoder with gated feed-forward and grouped-query attention. */
export interface DecoderShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly feedForward: number;
  readonly vocabulary: number;
}

/** The largest step and context that the tables cover. Larger ones continue the last interval. */
export interface StepRange {
  readonly tokens: number;
  readonly sequences: number;
  readonly context: number;
}

/** The work of a step with one chunk of a prompt and decoding sequences of equal context. */
export interface SimpleStep {
  readonly chunk: number;
  /** Tokens of the prompt that are in the cache before the chunk. */
  readonly cached: number;
  readonly decodes: number;
  readonly context: number;
}

/** Tables are refined until the middle of each interval is this close to the tiler. Our choice: well below the 1 % that we test. */
const TOLERANCE = 0.004;

/**
 * The operators of a decoder on a chip as tables for `MeasuredStepCost`: products and vector operations from the tiler, by
 * the tokens and the sequences of a step, and fused attention by its four axes. Only for chips with an `attention` unit in
 * base mode. Writing the KV cache is part of the product that computes keys and values.
 */
export function decoderOperators(npu: Npu, decoder: DecoderShape, range: StepRange): MeasuredOperators {
  const microseconds = 1e6;
  const body = refined(1, range.tokens, (tokens) => productSeconds(npu, decoder, tokens, 1).body * microseconds);
  const head = refined(1, range.sequences, (rows) => productSeconds(npu, decoder, rows, rows).head * microseconds);
  const points: GridPoint[] = [];
  const chunks = [0, ...chunkPoints(npu, range.tokens)];
  const cached = [0, ...steps(16, range.context, 4)];
  // Decoding sequences of equal context take the same time each, so few points suffice.
  const decodes = [0, ...new Set([1, Math.ceil(range.sequences / 16), range.sequences])];
  const contexts = steps(16, range.context, 2);
  for (const chunk of chunks) {
    for (const before of chunk === 0 ? [0] : cached) {
      const prefill = meanPrefillSeconds(npu, decoder, chunk, before) * microseconds;
      for (const count of decodes) {
        for (const context of count === 0 ? [0] : contexts) {
          if (chunk + count === 0) continue;
          const value = prefill + decodeSeconds(npu, decoder, count, context) * microseconds;
          points.push({ at: [chunk, before, count, context], value });
        }
      }
    }
  }
  const { layers } = decoder;
  return { byTokens: [body], bySequences: [head], attention: attentionGrid(points), layers, skew: 0 };
}

/** Seconds of a step, priced without tables. */
export function decoderStepSeconds(npu: Npu, decoder: DecoderShape, step: SimpleStep): number {
  const sequences = step.decodes + (step.chunk > 0 ? 1 : 0);
  const { body, head } = productSeconds(npu, decoder, step.chunk + step.decodes, sequences);
  const attention =
    prefillSeconds(npu, decoder, step.chunk, step.cached) + decodeSeconds(npu, decoder, step.decodes, step.context);
  return body + head + decoder.layers * attention;
}

function prefillSeconds(npu: Npu, { heads, keyValueHeads, headSize }: DecoderShape, chunk: number, cached: number) {
  if (chunk === 0) return 0;
  const core = { sequences: 1, queries: chunk, keys: cached + chunk, heads, keyValueHeads, headSize, causal: true };
  return fusedAttentionSeconds(npu, core);
}

/**
 * Attention fills its arrays fold by fold and takes queries pass by pass, so its time is a staircase. Points of a grid would always
 * be at the same place of a stair. The mean over one stair around the point is not. Few passes have points at both ends of
 * each stair instead, and no cached tokens are exact.
 */
function meanPrefillSeconds(npu: Npu, decoder: DecoderShape, chunk: number, cached: number): number {
  const width = cached < npu.array.columns / 2 ? 0 : npu.array.columns;
  const pass = npu.attention?.queriesPerPass ?? chunk;
  const height = chunk <= (EXACT_PASSES + 1) * pass ? 0 : pass;
  const across = width === 0 ? 1 : PARTS;
  const along = height === 0 ? 1 : PARTS;
  let sum = 0;
  for (let part = 0; part < across; part++) {
    const before = cached + Math.round(width * ((part + 0.5) / across - 0.5));
    for (let other = 0; other < along; other++) {
      const queries = chunk + Math.round(height * ((other + 0.5) / along - 0.5));
      sum += prefillSeconds(npu, decoder, queries, before);
    }
  }
  return sum / (across * along);
}

/** Our choice: the mean of eight places differs from that of all places by a sixteenth of a stair. */
const PARTS = 8;

/** Our choice: with more passes, one stair is below 1 % of the time of attention. */
const EXACT_PASSES = 128;

/** Each full pass of queries, and the first query of the next one: the time jumps between them. */
function chunkPoints(npu: Npu, most: number): readonly number[] {
  const pass = npu.attention?.queriesPerPass ?? most;
  const values = new Set([1, ...steps(16, most, 4)]);
  for (let n = 1; n <= EXACT_PASSES && n * pass < most; n++) values.add(n * pass).add(n * pass + 1);
  return [...values].sort((a, b) => a - b);
}

function decodeSeconds(npu: Npu, { heads, keyValueHeads, headSize }: DecoderShape, sequences: number, keys: number) {
  if (sequences === 0) return 0;
  return fusedAttentionSeconds(npu, { sequences, queries: 1, keys, heads, keyValueHeads, headSize, causal: true });
}

/** Seconds of all layers without attention, and of the product with the vocabulary. */
function productSeconds(npu: Npu, decoder: DecoderShape, tokens: number, sequences: number) {
  const cost = costModel(npu, stepModel(decoder, tokens, sequences), 'base', 1);
  const head = cost.seconds * ((cost.layers.at(-1)?.cycles ?? 0) / cost.cycles);
  return { body: cost.seconds - head, head };
}

const origin = { uri: 'decoder:', start: 0, end: 0 };

/** All layers of a step without the attention between them, so that weights compete for on-chip memory as in the whole model. */
function stepModel(decoder: DecoderShape, tokens: number, sequences: number): Model {
  const { hidden, heads, keyValueHeads, headSize, feedForward, vocabulary } = decoder;
  const layers: Layer[] = [];
  /** Adds a layer that reads the one before it, and perhaps another one. Returns its place. */
  const add = (name: string, operation: Operation, outputShape: Shape, other?: number): number => {
    const shapeOf = (place: number): Shape => layers[place]?.outputShape ?? [tokens, hidden];
    const inputs = other === undefined ? [layers.length - 1] : [layers.length - 1, other];
    layers.push({ name, operation, inputs, inputShapes: inputs.map(shapeOf), outputShape, origin });
    return layers.length - 1;
  };
  const norm: Operation = { kind: 'normalization', normalization: 'rms', folded: false };
  const slice: Operation = { kind: 'reshape', copies: false };
  const sum: Operation = { kind: 'elementwise', operation: 'add' };
  const product: Operation = { kind: 'elementwise', operation: 'multiply' };
  const dense = (outputs: number): Operation => ({ kind: 'dense', outputs, bias: false });
  for (let layer = 0; layer < decoder.layers; layer++) {
    const start = layers.length - 1;
    const attended = (heads + 2 * keyValueHeads) * headSize;
    add(`norm ${layer}`, norm, [tokens, hidden]);
    add(`qkv ${layer}`, dense(attended), [tokens, attended]);
    add(`rotary ${layer}`, product, [tokens, attended], layers.length - 1);
    add(`heads ${layer}`, slice, [tokens, heads * headSize]);
    add(`output ${layer}`, dense(hidden), [tokens, hidden]);
    const middle = add(`residual ${layer}`, sum, [tokens, hidden], start);
    add(`norm 2 ${layer}`, norm, [tokens, hidden]);
    add(`gate and up ${layer}`, dense(2 * feedForward), [tokens, 2 * feedForward]);
    const gate = add(`gate ${layer}`, slice, [tokens, feedForward]);
    add(`silu ${layer}`, { kind: 'activation', function: 'silu' }, [tokens, feedForward]);
    add(`gated ${layer}`, product, [tokens, feedForward], gate);
    add(`down ${layer}`, dense(hidden), [tokens, hidden]);
    add(`residual 2 ${layer}`, sum, [tokens, hidden], middle);
  }
  add('last tokens', slice, [sequences, hidden]);
  add('final norm', norm, [sequences, hidden]);
  add('head', dense(vocabulary), [sequences, vocabulary]);
  return { name: 'Step', origin, inputShape: [tokens, hidden], layers, quantization: 'static', accuracy: null };
}

/** Points from `low` to `high`, as many as a function that is linear in pieces needs. */
function refined(low: number, high: number, valueAt: (at: number) => number): readonly TablePoint[] {
  const points: TablePoint[] = [];
  const between = (left: TablePoint, right: TablePoint): void => {
    const at = Math.floor((left.at + right.at) / 2);
    if (at === left.at) return;
    const middle = { at, value: valueAt(at) };
    const line = left.value + ((at - left.at) / (right.at - left.at)) * (right.value - left.value);
    const isStraight = Math.abs(line - middle.value) <= TOLERANCE * middle.value && right.at - left.at <= high / 4;
    if (isStraight) {
      points.push(middle);
      return;
    }
    between(left, middle);
    points.push(middle);
    between(middle, right);
  };
  const first = { at: low, value: valueAt(low) };
  if (high <= low) return [first];
  const last = { at: high, value: valueAt(high) };
  between(first, last);
  return [first, ...points, last];
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

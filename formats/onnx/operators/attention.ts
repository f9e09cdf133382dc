import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, withRank, withSpatial } from '../value.ts';
import { part } from './attention-parts.ts';
import { attention } from './attention-past.ts';
import type { Heads } from './attention-products.ts';
import { parameterValue } from './parameters.ts';
import { noPlace, projectedAttention } from './projected-attention.ts';
import { rotateQueryAndKey } from './rotary.ts';
import { approximate } from './selection.ts';

/* Operators that compute a whole attention: ONNX's own, and those of ONNX Runtime (docs/ContribOperators.md, domain com.microsoft). */

const noSteps = 'its queries, keys or values are missing or constant';

/** Queries, keys and values. In some networks the queries are trained: constants that every request reads. */
function operandsOf(node: NodeReader): readonly (Activation | undefined)[] {
  const values = [0, 1, 2].map((index) => node.input(index));
  if (!values.some((value) => value?.kind === 'activation')) return [];
  return values.map((value) => (value?.kind === 'constant' ? parameterValue(node, value) : value));
}

/** Attention of ONNX (operator sets 23, 24): three inputs of batch x steps x (heads x size) or batch x heads x steps x size. */
function onnxAttention(node: NodeReader): Outcome {
  const [query, key, value] = operandsOf(node);
  if (query === undefined || key === undefined || value === undefined) return noSteps;
  const rank = query.dims.length;
  if ((rank !== 3 && rank !== 4) || key.dims.length !== rank || value.dims.length !== rank) {
    return `inputs of ${[query, key, value].map(({ dims }) => dims.join(' x ')).join(', ')} are not supported`;
  }
  const heads = rank === 4 ? (query.dims[1] ?? 1) : node.int('q_num_heads', 0);
  const keyValueHeads = rank === 4 ? (key.dims[1] ?? 1) : node.int('kv_num_heads', 0);
  const last = (each: Activation) => each.dims[rank - 1] ?? 1;
  const parts: Heads = {
    query: withSpatial(query, 0),
    key: withSpatial(key, 0),
    value: withSpatial(value, 0),
    batch: query.dims[0] ?? 1,
    heads,
    keyValueHeads,
    steps: query.dims[rank - 2] ?? 1,
    keySteps: key.dims[rank - 2] ?? 1,
    headSize: rank === 4 ? last(query) : last(query) / heads,
    valueSize: rank === 4 ? last(value) : last(value) / keyValueHeads,
  };
  return attention(node, parts, { mask: node.input(3), pastKey: node.input(4), pastValue: node.input(5) }, rank);
}

/** The positions of the optional inputs in an operator of ONNX Runtime. */
interface Places {
  readonly bias: number;
  readonly mask: number;
  readonly scoresBias: number;
  readonly pastKey: number;
  readonly pastValue: number;
}

/** MultiHeadAttention: queries, keys and values are separate or packed. With rank 5, heads x 3 x size or heads x 2 x size are packed. */
function multiHeadAttention(node: NodeReader, places: Places): Outcome {
  const [input, ...others] = operandsOf(node);
  const heads = node.int('num_heads', 0);
  if (input === undefined) return noSteps;
  if (heads < 1) return `it states ${heads} heads`;
  const [batch = 1, steps = 1] = input.dims;
  let query = input;
  let [key, value] = others;
  if (input.dims.length === 5 && key === undefined) {
    const headSize = input.dims[4] ?? 1;
    const dims = [batch, steps, heads * headSize];
    [query, key, value] = [
      part(node, input, dims, 'queries'),
      part(node, input, dims, 'keys'),
      part(node, input, dims, 'values'),
    ];
  } else if (key?.dims.length === 5 && value === undefined) {
    const dims = [batch, key.dims[1] ?? 1, heads * (key.dims[4] ?? 1)];
    [key, value] = [part(node, key, dims, 'keys'), part(node, key, dims, 'values')];
  }
  if (key === undefined || value === undefined) return noSteps;
  const width = query.dims[2] ?? 1;
  // Four dimensions mean keys and values of another attention: batch x heads x steps x size.
  const isSplit = key.dims.length === 4;
  const keySteps = (isSplit ? key.dims[2] : key.dims[1]) ?? 1;
  const hasBias = node.hasInput(places.bias);
  const biased = (each: Activation, index: number, what: string) =>
    hasBias && !isSplit ? addBias(node, each, index, what) : each;
  const parts: Heads = {
    query: hasBias ? addBias(node, query, 0, 'queries') : query,
    key: biased(key, 1, 'keys'),
    value: biased(value, 2, 'values'),
    batch,
    heads,
    keyValueHeads: heads,
    steps,
    keySteps,
    headSize: width / heads,
    valueSize: isSplit ? (value.dims[3] ?? 1) : (value.dims[2] ?? 1) / heads,
  };
  return attention(
    node,
    parts,
    {
      mask: node.input(places.scoresBias) ?? node.input(places.mask),
      pastKey: node.input(places.pastKey),
      pastValue: node.input(places.pastValue),
    },
    3,
  );
}

/** PackedMultiHeadAttention: tokens x features, or tokens x heads x 3 x size. All tokens of one request are one sequence. */
function packedMultiHeadAttention(node: NodeReader): Outcome {
  let seen = node;
  for (const index of [0, 1, 2]) {
    const value = node.activation(index);
    if (value !== undefined) seen = seen.withInput(index, withRank(withSpatial(value, 0), value.dims.length + 1));
  }
  const outcome = multiHeadAttention(seen, packedMultiHead);
  const made = typeof outcome === 'string' ? undefined : outcome[0];
  return made?.kind === 'activation' ? [{ ...made, dims: made.dims.slice(1), batchAxis: -1 }] : outcome;
}

/**
 * Adds a bias. Exporters move it here from the product that made `value`. If that product is a dense layer of ours, the layer gets the
 * bias; otherwise it is an addition.
 */
function addBias(node: NodeReader, value: Activation, input: number, what: string): Activation {
  const draft = node.importer.soleProducer(node.node.inputs[input] ?? '', value);
  if (draft?.operation.kind === 'dense' && !draft.operation.bias) {
    draft.operation = { ...draft.operation, bias: true };
    return value;
  }
  const read = node.importer.read(value);
  const source = node.importer.add(
    `${node.name}_${what}_bias`,
    { kind: 'elementwise', operation: 'add' },
    [read],
    read.shape,
  );
  return { ...value, source, moved: false };
}

/** The inputs of grouped attention with the table of cosines, the mask, and the earlier keys and values. */
interface GroupedPlaces {
  readonly cosines: number;
  readonly mask: number;
  readonly pastKey: number;
  readonly pastValue: number;
}

/**
 * GroupQueryAttention: keys and values have fewer heads than queries, or all three are packed in the first input. With `do_rotary`, queries
 * and keys are rotated. `cache`: all keys and values, if the new ones are written into it.
 */
function groupedAttention(
  node: NodeReader,
  places: GroupedPlaces,
  cache?: { readonly key: Activation; readonly value: Activation },
): Outcome {
  const input = node.activation(0);
  const heads = node.int('num_heads', 0);
  const keyValueHeads = node.int('kv_num_heads', 0);
  if (input === undefined || input.dims.length !== 3) return noSteps;
  if (heads < 1 || keyValueHeads < 1) return `it states ${heads} and ${keyValueHeads} heads`;
  const [batch = 1, steps = 1, width = 1] = input.dims;
  const isPacked = !node.hasInput(1);
  const headSize = isPacked ? width / (heads + 2 * keyValueHeads) : width / heads;
  const keyWidth = keyValueHeads * headSize;
  const cut = (columns: number, what: string) => part(node, input, [batch, steps, columns], what);
  if (!Number.isInteger(headSize)) return `its ${heads} and ${keyValueHeads} heads do not divide an input of ${width}`;
  let query: Activation | undefined = isPacked ? cut(heads * headSize, 'queries') : input;
  let key = isPacked ? cut(keyWidth, 'keys') : node.activation(1);
  const value = isPacked ? cut(keyWidth, 'values') : node.activation(2);
  if (key === undefined || value === undefined) return noSteps;
  if (node.int('do_rotary', 0) !== 0) {
    // The table is half as wide as the elements that it rotates.
    const turned = 2 * (node.input(places.cosines)?.dims.at(-1) ?? headSize / 2);
    [query, key] = rotateQueryAndKey(node, query, key, headSize, turned);
  }
  const read = cache ?? { key, value };
  const keySteps = read.key.dims.length === 4 ? (read.key.dims[2] ?? 1) : (read.key.dims[1] ?? 1);
  const parts: Heads = {
    query,
    ...read,
    batch,
    heads,
    keyValueHeads,
    steps,
    keySteps,
    headSize,
    valueSize: headSize,
  };
  return attention(
    node,
    parts,
    { mask: node.input(places.mask), pastKey: node.input(places.pastKey), pastValue: node.input(places.pastValue) },
    3,
  );
}

/**
 * SparseAttention: the attention of grouped heads over chosen blocks of a cache, into which the new keys and values are written. All places of the
 * cache are counted.
 */
function sparseAttention(node: NodeReader): Outcome {
  const [key, value] = [node.activation(3), node.activation(4)];
  if (key?.dims.length !== 4 || value === undefined) return 'its cache of keys or values is missing or constant';
  approximate(
    node,
    { kind: 'any' },
    'it leaves out blocks of its keys. All blocks and all places of its cache are counted.',
  );
  return groupedAttention(node, { cosines: 9, mask: noPlace, pastKey: noPlace, pastValue: noPlace }, { key, value });
}

export const attentionReaders: Readonly<Record<string, OperatorReader>> = {
  Attention: onnxAttention,
};

const multiHead: Places = { bias: 3, mask: 4, scoresBias: 5, pastKey: 6, pastValue: 7 };
const packedMultiHead: Places = { bias: 3, mask: noPlace, scoresBias: 6, pastKey: noPlace, pastValue: noPlace };
const decoderMasked: Places = { bias: 10, mask: 3, scoresBias: 4, pastKey: 5, pastValue: 6 };

export const microsoftAttentionReaders: Readonly<Record<string, OperatorReader>> = {
  Attention: (node) => projectedAttention(node, { mask: 3, scoresBias: 5, past: 4 }),
  // All tokens of one request are one sequence.
  PackedAttention: (node) => projectedAttention(node, { mask: noPlace, scoresBias: 5, past: noPlace }),
  DecoderMaskedSelfAttention: (node) => projectedAttention(node, { mask: 3, scoresBias: 5, past: 4 }),
  PackedMultiHeadAttention: packedMultiHeadAttention,
  QAttention: (node) => projectedAttention(node, { mask: 5, scoresBias: noPlace, past: 8 }),
  MultiHeadAttention: (node) => multiHeadAttention(node, multiHead),
  DecoderMaskedMultiHeadAttention: (node) => multiHeadAttention(node, decoderMasked),
  GroupQueryAttention: (node) => groupedAttention(node, { cosines: 7, mask: 10, pastKey: 3, pastValue: 4 }),
  SparseAttention: sparseAttention,
};

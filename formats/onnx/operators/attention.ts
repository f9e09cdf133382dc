import type { NodeReader, OperatorReader, Outcome } from '../importer.ts';
import { type Activation, product, type Value, withSpatial } from '../value.ts';
import { attend, behindPast, type Heads } from './attention-products.ts';
import { rotate } from './rotary.ts';

/* Attention in one operator: ONNX's own, and those of ONNX Runtime (docs/ContribOperators.md, domain com.microsoft). */

const noSteps = 'its queries, keys or values are missing or constant';

/** Keys and values as an operator has them, before those of earlier steps are put in front. */
interface Parts {
  readonly query: Activation;
  readonly key: Activation;
  readonly value: Activation;
  readonly batch: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly steps: number;
  /** Steps that the new keys and values have. */
  readonly keySteps: number;
  readonly headSize: number;
  readonly valueSize: number;
}

interface Extras {
  readonly pastKey?: Value | undefined;
  readonly pastValue?: Value | undefined;
  readonly mask?: Value | undefined;
}

/** The products of attention over what is given and what earlier steps left; output, then the keys and the values as they are now. */
function attention(node: NodeReader, parts: Parts, extras: Extras, rank: number): Outcome {
  const { batch, heads, steps } = parts;
  if (
    ![heads, parts.keyValueHeads, parts.headSize, parts.valueSize].every((size) => Number.isInteger(size) && size >= 1)
  ) {
    return `its numbers of heads (${heads} and ${parts.keyValueHeads}) do not divide its inputs`;
  }
  if (heads % parts.keyValueHeads !== 0) {
    return `${parts.keyValueHeads} heads of keys do not divide its ${heads} heads of queries`;
  }
  const sizes: readonly (readonly [Activation, number])[] = [
    [parts.query, batch * heads * steps * parts.headSize],
    [parts.key, batch * parts.keyValueHeads * parts.keySteps * parts.headSize],
    [parts.value, batch * parts.keyValueHeads * parts.keySteps * parts.valueSize],
  ];
  const wrong = sizes.find(([value, elements]) => product(value.dims) !== elements);
  if (wrong !== undefined) return `an input of ${wrong[0].dims.join(' x ')} does not fit its ${heads} heads`;
  const key = behindPast(node, extras.pastKey, parts.key, parts, parts.keySteps, parts.headSize, 'keys');
  const value = behindPast(node, extras.pastValue, parts.value, parts, parts.keySteps, parts.valueSize, 'values');
  if (typeof key === 'string') return key;
  if (typeof value === 'string') return value;
  if (key.dims[2] !== value.dims[2]) return `it has ${key.dims[2]} keys and ${value.dims[2]} values`;
  const all: Heads = {
    ...parts,
    key,
    value,
    keySteps: key.dims[2] ?? 1,
    mask: extras.mask,
    softcap: (node.float('softcap') ?? 0) !== 0,
  };
  const attended = attend(node, all);
  if (typeof attended === 'string') return attended;
  const { context, scores } = attended;
  const batchAxis = batch === 1 ? 0 : -1;
  const output: Activation =
    rank === 4 ? context : { ...context, dims: [batch, steps, heads * parts.valueSize], batchAxis };
  return [output, key, value, scores];
}

/** Attention of ONNX (operator sets 23, 24): three inputs of batch x steps x (heads x size) or batch x heads x steps x size. */
function onnxAttention(node: NodeReader): Outcome {
  const [query, key, value] = [0, 1, 2].map((index) => node.activation(index));
  if (query === undefined || key === undefined || value === undefined) return noSteps;
  const rank = query.dims.length;
  if ((rank !== 3 && rank !== 4) || key.dims.length !== rank || value.dims.length !== rank) {
    return `inputs of ${[query, key, value].map(({ dims }) => dims.join(' x ')).join(', ')} are not supported`;
  }
  const heads = rank === 4 ? (query.dims[1] ?? 1) : node.int('q_num_heads', 0);
  const keyValueHeads = rank === 4 ? (key.dims[1] ?? 1) : node.int('kv_num_heads', 0);
  const last = (each: Activation) => each.dims[rank - 1] ?? 1;
  const parts: Parts = {
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

/** One of several parts that lie next to each other on the last axis, or on a packed one; read in place. */
function part(node: NodeReader, whole: Activation, dims: readonly number[], what: string): Activation {
  const shape = dims.filter((_, axis) => axis > 0 || dims[0] !== 1);
  const source = node.importer.add(
    `${node.name}_${what}`,
    { kind: 'reshape', copies: false },
    [node.importer.read(withSpatial(whole, 0))],
    shape,
  );
  return { kind: 'activation', dims, batchAxis: dims[0] === 1 ? 0 : -1, spatial: 0, source, moved: false };
}

/** The place of an input that an operator does not have. */
const none = -1;

/** Where an operator of ONNX Runtime has its optional inputs. */
interface Places {
  readonly bias: number;
  readonly mask: number;
  readonly scoresBias: number;
  readonly pastKey: number;
  readonly pastValue: number;
}

/** MultiHeadAttention: separate or packed queries, keys and values (rank 5 packs heads x 3 or 2 x size). */
function multiHeadAttention(node: NodeReader, places: Places): Outcome {
  const input = node.activation(0);
  const heads = node.int('num_heads', 0);
  if (input === undefined) return noSteps;
  if (heads < 1) return `it states ${heads} heads`;
  const [batch = 1, steps = 1] = input.dims;
  let query = input;
  let key = node.activation(1);
  let value = node.activation(2);
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
  // Four dimensions: keys and values of another attention, batch x heads x steps x size.
  const isSplit = key.dims.length === 4;
  const keySteps = (isSplit ? key.dims[2] : key.dims[1]) ?? 1;
  const hasBias = node.hasInput(places.bias);
  const biased = (each: Activation, index: number, what: string) =>
    hasBias && !isSplit ? addBias(node, each, index, what) : each;
  const parts: Parts = {
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

/** The bias of the product before it, which the exporter moved here; an addition where that product is none of ours. */
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

/** GroupQueryAttention: keys and values of fewer heads, or all three packed in the first input; rotates queries and keys where it says so. */
function groupQueryAttention(node: NodeReader): Outcome {
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
    // The table is half as wide as what it turns.
    const turned = 2 * (node.input(7)?.dims.at(-1) ?? headSize / 2);
    query = rotate(node, query, headSize, turned, '_turned_queries');
    key = rotate(node, key, headSize, turned, '_turned_keys');
  }
  const keySteps = key.dims.length === 4 ? (key.dims[2] ?? 1) : (key.dims[1] ?? 1);
  const parts: Parts = {
    query,
    key,
    value,
    batch,
    heads,
    keyValueHeads,
    steps,
    keySteps,
    headSize,
    valueSize: headSize,
  };
  return attention(node, parts, { mask: node.input(10), pastKey: node.input(3), pastValue: node.input(4) }, 3);
}

/** Attention of ONNX Runtime, which projects its input to queries, keys and values itself; past keys and values lie in one tensor. */
function projectedAttention(
  node: NodeReader,
  places: Pick<Places, 'mask' | 'scoresBias'> & { readonly past: number },
): Outcome {
  const input = node.activation(0);
  const weights = node.input(1);
  const heads = node.int('num_heads', 0);
  if (input === undefined || weights?.kind !== 'constant' || weights.dims.length !== 2) {
    return 'its input is missing, or its weights are no constant matrix';
  }
  const [inner = 0, columns = 0] = weights.dims;
  // A packed input has no batch: its tokens are those of one sequence.
  const [batch = 1, steps = 1] = input.dims.length === 3 ? input.dims : [1, input.dims[0] ?? 1];
  if (input.dims.at(-1) !== inner)
    return `weights of ${weights.dims.join(' x ')} do not fit an input of ${input.dims.join(' x ')}`;
  const stated = node.ints('qkv_hidden_sizes');
  const [width = 0, keyWidth = 0, valueWidth = 0] = stated ?? [columns / 3, columns / 3, columns / 3];
  if (heads < 1 || width + keyWidth + valueWidth !== columns || width !== keyWidth) {
    return `${heads} heads and parts of ${width}, ${keyWidth} and ${valueWidth} do not fit weights of ${weights.dims.join(' x ')}`;
  }
  const rows = batch === 1 ? [steps] : [batch, steps];
  const { importer } = node;
  const projected = importer.add(
    `${node.name}_projection`,
    { kind: 'dense', outputs: columns, bias: node.hasInput(2) },
    [importer.read(withSpatial(input, 0), [...rows, inner])],
    [...rows, columns],
  );
  const all: Activation = {
    kind: 'activation',
    dims: [batch, steps, columns],
    batchAxis: batch === 1 ? 0 : -1,
    spatial: 0,
    source: projected,
    moved: false,
  };
  let query = part(node, all, [batch, steps, width], 'queries');
  let key = part(node, all, [batch, steps, keyWidth], 'keys');
  const value = part(node, all, [batch, steps, valueWidth], 'values');
  const headSize = width / heads;
  if (node.int('do_rotary', 0) !== 0) {
    const turned = node.int('rotary_embedding_dim', 0);
    query = rotate(node, query, headSize, turned, '_turned_queries');
    key = rotate(node, key, headSize, turned, '_turned_keys');
  }
  const parts: Parts = {
    query,
    key,
    value,
    batch,
    heads,
    keyValueHeads: heads,
    steps,
    keySteps: steps,
    headSize,
    valueSize: valueWidth / heads,
  };
  const earlier = splitPast(node, node.input(places.past));
  if (typeof earlier === 'string') return earlier;
  const mask = node.input(places.scoresBias) ?? node.input(places.mask);
  const outcome = attention(node, parts, { ...earlier, mask }, 3);
  if (typeof outcome === 'string') return outcome;
  const [context, keys, values] = outcome;
  const tensor = node.node.outputs[1] ?? '';
  const isRead =
    tensor !== '' && importer.usesOf(tensor) > 0 && keys?.kind === 'activation' && values?.kind === 'activation';
  const output =
    input.dims.length === 3 || context?.kind !== 'activation'
      ? context
      : { ...context, dims: [steps, valueWidth], batchAxis: -1 };
  return [output, isRead ? present(node, keys, values) : undefined];
}

/** Earlier keys and values: 2 x batch x heads x steps x size. */
function splitPast(node: NodeReader, past: Value | undefined): Extras | string {
  if (past === undefined || product(past.dims) === 0) return {};
  if (past.kind === 'constant' || past.dims.length !== 5 || past.dims[0] !== 2) {
    return `its earlier keys and values of ${past.dims.join(' x ')} are not supported`;
  }
  const dims = past.dims.slice(1);
  const whole = { ...withSpatial(past, 0), batchAxis: past.dims[1] === 1 ? 1 : -1 };
  return { pastKey: part(node, whole, dims, 'past_keys'), pastValue: part(node, whole, dims, 'past_values') };
}

/** Keys and values in one tensor. */
function present(node: NodeReader, keys: Activation, values: Activation): Activation {
  const reads = [keys, values].map((each) => node.importer.read(each, [1, ...each.dims]));
  const shape = [2, ...keys.dims];
  const source = node.importer.add(`${node.name}_present`, { kind: 'concat', axis: -shape.length }, reads, shape);
  return { kind: 'activation', dims: shape, batchAxis: -1, spatial: 0, source, moved: false };
}

export const attentionReaders: Readonly<Record<string, OperatorReader>> = {
  Attention: onnxAttention,
};

const multiHead: Places = { bias: 3, mask: 4, scoresBias: 5, pastKey: 6, pastValue: 7 };
const decoderMasked: Places = { bias: 10, mask: 3, scoresBias: 4, pastKey: 5, pastValue: 6 };

export const microsoftAttentionReaders: Readonly<Record<string, OperatorReader>> = {
  Attention: (node) => projectedAttention(node, { mask: 3, scoresBias: 5, past: 4 }),
  // The tokens of one request are one sequence.
  PackedAttention: (node) => projectedAttention(node, { mask: none, scoresBias: 5, past: none }),
  QAttention: (node) => projectedAttention(node, { mask: 5, scoresBias: none, past: 8 }),
  MultiHeadAttention: (node) => multiHeadAttention(node, multiHead),
  DecoderMaskedMultiHeadAttention: (node) => multiHeadAttention(node, decoderMasked),
  GroupQueryAttention: groupQueryAttention,
};

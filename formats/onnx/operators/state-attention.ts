import type { Read } from '../layers.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, product, withSpatial } from '../value.ts';
import { convolution } from './convolution.ts';
import { samePlace } from './normalization.ts';
import { concatenateAlong } from './parts.ts';
import { combine } from './pointwise.ts';
import { fusedActivation } from './quantized.ts';
import { approximate } from './selection.ts';

/*
 * Attention with a state of fixed size in place of earlier keys and values (operators LinearAttention and CausalConvWithState, ONNX operator set
 * 27 and com.microsoft): the gated delta rule and its relatives.
 */

/** The rules that read the state before they write it. */
const delta: ReadonlySet<string> = new Set(['delta', 'gated_delta']);
/** The rules that let the state decay. */
const gated: ReadonlySet<string> = new Set(['gated', 'gated_delta']);

/**
 * LinearAttention: queries, keys and values of batch x steps x (heads x size), a state of batch x heads x key size x value size, a decay, and beta.
 * For each step, a head writes the product of its key and its value into the state, and multiplies its queries by the state. The
 * delta rules first multiply the key by the state. Each of these is key size x value size multiplications.
 */
function linearAttention(node: NodeReader): Outcome {
  const [query, key, value] = [0, 1, 2].map((index) => node.activation(index));
  const queryHeads = node.int('q_num_heads', 0);
  const heads = node.int('kv_num_heads', 0);
  const rule = node.text('update_rule') || 'gated_delta';
  if (query === undefined || key === undefined || value === undefined || query.dims.length !== 3)
    return 'its queries, keys or values are missing or constant';
  const [batch = 1, steps = 1, width = 1] = query.dims;
  const size = width / queryHeads;
  const valueSize = (value.dims[2] ?? 1) / heads;
  const keyHeads = (key.dims[2] ?? 1) / size;
  const made = Math.max(queryHeads, heads);
  const counts = [size, valueSize, keyHeads, heads / keyHeads, made / heads, made / queryHeads];
  if (!counts.every((count) => Number.isInteger(count) && count >= 1) || key.dims[1] !== steps) {
    return `its ${queryHeads} and ${heads} heads do not fit inputs of ${[query, key, value].map(({ dims }) => dims.join(' x ')).join(', ')}`;
  }
  if (steps > 1) {
    approximate(
      node,
      { kind: 'heavier' },
      'its steps depend on each other. They are counted as one product for all steps.',
    );
  }
  const { importer, name } = node;
  const groups = batch * heads;
  const each = (what: string, from: Activation, rows: number, columns: number): Read => {
    const read = importer.read(withSpatial(from, 0));
    const shape = [groups, rows, columns];
    return { index: importer.add(`${name}_${what}`, { kind: 'reshape', copies: true }, [read], shape), shape };
  };
  const add = (
    what: string,
    operation: Parameters<typeof importer.add>[1],
    reads: readonly Read[],
    shape: number[],
  ) => ({
    index: importer.add(`${name}_${what}`, operation, reads, shape),
    shape,
  });
  const times = { kind: 'matmul', transposed: false } as const;
  const multiply = { kind: 'elementwise', operation: 'multiply' } as const;
  const stateShape = [groups, size, valueSize];
  const past = node.activation(3);
  if (past !== undefined && product(past.dims) !== product(stateShape))
    return `a state of ${past.dims.join(' x ')} does not fit its ${heads} heads of ${size} x ${valueSize}`;
  const keys = each('keys', key, steps, size);
  let written = each('values', value, steps, valueSize);
  let state: Read =
    past === undefined
      ? add('state', { kind: 'reshape', copies: true }, [written], stateShape)
      : importer.read(withSpatial(past, 0), stateShape);
  if (gated.has(rule)) state = add('decay', multiply, [state], stateShape);
  if (delta.has(rule)) {
    const found = add('retrieve', times, [keys, state], [groups, steps, valueSize]);
    const error = add('error', { kind: 'elementwise', operation: 'subtract' }, [written, found], written.shape.slice());
    written = add('beta', multiply, [error], error.shape);
  }
  const turned = add('turned_keys', { kind: 'reshape', copies: true }, [keys], [groups, size, steps]);
  const update = add('write', times, [turned, written], stateShape);
  const next = add('update', { kind: 'elementwise', operation: 'add' }, [state, update], stateShape);
  const rows = (made / heads) * steps;
  const queries = each('queries', query, rows, size);
  const output = { dims: [batch, steps, made * valueSize], batchAxis: batch === 1 ? 0 : -1, spatial: 0 };
  const attended = node.layer(times, [queries, next], output, [groups, rows, valueSize]);
  const present: Activation = {
    kind: 'activation',
    dims: [batch, heads, size, valueSize],
    batchAxis: batch === 1 ? 0 : -1,
    spatial: 0,
    source: next.index,
    moved: false,
  };
  return [{ ...attended, moved: steps > 1 && made > 1 }, present];
}

/**
 * CausalConvWithState: a convolution of each channel with itself over the last K steps. The state contains the K - 1 steps before the input. Without
 * a state they are zero.
 */
function causalConvolution(node: NodeReader): Outcome {
  const value = node.activation(0);
  const weights = node.input(1);
  const past = node.activation(3);
  const [batch = 1, channels = 1] = value?.dims ?? [];
  const kernel = weights?.dims.at(-1) ?? 1;
  if (value?.dims.length !== 3 || weights?.dims.length !== 3 || node.int('ndim', 1) !== 1)
    return 'its input is not batch x channels x steps, or its weights are not channels x 1 x kernel';
  const joined = past === undefined ? [value] : concatenateAlong(node, [past, value], 2);
  const whole = typeof joined === 'string' ? undefined : joined[0];
  if (whole?.kind !== 'activation') return joined;
  const pads = past === undefined ? [kernel - 1, 0] : [0, 0];
  const seen = node.withInput(0, whole).withIntegers({ pads, group: channels, kernel_shape: [kernel] });
  const made = fusedActivation(node, convolution(seen, weights, node.input(2)));
  const tensor = node.node.outputs[1] ?? '';
  if (typeof made === 'string' || tensor === '' || node.importer.usesOf(tensor) === 0 || kernel < 2) return made;
  const shape = [kernel - 1, channels];
  const source = node.importer.add(
    `${node.name}_present`,
    { kind: 'reshape', copies: true },
    [node.importer.read(withSpatial(whole, 1))],
    batch === 1 ? shape : [batch, ...shape],
  );
  const present: Activation = {
    kind: 'activation',
    dims: [batch, channels, kernel - 1],
    batchAxis: batch === 1 ? 0 : -1,
    spatial: 1,
    source,
    moved: false,
  };
  return [made[0], present];
}

/** LinearAttentionGate: a decay, softplus(a + bias) x scale, and beta, sigmoid(b). */
function attentionGate(node: NodeReader): Outcome {
  const first = node.activation(0);
  const second = node.activation(3);
  if (first === undefined) return 'its input is missing or constant';
  const decay = samePlace(node, { kind: 'activation', function: 'other' }, first);
  return [decay, second && samePlace(node, { kind: 'activation', function: 'sigmoid' }, second)];
}

/** GatedRMSNorm: RMSNorm(x) x function(gate). */
function gatedNorm(node: NodeReader): Outcome {
  const value = node.activation(0);
  const gate = node.activation(2);
  if (value === undefined || gate === undefined) return 'its input or its gate is missing or constant';
  const normalized = samePlace(node, { kind: 'normalization', normalization: 'rms', folded: false }, value);
  const turned = samePlace(node, { kind: 'activation', function: 'silu' }, gate);
  return combine(node, [normalized, turned], 'multiply');
}

export const stateAttentionReaders: Readonly<Record<string, OperatorReader>> = {
  LinearAttention: linearAttention,
  CausalConvWithState: causalConvolution,
};

export const microsoftStateAttentionReaders: Readonly<Record<string, OperatorReader>> = {
  LinearAttentionGate: attentionGate,
  GatedRMSNorm: gatedNorm,
};

import type { NodeReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, product, type Value, withSpatial } from '../value.ts';
import { part } from './attention-parts.ts';
import { attention, type Extras } from './attention-past.ts';
import type { Heads } from './attention-products.ts';
import { rotateQueryAndKey } from './rotary.ts';

/** The position of an input that the operator does not have. */
export const noPlace = -1;

/** Attention of ONNX Runtime that also projects its input to queries, keys and values. One tensor contains the earlier keys and values. */
export function projectedAttention(
  node: NodeReader,
  places: { readonly mask: number; readonly scoresBias: number; readonly past: number },
): Outcome {
  const input = node.activation(0);
  const weights = node.input(1);
  const heads = node.int('num_heads', 0);
  if (input === undefined || weights?.kind !== 'constant' || weights.dims.length !== 2) {
    return 'its input is missing, or its weights are not a constant matrix';
  }
  const [inner = 0, columns = 0] = weights.dims;
  // A packed input has no batch. All its tokens belong to one sequence.
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
    [query, key] = rotateQueryAndKey(node, query, key, headSize, turned);
  }
  const parts: Heads = {
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

/** Splits the earlier keys and values: 2 x batch x heads x steps x size. */
function splitPast(node: NodeReader, past: Value | undefined): Extras | string {
  if (past === undefined || product(past.dims) === 0) return {};
  if (past.kind === 'constant' || past.dims.length !== 5 || past.dims[0] !== 2) {
    return `its earlier keys and values of ${past.dims.join(' x ')} are not supported`;
  }
  const dims = past.dims.slice(1);
  const whole = { ...withSpatial(past, 0), batchAxis: past.dims[1] === 1 ? 1 : -1 };
  return { pastKey: part(node, whole, dims, 'past_keys'), pastValue: part(node, whole, dims, 'past_values') };
}

/** Joins all keys and all values to one tensor. */
function present(node: NodeReader, keys: Activation, values: Activation): Activation {
  const reads = [keys, values].map((each) => node.importer.read(each, [1, ...each.dims]));
  const shape = [2, ...keys.dims];
  const source = node.importer.add(`${node.name}_present`, { kind: 'concat', axis: -shape.length }, reads, shape);
  return { kind: 'activation', dims: shape, batchAxis: -1, spatial: 0, source, moved: false };
}

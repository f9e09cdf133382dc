import type { NodeReader } from '../node-reader.ts';
import { type Activation, broadcast, product, type Value, withSpatial } from '../value.ts';

/** Queries, keys and values of one attention, with the sizes of their heads. `batch`: the number of samples in one request, usually 1. */
export interface Heads {
  readonly query: Activation;
  readonly key: Activation;
  readonly value: Activation;
  readonly batch: number;
  readonly heads: number;
  /** Less than `heads` if several query heads share the keys and values of one head. */
  readonly keyValueHeads: number;
  readonly steps: number;
  /** The number of steps of the keys and values. */
  readonly keySteps: number;
  readonly headSize: number;
  readonly valueSize: number;
}

/** The results of attention. */
export interface Attended {
  /** Batch x heads x steps x value size, made by the layer of the second product. */
  readonly context: Activation;
  /** Batch x heads x steps x key steps. */
  readonly scores: Activation;
}

/**
 * Computes softmax(scale Q K^T + mask) V, with one product for each group of heads that shares keys and values (ONNX operator Attention;
 * ContribOperators.md of ONNX Runtime: MultiHeadAttention, GroupQueryAttention). A causal mask saves no products, as in the attention layer
 * of the simulator. The heads are read in place, as in fused kernels: nothing is reordered in memory. `mask` is added to the scores,
 * broadcast to batch x heads x steps x key steps.
 */
export function attend(node: NodeReader, heads: Heads, mask: Value | undefined): Attended | string {
  const { importer, name } = node;
  const { batch, keyValueHeads, steps, keySteps, headSize, valueSize } = heads;
  const groups = batch * keyValueHeads;
  const rows = (heads.heads / keyValueHeads) * steps;
  const scoresShape = [groups, rows, keySteps];
  const query = importer.read(heads.query, [groups, rows, headSize]);
  const key = importer.read(heads.key, [groups, keySteps, headSize]);
  let index = importer.add(`${name}_scores`, { kind: 'matmul', transposed: true }, [query, key], scoresShape);
  const scores: Activation = {
    kind: 'activation',
    dims: [batch, heads.heads, steps, keySteps],
    batchAxis: batch === 1 ? 0 : -1,
    spatial: 0,
    source: index,
    moved: false,
  };
  index = importer.add(
    `${name}_scale`,
    { kind: 'elementwise', operation: 'multiply' },
    [{ index, shape: scoresShape }],
    scoresShape,
  );
  if ((node.float('softcap') ?? 0) !== 0) {
    index = importer.add(
      `${name}_softcap`,
      { kind: 'activation', function: 'tanh' },
      [{ index, shape: scoresShape }],
      scoresShape,
    );
  }
  const masked = addMask(node, { ...scores, source: index }, mask);
  if (typeof masked === 'string') return masked;
  const softmax = importer.add(
    `${name}_softmax`,
    { kind: 'softmax' },
    [importer.read(masked, scoresShape)],
    scoresShape,
  );
  const made = node.layer(
    { kind: 'matmul', transposed: false },
    [{ index: softmax, shape: scoresShape }, importer.read(heads.value, [groups, keySteps, valueSize])],
    { dims: [batch, heads.heads, steps, valueSize], batchAxis: batch === 1 ? 0 : -1, spatial: 0 },
    [groups, rows, valueSize],
  );
  return { context: made, scores };
}

/** Adds a mask to the scores. A mask with one dimension contains lengths. A constant mask needs no second operand. */
function addMask(node: NodeReader, scores: Activation, mask: Value | undefined): Activation | string {
  if (mask === undefined || mask.dims.length < 2) return scores;
  // A mask of batch x keys is a padding mask, the same for all heads and queries.
  const [first = 1, keys = 1] = mask.dims;
  const isPadding = mask.dims.length === 2 && first === (scores.dims[0] ?? 1) && first !== scores.dims[2];
  const dims = isPadding ? [first, 1, 1, keys] : mask.dims;
  // From operator set 24 on, a mask may have fewer places than there are keys. The remaining keys are masked.
  const isShort = (dims.at(-1) ?? 1) !== 1 && (dims.at(-1) ?? 1) < (scores.dims[3] ?? 1);
  const fits = broadcast(scores.dims, isShort ? dims.with(-1, 1) : dims);
  if (fits === undefined || product(fits) !== product(scores.dims)) {
    return `a mask of ${mask.dims.join(' x ')} does not fit scores of ${scores.dims.join(' x ')}`;
  }
  const { importer } = node;
  const reads = [importer.read(scores)];
  if (mask.kind === 'activation' && !isShort) {
    const batchAxis = dims[0] === 1 && dims.length === 4 ? 0 : -1;
    reads.push(importer.read({ ...withSpatial(mask, 0), dims, batchAxis }));
  }
  const shape = reads[0]?.shape ?? [];
  const index = importer.add(`${node.name}_mask`, { kind: 'elementwise', operation: 'add' }, reads, shape);
  return { ...scores, source: index };
}

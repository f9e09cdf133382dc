import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { product, type Value, withSpatial } from '../value.ts';
import { samePlace } from './normalization.ts';
import { combine } from './pointwise.ts';

/* What ONNX Runtime adds to the scores of an attention (docs/ContribOperators.md, domain com.microsoft). */

/**
 * GatedRelativePositionBias: batch x heads x steps x steps. Each query of each head is multiplied by the same head size x 8 weights. The sums of both
 * halves are gates of the relative positions.
 */
function gatedRelativeBias(node: NodeReader): Outcome {
  const query = node.activation(0);
  const relative = node.input(2);
  const weights = node.input(3);
  const heads = node.int('num_heads', 0);
  if (query === undefined || relative === undefined || weights?.kind !== 'constant' || weights.dims.length !== 2)
    return 'its queries, relative positions or weights are missing';
  const [size = 1, outputs = 1] = weights.dims;
  // Packed queries are tokens x features, of one sequence.
  const [batch = 1, steps = 1] = query.dims.length === 3 ? query.dims : [1, query.dims[0] ?? 1];
  if (heads * size !== query.dims.at(-1))
    return `${heads} heads of ${size} do not fit an input of ${query.dims.join(' x ')}`;
  const { importer, name } = node;
  const shape = [batch * heads, steps, size];
  const gates = importer.add(
    `${name}_gates`,
    { kind: 'dense', outputs, bias: node.hasInput(4) },
    [importer.read(withSpatial(query, 0), shape)],
    [batch * heads, steps, outputs],
    undefined,
    weights,
  );
  const sums = importer.add(
    `${name}_sums`,
    {
      kind: 'pool',
      operation: 'average',
      kernel: { height: 1, width: outputs },
      stride: { height: 1, width: outputs },
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
    },
    [
      {
        index: importer.add(
          `${name}_halves`,
          { kind: 'reshape', copies: false },
          [{ index: gates, shape: [batch * heads, steps, outputs] }],
          [batch * heads * steps, outputs, 1],
        ),
        shape: [batch * heads * steps, outputs, 1],
      },
    ],
    [batch * heads * steps, 1, 1],
  );
  const gate: Value = {
    kind: 'activation',
    dims: [batch, heads, steps, 1],
    batchAxis: batch === 1 ? 0 : -1,
    spatial: 0,
    source: sums,
    moved: false,
  };
  const turned = samePlace(node, { kind: 'activation', function: 'sigmoid' }, gate);
  return combine(node, [turned, relative], 'multiply');
}

/** BiasSoftmax: the softmax of a sum. */
function biasSoftmax(node: NodeReader): Outcome {
  const parts = [0, 1].flatMap((index) => node.input(index) ?? []);
  const sum = combine(node, parts, 'add');
  const value = typeof sum === 'string' ? undefined : sum[0];
  return value?.kind === 'activation' ? [samePlace(node, { kind: 'softmax' }, value)] : sum;
}

/** RelativePositionBias: a table of buckets x heads, looked up for every pair of positions. */
function relativeBias(node: NodeReader): Outcome {
  const table = node.input(0);
  const [queries, keys] = [1, 2].map((index) => node.known(index)?.[0]);
  const [, heads = 1] = table?.dims ?? [];
  if (table?.dims.length !== 2 || queries === undefined || keys === undefined)
    return 'its table or its numbers of positions are not known';
  const dims = [1, heads, queries, keys];
  if (table.kind === 'activation') {
    const read = node.importer.read(withSpatial(table, 0));
    return [node.layer({ kind: 'reshape', copies: true }, [read], { dims, batchAxis: 0, spatial: 0 })];
  }
  return product(dims) < 1 ? 'it has no positions' : 'its table is constant';
}

export const relativeBiasReaders: Readonly<Record<string, OperatorReader>> = {
  BiasSoftmax: biasSoftmax,
  GatedRelativePositionBias: gatedRelativeBias,
  RelativePositionBias: relativeBias,
};

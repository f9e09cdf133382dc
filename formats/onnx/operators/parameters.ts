import type { Read } from '../layers.ts';
import type { NodeReader } from '../node-reader.ts';
import { type Activation, type Constant, product } from '../value.ts';

/**
 * Learned numbers that every request reads, such as position embeddings: all rows of a table. They count as parameters and as memory
 * traffic.
 */
export function parameterValue(node: NodeReader, value: Constant): Activation {
  const { dims } = value;
  const seen = { dims, batchAxis: dims[0] === 1 ? 0 : -1, spatial: 0, moved: false };
  return { kind: 'activation', ...seen, source: tableOf(node, value) };
}

/** The same, read like the value `seen`. */
export function parameterTable(node: NodeReader, value: Constant, seen: Activation): Read {
  return node.importer.read({ ...seen, source: tableOf(node, value) });
}

/** The layer that reads all rows. */
function tableOf(node: NodeReader, value: Constant): number {
  const width = value.dims[value.dims.length - 1] ?? 1;
  const rows = product(value.dims) / Math.max(1, width);
  return node.importer.add(
    `${node.name}_parameters`,
    { kind: 'embedding', rows, width, lookups: rows, pooled: false },
    [{ index: -1, shape: [rows] }],
    [rows, width],
    undefined,
    value,
  );
}

/** The reason why weights that depend on the input are an error, and what to do if an input of the graph has them. */
export function computedWeights({ source }: Activation): string {
  return source < 0
    ? "its weights are an input of the graph, which has new data in every request. If they are weights, write 'assume { inputs: weights }' beside 'from'"
    : 'its weights are computed from the input, which is not supported';
}

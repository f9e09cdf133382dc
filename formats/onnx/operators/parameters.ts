import type { Read } from '../layers.ts';
import type { NodeReader } from '../node-reader.ts';
import { type Activation, type Constant, product } from '../value.ts';

/**
 * Learned numbers that every request reads, such as position embeddings: all rows of a table. They count as parameters and as memory
 * traffic.
 */
export function parameterTable(node: NodeReader, value: Constant, seen: Activation): Read {
  const width = value.dims[value.dims.length - 1] ?? 1;
  const rows = product(value.dims) / Math.max(1, width);
  const index = node.importer.add(
    `${node.name}_parameters`,
    { kind: 'embedding', rows, width, lookups: rows, pooled: false },
    [{ index: -1, shape: [rows] }],
    [rows, width],
    undefined,
    value,
  );
  return node.importer.read({ ...seen, source: index });
}

import type { NodeReader } from '../node-reader.ts';
import { type Activation, withSpatial } from '../value.ts';

/** One of several parts that are next to each other on the last axis, or on a packed one. It is read in place. */
export function part(node: NodeReader, whole: Activation, dims: readonly number[], what: string): Activation {
  const shape = dims.filter((_, axis) => axis > 0 || dims[0] !== 1);
  const source = node.importer.add(
    `${node.name}_${what}`,
    { kind: 'reshape', copies: false },
    [node.importer.read(withSpatial(whole, 0))],
    shape,
  );
  return { kind: 'activation', dims, batchAxis: dims[0] === 1 ? 0 : -1, spatial: 0, source, moved: false };
}

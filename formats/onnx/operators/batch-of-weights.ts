import type { NodeReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, broadcast, product, sameOrder, withRank, withSpatial } from '../value.ts';
import { pointwise } from './images.ts';

/** Weight matrices of `inner` x `outputs`, one for each position of the axes `outer`. */
export interface WeightMatrices {
  readonly outer: readonly number[];
  readonly inner: number;
  readonly outputs: number;
}

/**
 * The product of a value with several weight matrices, as NumPy's matmul. It is a 1 x 1 convolution with the same arithmetic. An outer axis
 * of the value is one of three things: rows, if all its positions have the same matrix; a group, if each has its own matrix; or it is missing, and
 * then every matrix of the axis makes further filters of the same input.
 */
export function batchOfWeights(node: NodeReader, value: Activation, weights: WeightMatrices): Outcome {
  const { inner, outputs } = weights;
  const rank = Math.max(value.dims.length, weights.outer.length + 2);
  const plain = withRank(withSpatial(value, 0), rank);
  const leading = plain.dims.slice(0, -2);
  const outer = [...leading.map(() => 1), ...weights.outer].slice(-leading.length);
  const joined = broadcast(leading, outer);
  if (plain.dims.at(-1) !== inner || joined === undefined) {
    return `weights of ${[...weights.outer, inner, outputs].join(' x ')} do not fit an input of ${value.dims.join(' x ')}`;
  }
  const axes = [...leading.keys()];
  const shared = axes.filter((axis) => outer[axis] === 1);
  const groups = axes.filter((axis) => outer[axis] !== 1 && leading[axis] !== 1);
  const fans = axes.filter((axis) => outer[axis] !== 1 && leading[axis] === 1);
  const sizeOf = (list: readonly number[], dims: readonly number[]) => product(list.map((axis) => dims[axis] ?? 1));
  const groupCount = sizeOf(groups, outer);
  const rows = sizeOf(shared, leading) * (plain.dims.at(-2) ?? 1);
  const filters = groupCount * sizeOf(fans, outer) * outputs;
  const dims = [...joined, plain.dims.at(-2) ?? 1, outputs];
  const order = [...shared, rank - 2, ...groups, ...fans, rank - 1];
  const isMoved = (sizes: readonly number[]) => !sameOrder(sizes, [...sizes.keys()], order);
  const read = node.importer.read({ ...plain, moved: plain.moved || isMoved(plain.dims) }, [
    rows,
    1,
    groupCount * inner,
  ]);
  const operation = pointwise(filters, groupCount, false);
  const batchAxis = shared.includes(plain.batchAxis) ? plain.batchAxis : -1;
  const made = node.layer(operation, [read], { dims, batchAxis, spatial: 0 }, [rows, 1, filters]);
  return [{ ...made, moved: isMoved(dims) }];
}

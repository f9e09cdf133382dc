import type { TensorInfo } from '../graph.ts';
import { type Constant, product, sameShape } from '../value.ts';

/** Fields of TensorProto whose elements have a fixed width: float_data, raw_data, double_data. */
const fixedWidth: ReadonlySet<number> = new Set([4, 9, 10]);

/**
 * Whether a constant with a row for each of `count` samples has the same numbers in all rows, as a constant that was expanded for a
 * batch. `axis` has outer x samples x (the rest) elements.
 */
export function rowsOf(
  bytes: Uint8Array,
  constant: Constant,
  axis: number,
  outer: number,
  count: number,
): 'alike' | 'different' | 'unknown' {
  const before = product(constant.dims.slice(0, axis)) * outer;
  const inner = product(constant.dims) / before / count;
  const { values, tensor } = constant;
  if (!Number.isInteger(inner)) return 'unknown';
  if (values !== undefined) return hasEqualRows(values, before, inner, count) ? 'alike' : 'different';
  const contents = contentsOf(tensor, constant.dims);
  if (contents === undefined) return 'unknown';
  const width = (contents.end - contents.start) / product(constant.dims);
  return hasEqualRows(bytes.subarray(contents.start, contents.end), before, inner * width, count)
    ? 'alike'
    : 'different';
}

function hasEqualRows(values: ArrayLike<number>, before: number, inner: number, count: number): boolean {
  for (let block = 0; block < before; block++) {
    const start = block * count * inner;
    for (let at = start + inner; at < start + count * inner; at++) if (values[at] !== values[at - inner]) return false;
  }
  return true;
}

/** The range of the file with the elements of a tensor in their order. Undefined if the identity of the constant is not such a tensor. */
function contentsOf(tensor: object | undefined, dims: readonly number[]): TensorInfo['contents'][number] | undefined {
  if (tensor === undefined || !('contents' in tensor)) return undefined;
  const { contents, dims: own } = tensor as TensorInfo;
  const [only] = contents;
  // A constant keeps its tensor when its axes change places. Then its elements have another order in the file.
  if (contents.length !== 1 || only === undefined || !fixedWidth.has(only.field) || !sameShape(own, dims))
    return undefined;
  return Number.isInteger((only.end - only.start) / product(dims)) && only.end > only.start ? only : undefined;
}

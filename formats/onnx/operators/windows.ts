import type { Padding, Pair } from '../../../design/index.ts';
import type { NodeReader } from '../node-reader.ts';

/** A window that moves along one axis. The number of outputs is rounded down, and the padding is explicit. */
export interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** The number of output positions. */
  readonly outputs: number;
}

/**
 * Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode. `sizes`: the input positions. The padding at the end is adjusted so
 * that rounding down gives the number of outputs in ONNX, which may round up.
 */
export function readWindow(
  node: NodeReader,
  sizes: readonly number[],
  kernel: readonly number[],
): readonly Axis[] | string {
  const rank = sizes.length;
  const strides = node.ints('strides') ?? sizes.map(() => 1);
  const dilations = node.ints('dilations') ?? sizes.map(() => 1);
  const pads = node.ints('pads') ?? [...sizes, ...sizes].map(() => 0);
  const automatic = node.text('auto_pad');
  const ceil = node.int('ceil_mode', 0) !== 0;
  if (kernel.length !== rank || strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank) {
    return `its kernel, strides, dilations or pads do not fit an input with ${rank} positions`;
  }
  const axes: Axis[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const size = sizes[axis] ?? 1;
    const stride = strides[axis] ?? 1;
    const window = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const problem = windowProblem(kernel[axis] ?? 1, stride, dilations[axis] ?? 1);
    if (problem !== undefined) return problem;
    let before = pads[axis] ?? 0;
    let after = pads[axis + rank] ?? 0;
    let output: number;
    if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') {
      output = Math.ceil(size / stride);
      const total = Math.max(0, (output - 1) * stride + window - size);
      before = automatic === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
      after = total - before;
    } else {
      if (automatic === 'VALID') before = after = 0;
      if (before < 0 || after < 0 || before > 2 ** 20 || after > 2 ** 20) return `it pads by ${before} and ${after}`;
      const room = size + before + after - window;
      if (room < 0) return `its window of ${window} does not fit the ${size + before + after} positions it is laid on`;
      output = Math.floor(room / stride) + 1;
      // Rounding up adds a window only if it starts inside the input or its left padding (operator set 11).
      if (ceil && room % stride !== 0 && output * stride < size + before) {
        after += stride - (room % stride);
        output++;
      }
    }
    axes.push({
      size,
      kernel: kernel[axis] ?? 1,
      stride,
      dilation: dilations[axis] ?? 1,
      before,
      after,
      outputs: output,
    });
  }
  return axes;
}

/** Two axes in the form of a layer. */
export function geometryOf(
  rows: Axis,
  columns: Axis,
): { readonly kernel: Pair; readonly stride: Pair; readonly dilation: Pair; readonly padding: Padding } {
  return {
    kernel: { height: rows.kernel, width: columns.kernel },
    stride: { height: rows.stride, width: columns.stride },
    dilation: { height: rows.dilation, width: columns.dilation },
    padding: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
  };
}

function windowProblem(kernel: number, stride: number, dilation: number): string | undefined {
  const fits = (value: number) => Number.isInteger(value) && value >= 1 && value <= 2 ** 20;
  return fits(kernel) && fits(stride) && fits(dilation)
    ? undefined
    : `a kernel of ${kernel} with stride ${stride} and dilation ${dilation} is not possible`;
}

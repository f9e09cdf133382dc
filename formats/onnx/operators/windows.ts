import type { Padding, Pair } from '../../../design/index.ts';
import type { NodeReader } from '../importer.ts';

/** Geometry of a convolution or pooling over one or two positions, as Stimpack says it: rounding down, padding written out. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
  /** Positions that come out, in ONNX order. */
  readonly outputs: readonly number[];
}

/**
 * Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode. `sizes`: positions that go in, one or two. Padding at
 * the far end is set so that rounding down gives ONNX's output, whatever its own rounding was.
 */
export function readWindow(node: NodeReader, sizes: readonly number[], kernel: readonly number[]): Window | string {
  const rank = sizes.length;
  const strides = node.ints('strides') ?? sizes.map(() => 1);
  const dilations = node.ints('dilations') ?? sizes.map(() => 1);
  const pads = node.ints('pads') ?? [...sizes, ...sizes].map(() => 0);
  const automatic = node.text('auto_pad');
  const ceil = node.int('ceil_mode', 0) !== 0;
  if (kernel.length !== rank || strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank) {
    return `its kernel, strides, dilations or pads do not fit an input with ${rank} positions`;
  }
  const begin: number[] = [];
  const end: number[] = [];
  const outputs: number[] = [];
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
    begin.push(before);
    end.push(after);
    outputs.push(output);
  }
  const pair = (values: readonly number[]): Pair => ({
    height: values[0] ?? 1,
    width: rank === 1 ? 1 : (values[1] ?? 1),
  });
  return {
    kernel: pair(kernel),
    stride: pair(strides),
    dilation: pair(dilations),
    padding: {
      top: begin[0] ?? 0,
      bottom: end[0] ?? 0,
      left: rank === 1 ? 0 : (begin[1] ?? 0),
      right: rank === 1 ? 0 : (end[1] ?? 0),
    },
    outputs,
  };
}

function windowProblem(kernel: number, stride: number, dilation: number): string | undefined {
  const fits = (value: number) => Number.isInteger(value) && value >= 1 && value <= 2 ** 20;
  return fits(kernel) && fits(stride) && fits(dilation)
    ? undefined
    : `a kernel of ${kernel} with stride ${stride} and dilation ${dilation} is not possible`;
}

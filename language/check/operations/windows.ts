import type { DepthAxis, Message, Padding, Pair, Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';
import { showShape } from './rule.ts';

/** A window over a sequence, an image or a volume. A sequence is an image of height 1. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
  /** Present for a volume only. */
  readonly depth?: DepthAxis;
  /** The number of positions in each direction, in the order of the input's dimensions. */
  readonly output: Shape;
}

/** One direction. */
interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly size: number;
}

const still: Axis = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, size: 1 };

/** The most directions in which a window moves: depth, height and width. */
export const mostDirections = 3;

/** The window that the settings of a layer describe, over an input of one to three directions and the channels. */
export function windowOf(settings: Settings, input: Shape): Window | { readonly problem: Message } {
  const sizes = input.slice(0, -1);
  const shape = showShape(input);
  const given: Record<'kernel' | 'stride' | 'dilation', readonly number[]> = {
    kernel: settings.sizes('kernel'),
    stride: settings.sizes('stride'),
    dilation: settings.schema.properties.some(({ name }) => name === 'dilation') ? settings.sizes('dilation') : [1],
  };
  const directions = sizes.length;
  for (const [name, all] of Object.entries(given)) {
    if (all.length === 1 || all.length === directions) continue;
    return { problem: shapeMessages.otherDirections({ name, count: all.length, directions, shape }) };
  }
  const ends = settings.ends('padding');
  const padding = ends === 'same' ? ends : endsOf(ends, directions);
  if (padding === undefined) {
    return { problem: shapeMessages.otherDirections({ name: 'padding', count: ends.length, directions, shape }) };
  }
  const axes = sizes.map((size, at): Axis => {
    const [kernel, stride, dilation] = [
      valueAt(given.kernel, at),
      valueAt(given.stride, at),
      valueAt(given.dilation, at),
    ];
    const slid = slide(size, kernel, stride, dilation, padding === 'same' ? undefined : padding[at]);
    return { kernel, stride, dilation, ...slid };
  });
  if (axes.some(({ size }) => size < 1)) {
    return { problem: shapeMessages.windowTooLarge({ kernel: axes.map(({ kernel }) => kernel).join(' x '), shape }) };
  }
  const [columns = still, rows = still, depth] = axes.toReversed();
  return {
    kernel: { height: rows.kernel, width: columns.kernel },
    stride: { height: rows.stride, width: columns.stride },
    dilation: { height: rows.dilation, width: columns.dilation },
    padding: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
    ...(depth === undefined ? {} : { depth: depthOf(depth) }),
    output: axes.map(({ size }) => size),
  };
}

function depthOf({ kernel, stride, dilation, before, after }: Axis): DepthAxis {
  return { kernel, stride, dilation, front: before, back: after };
}

function valueAt(sizes: readonly number[], at: number): number {
  return sizes[at] ?? sizes[0] ?? 1;
}

/** The zeros before and after in each direction. undefined if there is another number of ends than of directions. */
function endsOf(ends: readonly number[], directions: number): readonly (readonly [number, number])[] | undefined {
  const each = (of: (at: number) => readonly [number, number]) => Array.from({ length: directions }, (_, at) => of(at));
  const end = (at: number): number => ends[at] ?? 0;
  if (ends.length === 1) return each(() => [end(0), end(0)]);
  if (ends.length === 2 * directions) return each((at) => [end(2 * at), end(2 * at + 1)]);
  return ends.length === directions ? each((at) => [end(at), end(at)]) : undefined;
}

/**
 * The number of window positions along one dimension, and the zeros before and after. Without `padding`, zeros are added for
 * ceil(size / stride) positions and split as in TensorFlow.
 */
function slide(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: readonly [number, number] | undefined,
): { readonly size: number; readonly before: number; readonly after: number } {
  const reach = dilation * (kernel - 1) + 1;
  if (padding === undefined) {
    const positions = Math.ceil(size / stride);
    const total = Math.max((positions - 1) * stride + reach - size, 0);
    const before = Math.floor(total / 2);
    return { size: positions, before, after: total - before };
  }
  const [before, after] = padding;
  return { size: Math.floor((size + before + after - reach) / stride) + 1, before, after };
}

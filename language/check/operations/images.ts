import type { Conv, Message, Padding, Pair, Pool, Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';
import { type Inferred, type LayerRules, needs, ofOne, showShape } from './rule.ts';

/** Layers that read an image: height x width x channels. */
export const imageLayers = {
  conv: ofOne((settings, input) => inferConv('conv', settings, input)),
  depthwise: ofOne((settings, input) => inferConv('depthwise', settings, input)),
  maxpool: ofOne((settings, input) => inferPool('max', settings, input)),
  avgpool: ofOne((settings, input) => inferPool('average', settings, input)),
  globalpool: ofOne((_, input) => {
    const image = imageOf(input);
    if (image === undefined) return needs('globalpool', imageShape, input);
    const { height, width, channels } = image;
    const all: Pair = { height, width };
    return {
      operation: { kind: 'pool', operation: 'average', kernel: all, stride: all, padding: noPadding },
      output: [channels],
    };
  }),
  upsample: ofOne((settings, input) => {
    const image = imageOf(input);
    if (image === undefined) return needs('upsample', imageShape, input);
    if (settings.has('size')) {
      const size = settings.pair('size');
      const factor = { height: size.height / image.height, width: size.width / image.width };
      return { operation: { kind: 'upsample', factor }, output: [size.height, size.width, image.channels] };
    }
    const factor = settings.pair('factor');
    return {
      operation: { kind: 'upsample', factor },
      output: [image.height * factor.height, image.width * factor.width, image.channels],
    };
  }),
} satisfies LayerRules;

const imageShape = 'height x width x channels';
const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function imageOf(shape: Shape): Image | undefined {
  const [height, width, channels] = shape;
  if (height === undefined || width === undefined || channels === undefined || shape.length !== 3) return undefined;
  return { height, width, channels };
}

function inferConv(keyword: 'conv' | 'depthwise', settings: Settings, input: Shape): Inferred {
  const image = imageOf(input);
  if (image === undefined) return needs(keyword, imageShape, input);
  const { channels } = image;
  const dilation = settings.pair('dilation');
  const window = windowOf(settings, dilation, image);
  if ('problem' in window) return window;
  const groups = keyword === 'depthwise' ? channels : settings.number('groups');
  const filters = keyword === 'depthwise' ? channels * settings.number('multiplier') : settings.number('filters');
  if (channels % groups !== 0) return { problem: shapeMessages.groupsOfInputs({ groups, channels }) };
  if (filters % groups !== 0) return { problem: shapeMessages.groupsOfFilters({ groups, filters }) };
  const { kernel, stride, padding, output } = window;
  const bias = settings.flag('bias');
  const operation: Conv = { kind: 'conv', kernel, stride, padding, dilation, filters, groups, bias };
  return { operation, output: [output.height, output.width, filters] };
}

function inferPool(operation: Pool['operation'], settings: Settings, input: Shape): Inferred {
  const image = imageOf(input);
  if (image === undefined) return needs(settings.schema.keyword, imageShape, input);
  const window = windowOf(settings, { height: 1, width: 1 }, image);
  if ('problem' in window) return window;
  const { kernel, stride, padding, output } = window;
  return {
    operation: { kind: 'pool', operation, kernel, stride, padding },
    output: [output.height, output.width, image.channels],
  };
}

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly output: Pair;
}

function windowOf(settings: Settings, dilation: Pair, image: Image): Window | { readonly problem: Message } {
  const { height, width, channels } = image;
  const kernel = settings.pair('kernel');
  const stride = settings.pair('stride');
  const written = settings.padding('padding');
  const along = written === 'same' ? undefined : written;
  const rows = slide(height, kernel.height, stride.height, dilation.height, along && [along.top, along.bottom]);
  const columns = slide(width, kernel.width, stride.width, dilation.width, along && [along.left, along.right]);
  if (rows.size < 1 || columns.size < 1) {
    const shape = showShape([height, width, channels]);
    return { problem: shapeMessages.windowTooLarge({ ...kernel, shape }) };
  }
  const padding: Padding = { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after };
  return { kernel, stride, padding, output: { height: rows.size, width: columns.size } };
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

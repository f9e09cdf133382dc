import type { Conv, Padding, Pair, Pool, Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';
import { type Inferred, type LayerRules, needs, ofOne } from './rule.ts';
import { mostDirections, windowOf } from './windows.ts';

/** Layers that read an image (height x width x channels), a sequence (length x channels) or a volume (depth x height x width x channels). */
export const imageLayers = {
  conv: ofOne((settings, input) => inferConv('conv', settings, input)),
  depthwise: ofOne((settings, input) => inferConv('depthwise', settings, input)),
  maxpool: ofOne((settings, input) => inferPool('max', settings, input)),
  avgpool: ofOne((settings, input) => inferPool('average', settings, input)),
  globalpool: ofOne((_, input) => inferGlobalPool(input)),
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
const windowShape = 'length x channels, height x width x channels, or depth x height x width x channels';
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

/** The channels of a sequence, an image or a volume. undefined for other shapes. */
function channelsOf(shape: Shape): number | undefined {
  return shape.length >= 2 && shape.length <= mostDirections + 1 ? shape.at(-1) : undefined;
}

function inferConv(keyword: 'conv' | 'depthwise', settings: Settings, input: Shape): Inferred {
  const channels = channelsOf(input);
  if (channels === undefined) return needs(keyword, windowShape, input);
  const window = windowOf(settings, input);
  if ('problem' in window) return window;
  const groups = keyword === 'depthwise' ? channels : settings.number('groups');
  const filters = keyword === 'depthwise' ? channels * settings.number('multiplier') : settings.number('filters');
  if (channels % groups !== 0) return { problem: shapeMessages.groupsOfInputs({ groups, channels }) };
  if (filters % groups !== 0) return { problem: shapeMessages.groupsOfFilters({ groups, filters }) };
  const { output, ...moves } = window;
  const operation: Conv = { kind: 'conv', ...moves, filters, groups, bias: settings.flag('bias') };
  return { operation, output: [...output, filters] };
}

function inferPool(operation: Pool['operation'], settings: Settings, input: Shape): Inferred {
  const channels = channelsOf(input);
  if (channels === undefined) return needs(settings.schema.keyword, windowShape, input);
  const window = windowOf(settings, input);
  if ('problem' in window) return window;
  const { kernel, stride, padding, depth, output } = window;
  return {
    operation: { kind: 'pool', operation, kernel, stride, padding, ...(depth === undefined ? {} : { depth }) },
    output: [...output, channels],
  };
}

/** Average over all positions. */
function inferGlobalPool(input: Shape): Inferred {
  const channels = channelsOf(input);
  if (channels === undefined) return needs('globalpool', windowShape, input);
  const [width = 1, height = 1, slices] = input.slice(0, -1).toReversed();
  const all: Pair = { height, width };
  const depth =
    slices === undefined ? {} : { depth: { kernel: slices, stride: slices, dilation: 1, front: 0, back: 0 } };
  return {
    operation: { kind: 'pool', operation: 'average', kernel: all, stride: all, padding: noPadding, ...depth },
    output: [channels],
  };
}

import {
  type ActivationFunction,
  type Conv,
  type Elementwise,
  elementsOf,
  type Operation,
  type Padding,
  type Pair,
  type Pool,
  type Shape,
} from '../../design/index.ts';
import { activationKeywords, elementwiseKeywords } from '../schema/index.ts';
import type { Settings } from './settings.ts';

/** What a layer does and makes, or why it cannot. */
export type Inferred = { readonly operation: Operation; readonly output: Shape } | { readonly problem: string };

/** `56 x 56 x 64`, as messages say it. */
export function showShape(shape: Shape): string {
  return shape.length === 0 ? 'a scalar' : shape.join(' x ');
}

/** Turns a layer's settings and the shapes it reads into an operation and the shape it makes. */
export function inferOperation(keyword: string, settings: Settings, inputs: readonly Shape[]): Inferred {
  const [input = [], second] = inputs;
  const most = mostInputs(keyword);
  if (inputs.length > most)
    return {
      problem: `'${keyword}' reads ${most === 1 ? 'one input' : `at most ${most} inputs`}, not ${inputs.length}`,
    };
  if (activationKeywords.includes(keyword)) {
    // What the schema lists is a function of the design, but for the one that stands for all others.
    const name = keyword === 'activation' ? 'other' : (keyword as ActivationFunction);
    return { operation: { kind: 'activation', function: name }, output: input };
  }
  if (elementwiseKeywords.includes(keyword)) {
    const name = keyword === 'elementwise' ? 'other' : (keyword as Elementwise['operation']);
    return inferElementwise(name, settings, inputs);
  }
  switch (keyword) {
    case 'conv':
    case 'depthwise':
      return inferConv(keyword, settings, input);
    case 'dense': {
      if (input.length === 0) return { problem: "'dense' reads at least one dimension" };
      const outputs = settings.number('outputs');
      return {
        operation: { kind: 'dense', outputs, bias: settings.flag('bias'), ...sequence(settings) },
        output: [...input.slice(0, -1), outputs],
      };
    }
    case 'matmul':
      return inferMatMul(settings.flag('transposed'), input, second);
    case 'attention':
      return inferAttention(settings, input, second);
    case 'lstm':
    case 'gru': {
      if (input.length !== 2 && input.length !== 3) return { problem: needs(keyword, 'steps x features', input) };
      const directions = settings.number('directions') === 2 ? 2 : 1;
      const hidden = settings.number('hidden');
      return {
        operation: {
          kind: 'recurrent',
          cell: keyword,
          hidden,
          directions,
          bias: settings.flag('bias'),
          ...sequence(settings),
        },
        output: [...input.slice(0, -1), hidden * directions],
      };
    }
    case 'embedding': {
      const width = settings.number('width');
      const lookups = settings.optionalNumber('lookups') ?? elementsOf(input);
      const pooled = settings.flag('pooled');
      return {
        operation: { kind: 'embedding', rows: settings.number('rows'), width, lookups, pooled },
        output: pooled ? [width] : [lookups, width],
      };
    }
    case 'maxpool':
      return inferPool('max', settings, input);
    case 'avgpool':
      return inferPool('average', settings, input);
    case 'globalpool': {
      const [height, width, channels] = input;
      if (height === undefined || width === undefined || channels === undefined || input.length !== 3) {
        return { problem: needs(keyword, 'height x width x channels', input) };
      }
      const all: Pair = { height, width };
      return {
        operation: { kind: 'pool', operation: 'average', kernel: all, stride: all, padding: noPadding },
        output: [channels],
      };
    }
    case 'batchnorm':
      return {
        operation: { kind: 'normalization', normalization: 'batch', folded: settings.flag('folded') },
        output: input,
      };
    case 'layernorm':
      return { operation: { kind: 'normalization', normalization: 'layer', folded: false }, output: input };
    case 'groupnorm':
      return { operation: { kind: 'normalization', normalization: 'group', folded: false }, output: input };
    case 'rmsnorm':
      return { operation: { kind: 'normalization', normalization: 'rms', folded: false }, output: input };
    case 'lrn':
      return { operation: { kind: 'normalization', normalization: 'local-response', folded: false }, output: input };
    case 'softmax':
      return { operation: { kind: 'softmax' }, output: input };
    case 'concat':
      return inferConcat(settings.number('axis'), inputs);
    case 'flatten':
      return { operation: { kind: 'reshape', copies: false }, output: [elementsOf(input)] };
    case 'reshape':
    case 'slice':
    case 'expand':
      return inferReshape(keyword, settings, input);
    case 'transpose': {
      const last = input.at(-1);
      const before = input.at(-2);
      if (last === undefined || before === undefined)
        return { problem: needs(keyword, 'at least two dimensions', input) };
      return { operation: { kind: 'reshape', copies: true }, output: [...input.slice(0, -2), last, before] };
    }
    case 'shuffle':
      return { operation: { kind: 'reshape', copies: true }, output: input };
    case 'upsample': {
      const factor = settings.pair('factor');
      const [height, width, channels] = input;
      if (height === undefined || width === undefined || channels === undefined || input.length !== 3) {
        return { problem: needs(keyword, 'height x width x channels', input) };
      }
      return {
        operation: { kind: 'upsample', factor },
        output: [height * factor.height, width * factor.width, channels],
      };
    }
    default:
      return { problem: `'${keyword}' is not a layer` };
  }
}

function mostInputs(keyword: string): number {
  if (keyword === 'matmul' || keyword === 'attention') return 2;
  return keyword === 'concat' || elementwiseKeywords.includes(keyword) ? 4096 : 1;
}

/** Absent unless said: most layers know all their rows at once. */
function sequence(settings: Settings): { readonly sequential?: true } {
  return settings.flag('sequential') ? { sequential: true } : {};
}

const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

function needs(keyword: string, wanted: string, input: Shape): string {
  return `'${keyword}' reads ${wanted}, but its input is ${showShape(input)}`;
}

function inferConv(keyword: 'conv' | 'depthwise', settings: Settings, input: Shape): Inferred {
  const channels = input[2];
  if (channels === undefined || input.length !== 3)
    return { problem: needs(keyword, 'height x width x channels', input) };
  const window = windowOf(settings, settings.pair('dilation'), input);
  if ('problem' in window) return window;
  const groups = keyword === 'depthwise' ? channels : settings.number('groups');
  const filters = keyword === 'depthwise' ? channels * settings.number('multiplier') : settings.number('filters');
  if (channels % groups !== 0) return { problem: `'groups: ${groups}' does not divide the ${channels} input channels` };
  if (filters % groups !== 0) return { problem: `'groups: ${groups}' does not divide the ${filters} filters` };
  const operation: Conv = {
    kind: 'conv',
    kernel: window.kernel,
    stride: window.stride,
    padding: window.padding,
    dilation: settings.pair('dilation'),
    filters,
    groups,
    bias: settings.flag('bias'),
  };
  return { operation, output: [window.output.height, window.output.width, filters] };
}

function inferPool(operation: Pool['operation'], settings: Settings, input: Shape): Inferred {
  const channels = input[2];
  const keyword = settings.schema.keyword;
  if (channels === undefined || input.length !== 3)
    return { problem: needs(keyword, 'height x width x channels', input) };
  const window = windowOf(settings, { height: 1, width: 1 }, input);
  if ('problem' in window) return window;
  const { kernel, stride, padding, output } = window;
  return {
    operation: { kind: 'pool', operation, kernel, stride, padding },
    output: [output.height, output.width, channels],
  };
}

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly output: Pair;
}

function windowOf(settings: Settings, dilation: Pair, input: Shape): Window | { readonly problem: string } {
  const kernel = settings.pair('kernel');
  const stride = settings.pair('stride');
  const written = settings.padding('padding');
  const [height = 0, width = 0] = input;
  const rows = slide(
    height,
    kernel.height,
    stride.height,
    dilation.height,
    written === 'same' ? 'same' : [written.top, written.bottom],
  );
  const columns = slide(
    width,
    kernel.width,
    stride.width,
    dilation.width,
    written === 'same' ? 'same' : [written.left, written.right],
  );
  if (rows.size < 1 || columns.size < 1) {
    return { problem: `a window of ${kernel.height} x ${kernel.width} does not fit into ${showShape(input)}` };
  }
  const padding: Padding = { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after };
  return { kernel, stride, padding, output: { height: rows.size, width: columns.size } };
}

/** Positions of a window along one dimension, and the zeros before and after. `same` splits them as TensorFlow does. */
function slide(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: 'same' | readonly [number, number],
) {
  const reach = dilation * (kernel - 1) + 1;
  if (padding === 'same') {
    const positions = Math.ceil(size / stride);
    const total = Math.max((positions - 1) * stride + reach - size, 0);
    const before = Math.floor(total / 2);
    return { size: positions, before, after: total - before };
  }
  const [before, after] = padding;
  return { size: Math.floor((size + before + after - reach) / stride) + 1, before, after };
}

/** A reshape keeps the number of elements, a slice makes no more, an expansion no fewer. */
function inferReshape(keyword: 'reshape' | 'slice' | 'expand', settings: Settings, input: Shape): Inferred {
  const output = settings.shape('shape') ?? [];
  const [before, after] = [elementsOf(input), elementsOf(output)];
  const fits = keyword === 'reshape' ? after === before : keyword === 'slice' ? after <= before : after >= before;
  if (!fits) {
    const rule = {
      reshape: 'keeps the number of elements',
      slice: 'makes no more elements than it reads',
      expand: 'makes no fewer elements than it reads',
    }[keyword];
    return {
      problem: `'${keyword}' ${rule}: ${showShape(input)} has ${before}, ${showShape(output)} has ${after}`,
    };
  }
  return { operation: { kind: 'reshape', copies: settings.flag('copies') }, output };
}

/** Joins its inputs; one alone, named in `inputs`, is combined with a constant. */
function inferElementwise(operation: Elementwise['operation'], settings: Settings, inputs: readonly Shape[]): Inferred {
  if (inputs.length < 2 && !settings.has('inputs')) {
    return { problem: `'${settings.schema.keyword}' reads two inputs: name them with 'inputs: [a, b]'` };
  }
  let output: Shape = inputs[0] ?? [];
  for (const shape of inputs.slice(1)) {
    const joined = broadcast(output, shape);
    if (joined === undefined)
      return { problem: `'${settings.schema.keyword}' cannot join ${showShape(output)} and ${showShape(shape)}` };
    output = joined;
  }
  return { operation: { kind: 'elementwise', operation }, output };
}

/** Dimensions are compared from the last; each pair must be equal or one of them 1 or missing. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const output: number[] = [];
  for (let i = 1; i <= rank; i++) {
    const left = a.at(-i) ?? 1;
    const right = b.at(-i) ?? 1;
    if (i > a.length) output.unshift(right);
    else if (i > b.length || left === right || right === 1) output.unshift(left);
    else if (left === 1) output.unshift(right);
    else return undefined;
  }
  return output;
}

function inferMatMul(transposed: boolean, left: Shape, right: Shape | undefined): Inferred {
  if (right === undefined) return { problem: "'matmul' reads two inputs: name them with 'inputs: [a, b]'" };
  const rows = left.at(-2);
  const depth = left.at(-1);
  const rightDepth = right.at(transposed ? -1 : -2);
  const columns = right.at(transposed ? -2 : -1);
  if (rows === undefined || depth === undefined || rightDepth === undefined || columns === undefined) {
    return { problem: `'matmul' reads two matrices, not ${showShape(left)} and ${showShape(right)}` };
  }
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (depth !== rightDepth || batch === undefined) {
    const how = transposed ? ' transposed' : '';
    return {
      problem: `'matmul' cannot multiply ${showShape(left)} by ${showShape(right)}${how}: ${depth} is not ${rightDepth}`,
    };
  }
  return { operation: { kind: 'matmul', transposed }, output: [...batch, rows, columns] };
}

function inferAttention(settings: Settings, input: Shape, memory: Shape | undefined): Inferred {
  const [steps, features] = input;
  if (steps === undefined || features === undefined || input.length !== 2) {
    return { problem: needs('attention', 'steps x features', input) };
  }
  if (memory !== undefined && memory.length !== 2) {
    return { problem: `'attention' takes keys and values from steps x features, not ${showShape(memory)}` };
  }
  const heads = settings.number('heads');
  const keyValueHeads = settings.optionalNumber('key-value-heads') ?? heads;
  const headSize = settings.optionalNumber('head-size') ?? features / heads;
  if (!Number.isInteger(headSize)) return { problem: `'heads: ${heads}' does not divide the ${features} features` };
  if (heads % keyValueHeads !== 0)
    return { problem: `'key-value-heads: ${keyValueHeads}' does not divide 'heads: ${heads}'` };
  const contextLength = settings.optionalNumber('context') ?? memory?.[0] ?? steps;
  return {
    operation: {
      kind: 'attention',
      heads,
      keyValueHeads,
      headSize,
      contextLength,
      causal: settings.flag('causal'),
      bias: settings.flag('bias'),
    },
    output: input,
  };
}

export function inferConcat(axis: number, inputs: readonly Shape[]): Inferred {
  const [first = []] = inputs;
  const index = axis < 0 ? first.length + axis : axis;
  if (index < 0 || index >= first.length) {
    return { problem: `'axis: ${axis}' is not a dimension of ${showShape(first)}` };
  }
  let total = 0;
  for (const shape of inputs) {
    const fits = shape.length === first.length && shape.every((size, i) => i === index || size === first[i]);
    if (!fits)
      return {
        problem: `'concat' cannot join ${showShape(first)} and ${showShape(shape)} along dimension ${index + 1}`,
      };
    total += shape[index] ?? 0;
  }
  return { operation: { kind: 'concat', axis }, output: first.map((size, i) => (i === index ? total : size)) };
}

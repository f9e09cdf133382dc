import type { NodeReader } from '../node-reader.ts';
import { normalAxis, type SampleAxis, type Value } from '../value.ts';
import { agreed, aligned, joined, samplesOf } from './operands.ts';
import { isSameAxis, type Samples, shifted, viewedSamples } from './sample-axis.ts';

/* Where the samples are after an operator that moves elements, or works along some of the axes. */

/** The axes along which an operator works: it combines elements of these axes. */
export type Touched = (node: NodeReader, input: Value, output: Value | undefined) => readonly number[];

/** An operator that keeps the axes of input `place`, and works along some of them. */
export function keeping(node: NodeReader, output: Value | undefined, touched: Touched, place = 0): Samples {
  const value = node.activation(place);
  const all = agreed(node);
  if (value?.samples === undefined) return all === undefined ? undefined : 'lost';
  if (touched(node, value, output).includes(value.samples.axis)) return 'combined';
  return all === 'lost' ? 'lost' : value.samples;
}

export const noAxis: Touched = () => [];
export const lastAxis: Touched = (_, { dims }) => [dims.length - 1];
export const lastTwo: Touched = (_, { dims }) => [dims.length - 2, dims.length - 1];
export const allButFirst: Touched = (_, { dims }) => [...dims.keys()].slice(1);
export const positions: Touched = (_, { dims }) => [...dims.keys()].slice(2);

/** The axes whose sizes change. */
export const changed: Touched = (_, { dims }, output) =>
  [...dims.keys()].filter((axis) => dims[axis] !== output?.dims[axis]);

/** The axis in an attribute. */
export function axisIn(attribute: string, fallback: number): Touched {
  return (node, { dims }) => [normalAxis(node.int(attribute, fallback), dims.length) ?? 0];
}

/** All axes from the one in attribute `axis`. */
export function fromAxis(fallback: number): Touched {
  return (node, { dims }) => [...dims.keys()].slice(normalAxis(node.int('axis', fallback), dims.length) ?? 0);
}

/** Softmax. Before operator set 13, it works along all axes from `axis`. */
export const softmaxAxes: Touched = (node, input, output) =>
  node.opset >= 13 ? axisIn('axis', -1)(node, input, output) : fromAxis(1)(node, input, output);

/** Slice: the axes that it shortens, or reads backwards. */
export const slicedAxes: Touched = (node, input, output) => {
  const steps = node.known(4) ?? [];
  const axes = node.ints('axes') ?? node.known(3) ?? steps.map((_, axis) => axis);
  const turned = axes.filter((_, index) => (steps[index] ?? 1) < 0);
  return [...changed(node, input, output), ...turned.map((axis) => normalAxis(axis, input.dims.length) ?? 0)];
};

export function viewed(node: NodeReader, output: Value | undefined): Samples {
  const value = node.activation(0);
  if (value?.samples === undefined || output === undefined) return agreed(node);
  return viewedSamples(value.samples, value.dims, output.dims, node.importer.samples?.count ?? 1);
}

export function transposedSamples(node: NodeReader): Samples {
  const value = node.activation(0);
  if (value?.samples === undefined) return undefined;
  const rank = value.dims.length;
  const order = node.ints('perm') ?? value.dims.map((_, axis) => rank - 1 - axis);
  return { ...value.samples, axis: order.indexOf(value.samples.axis) };
}

/** A reduction over the axes in an attribute or in input 1, over one axis (ArgMax), or over all. */
export function reducedSamples(node: NodeReader, output: Value | undefined): Samples {
  const value = node.activation(0);
  if (value?.samples === undefined || output === undefined) return agreed(node);
  const rank = value.dims.length;
  const stated = node.node.operator.startsWith('Arg') ? [node.int('axis', 0)] : (node.ints('axes') ?? node.known(1));
  if (stated === undefined && node.hasInput(1)) return 'lost';
  if ((stated === undefined || stated.length === 0) && node.int('noop_with_empty_axes', 0) === 1) return value.samples;
  const axes = (stated?.length ? stated : [...value.dims.keys()]).map((axis) => normalAxis(axis, rank) ?? 0);
  const { axis, outer } = value.samples;
  if (axes.includes(axis)) return 'combined';
  if (output.dims.length === rank) return value.samples;
  return { axis: axis - axes.filter((each) => each < axis).length, outer };
}

/** Concat along an axis. `places`: the inputs to join. */
export function concatenated(node: NodeReader, places: readonly number[]): Samples {
  const found = aligned(node, places);
  if (found === undefined || typeof found === 'string') return found;
  const rank = Math.max(...places.map((place) => node.input(place)?.dims.length ?? 0));
  return normalAxis(node.int('axis', 1), rank) === found.axis ? 'combined' : found;
}

/** Gather: the axes of the indices replace an axis of the data. */
export function gathered(node: NodeReader): Samples {
  const data = node.input(0);
  const indices = node.input(1);
  const own = samplesOf(data);
  const places = samplesOf(indices);
  const axis = normalAxis(node.int('axis', 0), data?.dims.length ?? 0) ?? 0;
  if (own !== undefined && places !== undefined) return 'lost';
  if (places !== undefined) return { ...places, axis: axis + places.axis };
  if (own === undefined) return undefined;
  if (own.axis === axis) return 'combined';
  return own.axis < axis ? own : { ...own, axis: own.axis - 1 + (indices?.dims.length ?? 0) };
}

/** GatherElements, ScatterElements: each input has the samples at one place, and the operator works along another axis. */
export function alongAxis(node: NodeReader): Samples {
  const axis = normalAxis(node.int('axis', 0), node.input(0)?.dims.length ?? 0);
  const operands = node.node.inputs.flatMap((_, at) => {
    const value = node.input(at);
    return value === undefined ? [] : [{ value, labels: value.dims.map((_size, index) => `${index}`) }];
  });
  const found = joined(node, operands, operands[0]?.labels ?? []);
  return typeof found === 'object' && found.axis === axis ? 'combined' : found;
}

/** GatherND: the first `batch_dims` axes of data and indices are the same. */
export function gatheredPlaces(node: NodeReader): Samples {
  const found = agreed(node);
  if (typeof found !== 'object') return found;
  const both = [0, 1].every((at) => samplesOf(node.input(at)) !== undefined);
  return both && found.axis < node.int('batch_dims', 0) ? found : 'lost';
}

/** OneHot: a new axis. */
export function oneHotSamples(node: NodeReader): Samples {
  const value = node.activation(0);
  if (value?.samples === undefined) return agreed(node);
  const axis = normalAxis(node.int('axis', -1), value.dims.length + 1) ?? 0;
  return shifted(value.samples, axis);
}

/** Tile: repetitions of the samples come before them. */
export function tiled(node: NodeReader, output: Value | undefined): Samples {
  const value = node.activation(0);
  if (value?.samples === undefined || output === undefined) return agreed(node);
  const { axis, outer } = value.samples;
  return { axis, outer: outer * ((output.dims[axis] ?? 1) / (value.dims[axis] ?? 1)) };
}

/** Expand aligns the axes from the last one. */
export function expanded(node: NodeReader, output: Value | undefined): Samples {
  const value = node.activation(0);
  if (value?.samples === undefined || output === undefined) return agreed(node);
  return { ...value.samples, axis: value.samples.axis + output.dims.length - value.dims.length };
}

/** Operators of transformers: the samples are on the first axis of every input, and of the outputs. Earlier keys and values can have them on the second. */
export function firstAxis(node: NodeReader, outputs: readonly (Value | undefined)[]): readonly Samples[] {
  const count = node.importer.samples?.count ?? 1;
  const used = node.node.inputs.flatMap((_, at) => samplesOf(node.input(at)) ?? []);
  const isPast = (samples: SampleAxis) => isSameAxis(samples, { axis: 1, outer: 1 });
  const isApart = used.every((samples) => samples.axis === 0 || isPast(samples));
  const outer = used.find(({ axis }) => axis === 0)?.outer ?? 1;
  if (!isApart) return ['combined'];
  return outputs.map((output, index): Samples => {
    if (output === undefined) return undefined;
    if ((output.dims[0] ?? 1) % count === 0) return { axis: 0, outer };
    return index > 0 && output.dims[1] === count ? { axis: 1, outer: 1 } : 'lost';
  });
}

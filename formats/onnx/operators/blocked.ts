import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, shapeOf, withSpatial } from '../value.ts';
import { convolution } from './convolution.ts';
import { fusedConvolution } from './fused.ts';
import { moved } from './selection.ts';
import { transposedActivation } from './views.ts';

/*
 * Images whose channels are stored in blocks. ONNX Runtime writes these operators into models that it saves after its optimization for one
 * processor (nchwc_schema_defs.cc). Channels are padded to whole blocks, and products with the padding are computed.
 */

/** Conv has the inputs and attributes of FusedConv. Its weights can have more channels than the image: those of the padding. */
function convolve(node: NodeReader): Outcome {
  const value = node.activation(0);
  const channels = (node.input(1)?.dims[1] ?? 0) * node.int('group', 1);
  const isNarrow = value !== undefined && channels > (value.dims[1] ?? 0);
  const seen = isNarrow ? node.withInput(0, padded(node, value, channels)) : node;
  return fusedConvolution(seen, convolution(seen, seen.input(1), seen.input(2)));
}

function padded(node: NodeReader, value: Activation, channels: number): Activation {
  const image = withSpatial(value, value.dims.length - 2);
  const made = { ...image, dims: value.dims.with(1, channels), moved: false };
  const read = node.importer.read(image);
  const source = node.importer.add(`${node.name}_padding`, { kind: 'reshape', copies: true }, [read], shapeOf(made));
  return { ...made, source };
}

function intoBlocks(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value?.dims.length !== 4) return 'its input is not an image';
  const image = node.int('channels_last', 0) === 1 ? transposedActivation(value, [0, 3, 1, 2]) : value;
  const channels = node.importer.statedDims(node.node.outputs[0] ?? '', value)?.[1] ?? 0;
  return [channels > (image.dims[1] ?? 0) ? padded(node, image, channels) : image];
}

/** Leaves the channels of the padding out. */
function outOfBlocks(node: NodeReader): Outcome {
  const value = node.activation(0);
  const channels = node.int('channels', 0);
  if (value?.dims.length !== 4 || channels < 1 || channels > (value.dims[1] ?? 0))
    return `an input of ${value?.dims.join(' x ')} does not have ${channels} channels`;
  const own = channels === value.dims[1] ? value : moved(node, value, value.dims.with(1, channels));
  return [node.int('channels_last', 0) === 1 ? transposedActivation(own, [0, 2, 3, 1]) : own];
}

export const blockedReaders: Readonly<Record<string, OperatorReader>> = {
  Conv: convolve,
  ReorderInput: intoBlocks,
  ReorderOutput: outOfBlocks,
};

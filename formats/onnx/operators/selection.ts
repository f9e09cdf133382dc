import { type CaveatEffect, reasonWords } from '../../../design/index.ts';
import { onnxMessages } from '../../messages/index.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, constant, normalAxis, product, withSpatial } from '../value.ts';

/* Operators whose result is a selection of the elements of their input. The number of selected elements may depend on the data. */

/** Reports that the count of an operator could be wrong, unless the user accepts it. */
export function approximate(node: NodeReader, effect: CaveatEffect, reason: string): void {
  const { operator } = node.node;
  if (node.importer.assumptionFor(operator) !== undefined) return;
  node.importer.caveat(onnxMessages.approximated({ operator, name: node.name, reason: reasonWords(reason) }), effect);
}

/** A layer that moves as many elements as its output has. */
export function moved(node: NodeReader, value: Activation, dims: readonly number[]): Activation {
  const seen = withSpatial(value, 0);
  const batchAxis = seen.batchAxis >= 0 && dims[seen.batchAxis] === 1 ? seen.batchAxis : -1;
  return node.layer({ kind: 'reshape', copies: true }, [node.importer.read(seen)], { dims, batchAxis, spatial: 0 });
}

/** The shape that the file states for the output. Without one, the largest possible shape, with a caveat. */
function stated(node: NodeReader, largest: readonly number[], what: string): readonly number[] {
  const dims = node.importer.statedDims(node.node.outputs[0] ?? '');
  if (
    dims !== undefined &&
    dims.length === largest.length &&
    dims.every((size, axis) => size <= (largest[axis] ?? 0))
  ) {
    return dims;
  }
  approximate(
    node,
    { kind: 'any' },
    `how many ${what} it keeps depends on the data. The most that there can be, ${largest.join(' x ')}, are counted.`,
  );
  return largest;
}

/** Compress: the slices of an axis, or of the flat input, whose condition is true. */
function compress(node: NodeReader): Outcome {
  const value = node.activation(0);
  const condition = node.input(1);
  if (value === undefined || condition === undefined) return 'its input or its condition is missing';
  const isFlat = !node.node.attributes.has('axis');
  const axis = isFlat ? 0 : normalAxis(node.int('axis', 0), value.dims.length);
  if (axis === undefined) return 'its axis does not exist';
  const from = isFlat ? [product(value.dims)] : value.dims;
  const values = node.numbersOf(condition);
  const most = Math.min(from[axis] ?? 1, condition.dims[0] ?? 1);
  const kept = values?.slice(0, most).filter((each) => each !== 0).length;
  if (kept === 0) return 'its condition is never true, so its output is empty';
  const of = (count: number) => from.map((size, at) => (at === axis ? count : size));
  return [moved(node, value, kept === undefined ? stated(node, of(most), 'slices') : of(kept))];
}

function nonZero(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const dims = stated(node, [Math.max(1, value.dims.length), product(value.dims)], 'places');
  return [moved(node, value, dims)];
}

/** Unique: its values, the first and last position of each, and the number of its occurrences. */
function unique(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const hasAxis = node.node.attributes.has('axis');
  const axis = hasAxis ? normalAxis(node.int('axis', 0), value.dims.length) : 0;
  if (axis === undefined) return 'its axis does not exist';
  const largest = hasAxis ? value.dims : [product(value.dims)];
  const dims = stated(node, largest, 'values');
  const made = moved(node, value, dims);
  const count = [dims[axis] ?? 1];
  const all = [hasAxis ? (value.dims[axis] ?? 1) : product(value.dims)];
  const index = (size: readonly number[]): Activation => ({ ...made, dims: size, batchAxis: -1, moved: false });
  const read = (tensor: string | undefined) =>
    tensor !== undefined && tensor !== '' && node.importer.usesOf(tensor) > 0;
  const extra = [count, all, count].map((size, at) =>
    read(node.node.outputs[at + 1]) ? { ...index(size), source: moved(node, value, size).source } : undefined,
  );
  return [made, ...extra];
}

/** NonMaxSuppression: boxes x 3. Each class has at most max_output_boxes_per_class. */
function nonMaxSuppression(node: NodeReader): Outcome {
  const boxes = node.activation(0);
  const scores = node.input(1);
  if (boxes === undefined || scores?.dims.length !== 3) return 'its boxes or its scores are missing';
  const [batch = 1, classes = 1, candidates = 1] = scores.dims;
  const limit = node.known(2)?.[0];
  const each = limit === undefined ? candidates : Math.min(limit, candidates);
  if (each < 1) return 'it keeps no box at all';
  const most = [batch * classes * each, 3];
  approximate(
    node,
    { kind: 'any' },
    `how many boxes it keeps and compares depends on the data. One pass over its boxes is counted, and ${most[0]} kept boxes.`,
  );
  return [moved(node, boxes, most)];
}

/** OneHot: a new axis with the length of the depth. */
function oneHot(node: NodeReader): Outcome {
  const value = node.activation(0);
  const depth = node.known(1)?.[0];
  if (value === undefined || depth === undefined || depth < 1) return 'its depth is not known';
  const axis = normalAxis(node.int('axis', -1), value.dims.length + 1);
  if (axis === undefined) return 'its axis does not exist';
  return [moved(node, value, [...value.dims.slice(0, axis), depth, ...value.dims.slice(axis)])];
}

/** ReverseSequence moves every element within its sequence. */
function reverseSequence(node: NodeReader): Outcome {
  const value = node.activation(0);
  return value === undefined ? 'its input is missing or constant' : [moved(node, value, value.dims)];
}

/** TopK: the largest values along an axis, and their positions. */
function topK(node: NodeReader): Outcome {
  const value = node.activation(0);
  const count = node.known(1)?.[0] ?? node.node.attributes.get('k')?.integer;
  if (value === undefined) return 'its input is missing or constant';
  const axis = normalAxis(node.int('axis', -1), value.dims.length);
  const stated = node.importer.statedDims(node.node.outputs[0] ?? '');
  if (axis === undefined) return 'its axis does not exist';
  if (count === undefined && stated === undefined)
    return 'how many it keeps is computed from the input, and the file states no shape';
  const dims = count === undefined ? (stated ?? []) : value.dims.map((size, index) => (index === axis ? count : size));
  approximate(node, { kind: 'heavier' }, 'its search is counted as one pass over its input.');
  const made = moved(node, value, dims);
  return [made, made];
}

/** A tensor with the shape of the input whose values do not depend on the input. */
function like(node: NodeReader): Outcome {
  const value = node.input(0);
  return value === undefined ? 'its input is missing' : [constant(value.dims)];
}

/** MaxUnpool: the file states its size, or it follows from kernel, strides and pads as for a transposed convolution. */
function maxUnpool(node: NodeReader): Outcome {
  const value = node.activation(0);
  const kernel = node.ints('kernel_shape');
  if (value === undefined || kernel === undefined || kernel.length !== value.dims.length - 2)
    return 'its input or its kernel_shape is missing';
  const computed = node.hasInput(2) && node.known(2) === undefined;
  const given = computed ? node.importer.statedDims(node.node.outputs[0] ?? '') : node.known(2);
  if (computed && given === undefined) return 'its output_shape is computed from the input and not stated in the file';
  const strides = node.ints('strides') ?? kernel.map(() => 1);
  const pads = node.ints('pads') ?? [...kernel, ...kernel].map(() => 0);
  const sizes = value.dims
    .slice(2)
    .map(
      (size, axis) =>
        (size - 1) * (strides[axis] ?? 1) + (kernel[axis] ?? 1) - (pads[axis] ?? 0) - (pads[axis + kernel.length] ?? 0),
    );
  return [moved(node, value, given ?? [...value.dims.slice(0, 2), ...sizes])];
}

/** Col2Im: adds the columns of blocks where they overlap in an image. */
function columnsToImage(node: NodeReader): Outcome {
  const value = node.activation(0);
  const image = node.known(1);
  const block = node.known(2);
  if (value === undefined || value.dims.length !== 3 || image === undefined || block === undefined)
    return 'the size of its image or of its blocks is not known';
  return [moved(node, value, [value.dims[0] ?? 1, (value.dims[1] ?? 1) / product(block), ...image])];
}

function centerCropPad(node: NodeReader): Outcome {
  const value = node.activation(0);
  const sizes = node.known(1);
  if (value === undefined || sizes === undefined) return 'its size is computed from the input';
  const rank = value.dims.length;
  const axes = (node.ints('axes') ?? value.dims.map((_, axis) => axis)).map((axis) => normalAxis(axis, rank));
  if (axes.length !== sizes.length || axes.includes(undefined))
    return `its axes do not fit an input of ${value.dims.join(' x ')}`;
  return [
    moved(
      node,
      value,
      value.dims.map((size, axis) => sizes[axes.indexOf(axis)] ?? size),
    ),
  ];
}

/** Rows of a table in blocks of few bits (ContribOperators.md, GatherBlockQuantized). A byte contains 8 / bits elements. */
function gatherBlocks(node: NodeReader): Outcome {
  const table = node.input(0);
  const indices = node.activation(1);
  if (table?.kind !== 'constant' || indices === undefined || node.int('gather_axis', 0) !== 0)
    return 'its table is not constant, or it gathers along another axis than the first';
  const name = node.node.inputs[0] ?? '';
  const isBytes = node.importer.graph.initializers.get(name)?.dataType === 2;
  const width = product(table.dims.slice(1)) * (isBytes ? 8 / node.int('bits', 4) : 1);
  const lookups = product(indices.dims);
  return [
    node.layer(
      { kind: 'embedding', rows: table.dims[0] ?? 1, width, lookups, pooled: false },
      [node.importer.read(withSpatial(indices, 0))],
      { dims: [...indices.dims, width], batchAxis: indices.batchAxis, spatial: 0 },
      [lookups, width],
    ),
  ];
}

export const selectionReaders: Readonly<Record<string, OperatorReader>> = {
  CenterCropPad: centerCropPad,
  Col2Im: columnsToImage,
  Compress: compress,
  ConstantOfShape: filled,
  EyeLike: like,
  MaxUnpool: maxUnpool,
  NonMaxSuppression: nonMaxSuppression,
  NonZero: nonZero,
  OneHot: oneHot,
  Range: filled,
  RandomNormalLike: like,
  RandomUniformLike: like,
  ReverseSequence: reverseSequence,
  TopK: topK,
  Unique: unique,
};

export const microsoftSelectionReaders: Readonly<Record<string, OperatorReader>> = {
  GatherBlockQuantized: gatherBlocks,
};

/**
 * Wraps the reader of an operator whose further inputs determine its output shape. If these inputs are computed from the input of the
 * network, the shape in the file is used.
 */
export function orStated(reader: OperatorReader): OperatorReader {
  return (node) => {
    const outcome = reader(node);
    const isComputed = node.node.inputs.some((_, index) => index > 0 && node.activation(index) !== undefined);
    if (typeof outcome !== 'string' || !isComputed) return outcome;
    const value = node.activation(0);
    const dims = node.importer.statedDims(node.node.outputs[0] ?? '');
    return value === undefined || dims === undefined ? outcome : [moved(node, value, dims)];
  };
}

/** Range and ConstantOfShape with computed inputs. The file must state the size of their output. */
function filled(node: NodeReader): Outcome {
  const value = [0, 1, 2].map((index) => node.activation(index)).find((each) => each !== undefined);
  const dims = node.importer.statedDims(node.node.outputs[0] ?? '');
  if (value === undefined || dims === undefined) {
    return 'the shape it makes is computed from the input and not stated in the file, which is not supported';
  }
  return [moved(node, value, dims)];
}

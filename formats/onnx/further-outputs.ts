import { quoted } from '../../design/index.ts';
import type { NodeReader } from './node-reader.ts';
import { type Activation, constant, normalAxis, type Value } from './value.ts';

/** The shape of an output after the first, according to the ONNX operator specification. */
type FurtherOutput = (node: NodeReader, first: Activation) => readonly number[];

const asFirst: FurtherOutput = (_, first) => first.dims;
const oneValue: FurtherOutput = () => [];
const perChannel: FurtherOutput = (_, first) => [first.dims[1] ?? 1];

/** The mean and deviation of each normalized group: all axes from `axis` on become one. */
const statistics: FurtherOutput = (node, first) => {
  const axis = normalAxis(node.int('axis', -1), first.dims.length) ?? 0;
  return first.dims.map((size, at) => (at < axis ? size : 1));
};

const furtherOutputs: ReadonlyMap<string, FurtherOutput> = new Map([
  ['Dropout', asFirst],
  ['MaxPool', asFirst],
  ['TopK', asFirst],
  ['DynamicQuantizeLinear', oneValue],
  ['BatchNormalization', perChannel],
  ['LayerNormalization', statistics],
  ['SkipLayerNormalization', statistics],
  ['SkipSimplifiedLayerNormalization', statistics],
  ['SimplifiedLayerNormalization', statistics],
]);

/**
 * An output that the reader of the operator did not return. Its shape is the one that the operator defines, or that the file states. It
 * costs nothing in addition to the first output. Returns a string if its shape is not known.
 */
export function furtherOutput(node: NodeReader, index: number, first: Value | undefined): Value | string {
  const { operator, outputs } = node.node;
  const tensor = outputs[index] ?? '';
  if (first?.kind === 'constant') return constant(node.importer.statedDims(tensor) ?? first.dims);
  const dims =
    (first === undefined ? undefined : furtherOutputs.get(operator)?.(node, first)) ??
    node.importer.statedDims(tensor, first);
  if (dims === undefined || first === undefined) {
    return `the shape of its output ${quoted(tensor)} (number ${index + 1}) is not known: the file does not state it`;
  }
  if (dims.length === first.dims.length && dims.every((size, axis) => size === first.dims[axis])) return first;
  // A few numbers in addition to the output: scales or means.
  if (dims.length === 0 || dims.every((size) => size === 1)) return constant(dims);
  const batchAxis = first.batchAxis >= 0 && dims[first.batchAxis] === 1 ? first.batchAxis : -1;
  const source = node.importer.add(
    `${node.name}_output_${index + 1}`,
    { kind: 'reshape', copies: true },
    [node.importer.read(first)],
    shapeWithoutBatch(dims, batchAxis),
    tensor,
  );
  return { kind: 'activation', dims, batchAxis, spatial: 0, source, moved: false };
}

function shapeWithoutBatch(dims: readonly number[], batchAxis: number): readonly number[] {
  const shape = dims.filter((_, axis) => axis !== batchAxis);
  return shape.length === 0 ? [1] : shape;
}

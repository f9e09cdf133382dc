import { quoted } from '../../design/index.ts';
import type { NodeReader } from './node-reader.ts';
import { type Activation, constant, normalAxis, type Value } from './value.ts';

/** What shape an output behind the first has, by the ONNX operator specification. */
type FurtherOutput = (node: NodeReader, first: Activation) => readonly number[];

const asFirst: FurtherOutput = (_, first) => first.dims;
const oneValue: FurtherOutput = () => [];
const perChannel: FurtherOutput = (_, first) => [first.dims[1] ?? 1];

/** Mean and deviation of each normalized group: the axes from `axis` on become one. */
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
 * An output that the operator's reader did not give: by the operator's definition, or as the file states its shape. It costs nothing
 * beside the first output. A string: its shape is not known.
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
  // A few numbers beside the output: scales, means.
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

import { readOnnx } from '../../formats/index.ts';
import { type GraphInput, type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';
import { roundTrip } from './onnx-round-trip.ts';
import { macsOf, parametersOf, shapeProblems, total } from './sketch.ts';

/** A graph with its expected counts. */
export interface Case {
  readonly name: string;
  readonly nodes: readonly NodeInput[];
  readonly inputs: GraphInput['inputs'];
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly values?: readonly TensorInput[];
  readonly outputs?: readonly string[];
  /** Shapes that the file states for its outputs. A wrong shape of the importer is then a message. */
  readonly stated?: Readonly<Record<string, readonly (number | string)[]>>;
  readonly opset?: number;
  /** Multiply-accumulates, parameters, and the elements of the last layer. */
  readonly counts: readonly [number, number, number];
}

/** A node of the domain of ONNX Runtime. */
export const ms = (node: NodeInput): NodeInput => ({ ...node, domain: 'com.microsoft' });

export function file(each: Omit<Case, 'name' | 'counts'>): Uint8Array {
  const weights = Object.entries(each.weights ?? {}).map(([name, dims]) => ({ name, dims }));
  const outputs = each.outputs ?? [each.nodes.at(-1)?.out[0] ?? 'y'];
  return onnxFile({
    nodes: each.nodes,
    inputs: each.inputs,
    weights: [...weights, ...(each.values ?? [])],
    outputs: Object.fromEntries(outputs.map((name) => [name, each.stated?.[name] ?? []])),
    opset: each.opset ?? 23,
  });
}

/** The result of the importer for a case, and its messages: the counts as in `Case.counts`, and the problems of its shapes. */
export function countsOf(each: Case) {
  const { value, diagnostics } = readOnnx(file(each), 'Net', { uri: 'test.npu', start: 0, end: 0 });
  const own = (value?.layers ?? []).filter(({ sharesWeightsOf }) => sharesWeightsOf === undefined);
  const last = value?.layers.at(-1)?.outputShape ?? [0];
  return {
    counts: [
      total(value, macsOf),
      own.reduce((sum, layer) => sum + parametersOf(layer), 0),
      last.reduce((elements, size) => elements * size, 1),
    ],
    problems: value === undefined ? ['not imported'] : shapeProblems(value),
    text: roundTrip(file(each)),
    messages: diagnostics.map(({ message }) => message),
  };
}

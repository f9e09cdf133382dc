import type { GraphNode, OnnxGraph, ValueInfo } from './graph.ts';

/** The inputs of an operator that its definition calls weights, regardless of the node that computes them (ONNX operator specification). */
const weightPlaces: ReadonlyMap<string, readonly number[]> = new Map([
  ['Conv', [1, 2]],
  ['ConvTranspose', [1, 2]],
  ['ConvInteger', [1]],
  ['FusedConv', [1, 2]],
  ['DeformConv', [1, 3]],
  ['QLinearConv', [3, 8]],
  ['LSTM', [1, 2, 3, 7]],
  ['GRU', [1, 2, 3]],
  ['RNN', [1, 2, 3]],
  ['BatchNormalization', [1, 2, 3, 4]],
  ['InstanceNormalization', [1, 2]],
  ['GroupNormalization', [1, 2]],
  ['LayerNormalization', [1, 2]],
  ['RMSNormalization', [1]],
  ['PRelu', [1]],
  ['MatMulNBits', [1, 2, 3]],
]);

/** The inputs of products that can be data or weights. They are weights only if the user states that. */
const matrixPlaces: ReadonlyMap<string, readonly number[]> = new Map([
  ['Gemm', [1, 2]],
  ['MatMul', [1]],
  ['MatMulInteger', [1]],
  ['QLinearMatMul', [3]],
  ['Gather', [0]],
]);

/** Whether the file contains a weight. A file that was exported without weights lists all of them among its inputs. */
export function hasOwnWeights({ initializers, nodes }: OnnxGraph): boolean {
  for (const { dims } of initializers.values()) if (dims.length > 1) return true;
  return nodes.some(
    ({ operator, attributes }) => operator === 'Constant' && (attributes.get('value')?.tensor?.dims.length ?? 0) > 1,
  );
}

/** Operators that pass weights on. In a quantized export, they are between the inputs of the graph and the layer. */
const passing: ReadonlySet<string> = new Set(['DequantizeLinear', 'QuantizeLinear', 'Cast', 'Identity', 'Transpose']);

/** For each tensor: the nodes that read it. It contains inputs of the graph that could be weights, and conversions of them. */
export type WeightReaders = ReadonlyMap<string, readonly GraphNode[]>;

/** Reads the nodes once. Each node must follow the nodes whose outputs it reads. */
export function weightReaders(nodes: readonly GraphNode[], inputs: readonly ValueInfo[]): WeightReaders {
  const readers = new Map<string, GraphNode[]>(inputs.filter(hasFixedShape).map(({ name }) => [name, []]));
  if (readers.size === 0) return readers;
  for (const node of nodes) {
    for (const name of new Set(node.inputs)) readers.get(name)?.push(node);
    const [output] = node.outputs;
    if (output !== undefined && passing.has(node.operator) && readers.has(node.inputs[0] ?? ''))
      readers.set(output, []);
  }
  return readers;
}

function hasFixedShape({ dims }: ValueInfo): boolean {
  return (
    dims !== undefined && dims.length > 0 && dims.every((dimension) => typeof dimension === 'number' && dimension > 0)
  );
}

/** Whether all readers of a tensor, direct or through a conversion, use it as weights. `isStated`: the user states that such inputs are weights. */
export function isReadAsWeights(readers: WeightReaders, tensor: string, isStated = false): boolean {
  const all = readers.get(tensor) ?? [];
  return (
    all.length > 0 &&
    all.every((reader) => {
      const places = weightPlaces.get(reader.operator) ?? (isStated ? matrixPlaces.get(reader.operator) : undefined);
      if (places !== undefined) return reader.inputs.every((name, at) => name !== tensor || places.includes(at));
      const [output] = reader.outputs;
      return (
        passing.has(reader.operator) &&
        reader.inputs[0] === tensor &&
        output !== undefined &&
        isReadAsWeights(readers, output, isStated)
      );
    })
  );
}

import { elementsOf, type Layer, type Model, type Shape } from '../../design/index.ts';

const gatesOf = { lstm: 4, gru: 3, rnn: 1 } as const;

const size = (shape: Shape) => shape.join('x');

/** A model in lines for a table: `conv1 conv [-1] 224x224x3 -> 112x112x64`. */
export function sketch(model: Model | undefined): string[] {
  return (model?.layers ?? []).map((layer) => {
    const { operation } = layer;
    const detail =
      operation.kind === 'activation'
        ? operation.function
        : operation.kind === 'elementwise' || operation.kind === 'pool'
          ? `${operation.operation}${operation.kind === 'pool' ? ' pool' : ''}`
          : operation.kind === 'normalization'
            ? `${operation.normalization}${operation.folded ? ' folded' : ''} norm`
            : operation.kind === 'reshape'
              ? operation.copies
                ? 'copy'
                : 'view'
              : operation.kind === 'dense' || operation.kind === 'conv' || operation.kind === 'recurrent'
                ? `${operation.kind}${operation.bias ? '+bias' : ''}`
                : operation.kind;
    return `${layer.name}: ${detail} [${layer.inputs.join()}] ${layer.inputShapes.map(size).join(', ')} -> ${size(layer.outputShape)}`;
  });
}

/** The multiply-accumulates of one sample. They are counted here independently, from the definitions of the operators. */
export function macsOf(layer: Layer): number {
  const { operation, outputShape } = layer;
  const input = layer.inputShapes[0] ?? [];
  const features = input.at(-1) ?? 1;
  switch (operation.kind) {
    case 'conv':
      return elementsOf(outputShape) * operation.kernel.height * operation.kernel.width * (features / operation.groups);
    case 'dense':
      return elementsOf(input) * operation.outputs;
    case 'matmul':
      return elementsOf(outputShape) * features;
    case 'recurrent': {
      const gates = gatesOf[operation.cell];
      return (
        (elementsOf(input) / features) * operation.directions * gates * operation.hidden * (features + operation.hidden)
      );
    }
    default:
      return 0;
  }
}

/** The weights and biases of layers that multiply, and tables. */
export function parametersOf(layer: Layer): number {
  const { operation } = layer;
  const features = layer.inputShapes[0]?.at(-1) ?? 1;
  switch (operation.kind) {
    case 'conv':
      return (
        operation.kernel.height * operation.kernel.width * (features / operation.groups) * operation.filters +
        (operation.bias ? operation.filters : 0)
      );
    case 'dense':
      return features * operation.outputs + (operation.bias ? operation.outputs : 0);
    case 'embedding':
      return operation.rows * operation.width;
    case 'recurrent': {
      const gates = operation.directions * gatesOf[operation.cell];
      return gates * operation.hidden * (features + operation.hidden + (operation.bias ? 2 : 0));
    }
    default:
      return 0;
  }
}

export function total(model: Model | undefined, count: (layer: Layer) => number): number {
  return (model?.layers ?? []).reduce((sum, layer) => sum + count(layer), 0);
}

/**
 * The problems of a model that no reader may produce. The graph must be in order, shapes must be complete, and each layer must get the
 * shape that it reads.
 */
export function shapeProblems(model: Model): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  model.layers.forEach((layer, index) => {
    if (names.has(layer.name)) problems.push(`${layer.name}: name twice`);
    names.add(layer.name);
    if (layer.inputs.length !== layer.inputShapes.length)
      problems.push(`${layer.name}: inputs and shapes differ in number`);
    for (const [at, input] of layer.inputs.entries()) {
      if (input >= index || -input > Math.max(1, model.inputs?.length ?? 1))
        problems.push(`${layer.name}: reads ${input}`);
      const from = input < 0 ? undefined : model.layers[input]?.outputShape;
      if (from !== undefined && size(from) !== size(layer.inputShapes[at] ?? [])) {
        problems.push(`${layer.name}: reads ${size(layer.inputShapes[at] ?? [])}, gets ${size(from)}`);
      }
    }
    for (const dimension of [...layer.outputShape, ...layer.inputShapes.flat()]) {
      if (!Number.isInteger(dimension) || dimension < 1) problems.push(`${layer.name}: dimension ${dimension}`);
    }
  });
  return problems;
}

import { assertNever, elementsOf, type Operation, type Shape } from '../../design/index.ts';

/** The part of a layer that its products depend on. */
interface Counted {
  readonly operation: Operation;
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
}

const gates = { lstm: 4, gru: 3, rnn: 1 } as const;

/**
 * Multiply-accumulates of a layer that the importer made, for one request. Only to compare branches: what a network costs is computed
 * by the simulator.
 */
export function productsOf({ operation, inputShapes, outputShape }: Counted): number {
  const input = inputShapes[0] ?? [];
  const features = input.at(-1) ?? 1;
  switch (operation.kind) {
    case 'conv': {
      const { height, width } = operation.kernel;
      return elementsOf(outputShape) * height * width * (features / operation.groups);
    }
    case 'dense':
      return elementsOf(input) * operation.outputs;
    case 'matmul':
      return elementsOf(outputShape) * features;
    case 'recurrent': {
      const { hidden, directions, cell } = operation;
      return (elementsOf(input) / features) * directions * gates[cell] * hidden * (features + hidden);
    }
    case 'attention':
    case 'embedding':
    case 'pool':
    case 'normalization':
    case 'softmax':
    case 'activation':
    case 'elementwise':
    case 'concat':
    case 'reshape':
    case 'upsample':
      return 0;
    default:
      return assertNever(operation);
  }
}

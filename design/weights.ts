import { assertNever } from './assert-never.ts';
import type { Conv, Model, Operation, Pool, Shape } from './model.ts';

/** Number of gates of a recurrent cell. Each gate multiplies the state and the input at every step. */
export const recurrentGates = { lstm: 4, gru: 3, rnn: 1 } as const;

const last = (shape: Shape | undefined): number => shape?.at(-1) ?? 1;

/** Number of positions that a window covers. */
export function windowElements({ kernel, depth }: Conv | Pool): number {
  return kernel.height * kernel.width * (depth?.kernel ?? 1);
}

/** Number of weight elements that an operation reads, without biases and scales. 0 if it has no weights. */
export function weightElementsOf(operation: Operation, inputShapes: readonly Shape[], outputShape: Shape): number {
  const features = last(inputShapes[0]);
  switch (operation.kind) {
    case 'conv': {
      const { filters, groups } = operation;
      return windowElements(operation) * (features / groups) * filters;
    }
    case 'dense':
      return features * operation.outputs;
    case 'attention': {
      if (operation.part === 'core') return 0;
      const { heads, keyValueHeads, headSize } = operation;
      const queryWidth = heads * headSize;
      const keyFeatures = last(inputShapes[1] ?? inputShapes[0]);
      return features * queryWidth + 2 * keyFeatures * keyValueHeads * headSize + queryWidth * last(outputShape);
    }
    case 'feed-forward': {
      const { width, gated, experts } = operation;
      const router = experts > 1 ? features * experts : 0;
      return experts * (gated ? 3 : 2) * features * width + router;
    }
    case 'recurrent': {
      const { cell, hidden, directions } = operation;
      return directions * recurrentGates[cell] * hidden * (features + hidden);
    }
    case 'embedding':
      return operation.rows * operation.width;
    case 'matmul':
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

/** The layer whose weights layer `index` reads: itself, or the earlier layer whose weights it shares. */
export function weightOwner(model: Model, index: number): number {
  return model.layers[index]?.sharesWeightsOf ?? index;
}

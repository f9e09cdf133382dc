import { assertNever, elementsOf, type Operation, type Shape, weightElementsOf } from '../../design/index.ts';

/** The part of a layer that determines its products. */
interface Counted {
  readonly operation: Operation;
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
}

/**
 * The multiply-accumulates of a layer that the importer made, for one request. Only the comparison of branches uses them: the
 * simulator computes the cost of a network.
 */
export function productsOf({ operation, inputShapes, outputShape }: Counted): number {
  const input = inputShapes[0] ?? [];
  // A layer with weights multiplies all of them at each position.
  const timesWeights = (positions: Shape): number =>
    weightElementsOf(operation, inputShapes, outputShape) * elementsOf(positions);
  switch (operation.kind) {
    case 'conv':
      return timesWeights(outputShape.slice(0, -1));
    case 'dense':
    case 'recurrent':
      return timesWeights(input.slice(0, -1));
    case 'matmul':
      return elementsOf(outputShape) * (input.at(-1) ?? 1);
    case 'attention':
    case 'feed-forward':
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

import { elementsOf, type Layer, type Model } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { fileUri, testHost } from '../language/host.ts';

/** A network of the library. Throws if there is none. */
export function libraryModel(file: string, name: string): Model {
  const model = compile(fileUri(`library/stimpack/${file}.npu`), testHost()).design.models.find(
    (one) => one.name === name,
  );
  if (model === undefined) throw new Error(`stimpack/${file} has no model ${name}`);
  return model;
}

/** Multiply-accumulates of layers with weights and of products of activations, and parameters. Shares no code with the counts of the simulator. */
export function count(layers: readonly Layer[]): { readonly macs: number; readonly parameters: number } {
  let macs = 0;
  let parameters = 0;
  for (const { operation, inputShapes, outputShape, sharesWeightsOf } of layers) {
    const own = sharesWeightsOf === undefined ? 1 : 0;
    const depth = inputShapes[0]?.at(-1) ?? 0;
    switch (operation.kind) {
      case 'conv': {
        const { kernel, groups, filters, bias } = operation;
        const perOutput = kernel.height * kernel.width * (depth / groups);
        macs += perOutput * elementsOf(outputShape);
        parameters += perOutput * filters + (bias ? filters : 0);
        break;
      }
      case 'dense':
        macs += depth * elementsOf(outputShape);
        parameters += own * depth * operation.outputs + (operation.bias ? operation.outputs : 0);
        break;
      case 'matmul':
        macs += depth * elementsOf(outputShape);
        break;
      case 'attention': {
        const width = operation.heads * operation.headSize;
        const steps = outputShape[0] ?? 0;
        parameters += 4 * (depth + 1) * width;
        macs += 4 * depth * width * steps + 2 * steps * operation.contextLength * width;
        break;
      }
      case 'recurrent': {
        const { hidden, directions, cell, bias } = operation;
        const gates = cell === 'lstm' ? 4 : 3;
        const weights = directions * gates * hidden * (depth + hidden);
        macs += (weights * elementsOf(inputShapes[0] ?? [])) / depth;
        parameters += weights + (bias ? 2 * directions * gates * hidden : 0);
        break;
      }
      case 'embedding':
        parameters += own * operation.rows * operation.width;
        break;
      case 'normalization':
        parameters += operation.folded ? 0 : 2 * depth;
        break;
      default:
        break;
    }
  }
  return { macs, parameters };
}

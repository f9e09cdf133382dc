import { type Operation, type Shape, weightElementsOf } from '../../design/index.ts';
import { type Constant, product, type Value } from './value.ts';

/** Operators whose output has the elements of their first input, in any order, format or shape. */
const sameElements: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'CastLike', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'],
  ...['QuantizeLinear', 'DequantizeLinear'],
]);

/** The identity of a constant: the tensor from which it was made, otherwise the constant itself. */
function identityOf(constant: Constant): object {
  return constant.tensor ?? constant;
}

/** If an operator makes a constant with the same elements as another one, both have the same identity. */
export function keepIdentity(operator: string, output: Value, input: Value | undefined): Value {
  if (output.kind !== 'constant' || input?.kind !== 'constant' || !sameElements.has(operator)) return output;
  return output.tensor === undefined ? { ...output, tensor: identityOf(input) } : output;
}

/** Finds layers that read the same weights. */
export class WeightIdentities {
  /** For the first tensor of each group: the tensors that a layer reads as its weights, and the layer. */
  private readonly owners = new Map<
    object,
    { readonly tensors: readonly object[]; readonly elements: number; readonly layer: number }[]
  >();

  /**
   * The earlier layer that reads the same weights as `layer`. If there is none, `layer` is remembered. `constants`: the constant inputs of
   * its node. Its weights are the constant with as many elements as the operation has weights. If no constant fits, they are all constants
   * that are not vectors.
   */
  ownerOf(
    layer: number,
    operation: Operation,
    inputShapes: readonly Shape[],
    outputShape: Shape,
    constants: readonly Constant[],
  ): number | undefined {
    const elements = weightElementsOf(operation, inputShapes, outputShape);
    if (elements === 0) return undefined;
    const whole = constants.filter((constant) => constant.dims.length > 1 && product(constant.dims) === elements);
    const [first] = whole;
    const tensors = (first === undefined ? constants.filter(({ dims }) => dims.length > 1) : [first]).map(identityOf);
    const [key] = tensors;
    if (key === undefined) return undefined;
    const known = this.owners.get(key) ?? [];
    const same = known.find(
      (other) =>
        other.layer < layer &&
        other.elements === elements &&
        other.tensors.length === tensors.length &&
        other.tensors.every((tensor, at) => tensor === tensors[at]),
    );
    if (same !== undefined) return same.layer;
    this.owners.set(key, [...known.filter((other) => other.layer < layer), { tensors, elements, layer }]);
    return undefined;
  }

  /** Removes the layers from index `from` on, after a branch was only tried. */
  forget(from: number): void {
    for (const [key, known] of this.owners) {
      if (known.some(({ layer }) => layer >= from))
        this.owners.set(
          key,
          known.filter(({ layer }) => layer < from),
        );
    }
  }
}

import { type Operation, type Shape, weightElementsOf } from '../../design/index.ts';
import { type Constant, product, type Value } from './value.ts';

/** Operators that give the elements of their first input, in whatever order, format or shape. */
const sameElements: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'CastLike', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'],
  ...['QuantizeLinear', 'DequantizeLinear'],
]);

/** What a constant is, for whoever reads it twice: the tensor that it was made of, else itself. */
function identityOf(constant: Constant): object {
  return constant.tensor ?? constant;
}

/** A constant that an operator made of another one keeps its identity where it has the same elements. */
export function keepIdentity(operator: string, output: Value, input: Value | undefined): Value {
  if (output.kind !== 'constant' || input?.kind !== 'constant' || !sameElements.has(operator)) return output;
  return output.tensor === undefined ? { ...output, tensor: identityOf(input) } : output;
}

/** Finds the layers that read the same weights. */
export class WeightIdentities {
  /** By the first of their tensors: the tensors that a layer reads as its weights, and the layer. */
  private readonly owners = new Map<
    object,
    { readonly tensors: readonly object[]; readonly elements: number; readonly layer: number }[]
  >();

  /**
   * The earlier layer that reads the same weights as `layer`, which is remembered where there is none. `constants` are the constant inputs of
   * its node: the one with as many elements as the operation has weights, else all that are no vectors.
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

  /** Forgets the layers from index `from` on: a branch was only tried. */
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

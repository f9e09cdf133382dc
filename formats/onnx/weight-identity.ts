import { type Operation, type Shape, weightElementsOf } from '../../design/index.ts';
import { type Constant, product } from './value.ts';

/** The identity of a constant: the tensor from which it was made, otherwise the constant itself. */
export function identityOf(constant: Constant): object {
  return constant.tensor ?? constant;
}

/** A layer, and the tensors that it reads as its weights. */
interface Owner {
  readonly tensors: readonly object[];
  readonly elements: number;
  readonly layer: number;
}

type SavedWeights = Map<object, readonly Owner[]>;

/** Finds layers that read the same weights. */
export class WeightIdentities {
  /** For the first tensor of each group: the tensors that a layer reads as its weights, and the layer. */
  private owners: SavedWeights = new Map();

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
        other.elements === elements &&
        other.tensors.length === tensors.length &&
        other.tensors.every((tensor, at) => tensor === tensors[at]),
    );
    if (same !== undefined) return same.layer;
    this.owners.set(key, [...known, { tensors, elements, layer }]);
    return undefined;
  }

  /** The number of tensors that `save` copies. */
  get size(): number {
    return this.owners.size;
  }

  /** Copies what is known, before a branch is tried. The lists are never changed. */
  save(): SavedWeights {
    return new Map(this.owners);
  }

  /** Restores a copy. The copy must not be used again. */
  restore(saved: SavedWeights): void {
    this.owners = saved;
  }
}

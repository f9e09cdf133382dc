import type { Layer, ModelInput, Operation, Origin, Shape } from '../../design/index.ts';
import { type Activation, type Constant, sameShape } from './value.ts';
import { WeightIdentities } from './weight-identity.ts';

/** A layer that may still change, because later nodes can be merged into it. */
export interface Draft extends Omit<Layer, 'operation'> {
  operation: Operation;
}

/** The place of the data that a layer reads: an index as in `Layer.inputs` of design, and the shape of the data there. */
export interface Read {
  readonly index: number;
  readonly shape: Shape;
}

export interface SavedLayers {
  readonly drafts: readonly Draft[];
  readonly held: readonly (string | undefined)[];
  readonly weights: ReturnType<WeightIdentities['save']>;
  readonly names: ReadonlyMap<string, number>;
  readonly views: ReadonlyMap<string, number>;
  readonly movedViews: ReadonlyMap<Activation, ReadonlyMap<string, number>>;
}

/**
 * The layers of one network while they are made. It ensures that names are unique, and that each layer reads data of the shape that it
 * expects.
 */
export class LayerList {
  private drafts: Draft[] = [];
  /** For each layer: the tensor with its output, if an ONNX node made one. */
  private held: (string | undefined)[] = [];
  private names = new Map<string, number>();
  private views = new Map<string, number>();
  private movedViews = new Map<Activation, Map<string, number>>();
  private readonly weights = new WeightIdentities();
  private readonly inputs: readonly ModelInput[];
  private readonly origin: Origin;

  /** `inputs`: the data of each request; entry 0 has the index -1. The list may grow until the first layer is made. */
  constructor(inputs: readonly ModelInput[], origin: Origin) {
    this.inputs = inputs;
    this.origin = origin;
  }

  get count(): number {
    return this.drafts.length;
  }

  from(index: number): readonly Draft[] {
    return this.drafts.slice(index);
  }

  /** Adds a layer and returns its index. `constants`: the constants that could be its weights. */
  add(
    name: string,
    operation: Operation,
    reads: readonly Read[],
    outputShape: Shape,
    tensor: string | undefined,
    constants: readonly Constant[],
  ): number {
    const shapes = reads.map((read) => read.shape);
    const index = this.drafts.length;
    const owner = this.weights.ownerOf(index, operation, shapes, outputShape, constants);
    const draft = {
      name: this.uniqueName(name),
      operation,
      inputs: reads.map((read) => read.index),
      inputShapes: shapes,
      outputShape,
      origin: this.origin,
    };
    this.drafts.push(owner === undefined ? draft : { ...draft, sharesWeightsOf: owner });
    this.held.push(tensor);
    return index;
  }

  /** The place where `value` can be read in `shape`: its source, or a reshape layer that `make` adds. */
  read(
    value: Activation,
    shape: Shape,
    make: (name: string, operation: Operation, reads: readonly Read[], shape: Shape) => number,
  ): Read {
    const sourceShape = this.sourceShape(value.source);
    if (!value.moved && sameShape(sourceShape, shape)) return { index: value.source, shape };
    const key = `${value.source}:${shape.join(',')}`;
    let views = this.views;
    if (value.moved) {
      views = this.movedViews.get(value) ?? new Map();
      this.movedViews.set(value, views);
    }
    let index = views.get(key);
    if (index === undefined) {
      const base = value.source < 0 ? 'input' : (this.drafts[value.source]?.name ?? 'layer');
      const from = { index: value.source, shape: sourceShape };
      index = make(
        `${base}_${value.moved ? 'reorder' : 'view'}`,
        { kind: 'reshape', copies: value.moved },
        [from],
        shape,
      );
      views.set(key, index);
    }
    return { index, shape };
  }

  /** The layer that made `value` unchanged, if `tensor` has its output. */
  makerOf(tensor: string, value: Activation): Draft | undefined {
    if (value.moved || value.source < 0 || this.held[value.source] !== tensor) return undefined;
    return this.drafts[value.source];
  }

  /** Records that another tensor now has the output of a layer, because a later node was merged into the layer. */
  hold(index: number, tensor: string | undefined): void {
    this.held[index] = tensor;
  }

  /** The number of layers, names and views that `save` copies. */
  get size(): number {
    return this.drafts.length + this.names.size + this.views.size + this.weights.size;
  }

  save(): SavedLayers {
    return {
      drafts: this.drafts.map((draft) => ({ ...draft })),
      held: [...this.held],
      weights: this.weights.save(),
      names: new Map(this.names),
      views: new Map(this.views),
      movedViews: new Map([...this.movedViews].map(([value, views]) => [value, new Map(views)])),
    };
  }

  /** Restores a copy. The copy must not be used again. */
  restore(saved: SavedLayers): void {
    this.drafts = [...saved.drafts];
    this.held = [...saved.held];
    this.weights.restore(saved.weights);
    this.names = new Map(saved.names);
    this.views = new Map(saved.views);
    this.movedViews = new Map([...saved.movedViews].map(([value, views]) => [value, new Map(views)]));
  }

  /** All layers. They are not copied: for a million layers, a copy would add a tenth to the memory of the import. */
  finish(): readonly Layer[] {
    return this.drafts;
  }

  private sourceShape(source: number): Shape {
    return (source < 0 ? this.inputs[-1 - source]?.shape : this.drafts[source]?.outputShape) ?? [1];
  }

  private uniqueName(name: string): string {
    const taken = this.names.get(name);
    if (taken === undefined) {
      this.names.set(name, 1);
      return name;
    }
    let number = taken + 1;
    while (this.names.has(`${name}_${number}`)) number++;
    this.names.set(name, number);
    this.names.set(`${name}_${number}`, 1);
    return `${name}_${number}`;
  }
}

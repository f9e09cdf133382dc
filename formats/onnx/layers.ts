import type { Layer, ModelInput, Operation, Origin, Shape } from '../../design/index.ts';
import { type Activation, type Constant, sameShape } from './value.ts';
import { WeightIdentities } from './weight-identity.ts';

/** A layer that may still change: what follows can be merged into it. */
export interface Draft extends Omit<Layer, 'operation'> {
  operation: Operation;
}

/** Where a layer's data is: an index of design's `Layer.inputs`, and the shape it has there. */
export interface Read {
  readonly index: number;
  readonly shape: Shape;
}

export interface SavedLayers {
  readonly drafts: readonly Draft[];
  readonly held: readonly (string | undefined)[];
  readonly names: ReadonlyMap<string, number>;
  readonly views: ReadonlyMap<string, number>;
  readonly movedViews: ReadonlyMap<Activation, ReadonlyMap<string, number>>;
}

/** The layers of one network as they are made. Guards that names are unique, and that what feeds a layer has the shape it reads. */
export class LayerList {
  private drafts: Draft[] = [];
  /** By layer: the tensor that holds its output, where an ONNX node made it. */
  private held: (string | undefined)[] = [];
  private names = new Map<string, number>();
  private views = new Map<string, number>();
  private movedViews = new Map<Activation, Map<string, number>>();
  private readonly weights = new WeightIdentities();
  private readonly inputs: readonly ModelInput[];
  private readonly origin: Origin;

  /** `inputs`: what each request brings, entry 0 is index -1. It may grow until the first layer is made. */
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

  /** Adds a layer; its index. `constants`: what its weights could be. */
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

  /** The place where `value` can be read in `shape`: its source, or a reshape of it that `make` adds. */
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

  /** The layer that `value` comes from as it is, where it holds `tensor`. */
  makerOf(tensor: string, value: Activation): Draft | undefined {
    if (value.moved || value.source < 0 || this.held[value.source] !== tensor) return undefined;
    return this.drafts[value.source];
  }

  /** Notes that a layer's output is now held by another tensor, since a later node was merged into it. */
  hold(index: number, tensor: string | undefined): void {
    this.held[index] = tensor;
  }

  /** Layers, names and views that `save` copies. */
  get size(): number {
    return this.drafts.length + this.names.size + this.views.size;
  }

  save(): SavedLayers {
    return {
      drafts: this.drafts.map((draft) => ({ ...draft })),
      held: [...this.held],
      names: new Map(this.names),
      views: new Map(this.views),
      movedViews: new Map([...this.movedViews].map(([value, views]) => [value, new Map(views)])),
    };
  }

  /** Goes back to a copy, which is used up. */
  restore(saved: SavedLayers): void {
    this.drafts = [...saved.drafts];
    this.held = [...saved.held];
    this.weights.forget(this.drafts.length);
    this.names = new Map(saved.names);
    this.views = new Map(saved.views);
    this.movedViews = new Map([...saved.movedViews].map(([value, views]) => [value, new Map(views)]));
  }

  /** All layers. They are handed over as they are: a copy of a million of them would be a tenth of an import's memory. */
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

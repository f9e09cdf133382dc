import type { Layer, ModelInput, Operation, Origin, Shape } from '../../design/index.ts';
import { type Activation, type Constant, sameShape } from './value.ts';
import { WeightIdentities } from './weight-identity.ts';

/** A layer that may still change: what follows can be merged into it. */
export interface Draft {
  readonly name: string;
  operation: Operation;
  readonly inputs: readonly number[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly sharesWeightsOf: number | undefined;
  /** The tensor that holds its output, where an ONNX node made it. */
  tensor: string | undefined;
}

/** Where a layer's data is: an index of design's `Layer.inputs`, and the shape it has there. */
export interface Read {
  readonly index: number;
  readonly shape: Shape;
}

export interface SavedLayers {
  readonly drafts: readonly Draft[];
  readonly names: ReadonlyMap<string, number>;
  readonly views: ReadonlyMap<string, number>;
  readonly movedViews: ReadonlyMap<Activation, ReadonlyMap<string, number>>;
}

/** The layers of one network as they are made. Guards that names are unique, and that what feeds a layer has the shape it reads. */
export class LayerList {
  private drafts: Draft[] = [];
  private names = new Map<string, number>();
  private views = new Map<string, number>();
  private movedViews = new Map<Activation, Map<string, number>>();
  private readonly weights = new WeightIdentities();
  private readonly inputs: readonly ModelInput[];

  /** `inputs`: what each request brings, entry 0 is index -1. It may grow until the first layer is made. */
  constructor(inputs: readonly ModelInput[]) {
    this.inputs = inputs;
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
    this.drafts.push({
      name: this.uniqueName(name),
      operation,
      inputs: reads.map((read) => read.index),
      inputShapes: shapes,
      outputShape,
      sharesWeightsOf: this.weights.ownerOf(index, operation, shapes, outputShape, constants),
      tensor,
    });
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
    const draft = value.moved || value.source < 0 ? undefined : this.drafts[value.source];
    return draft?.tensor === tensor ? draft : undefined;
  }

  /** Layers, names and views that `save` copies. */
  get size(): number {
    return this.drafts.length + this.names.size + this.views.size;
  }

  save(): SavedLayers {
    return {
      drafts: this.drafts.map((draft) => ({ ...draft })),
      names: new Map(this.names),
      views: new Map(this.views),
      movedViews: new Map([...this.movedViews].map(([value, views]) => [value, new Map(views)])),
    };
  }

  /** Goes back to a copy, which is used up. */
  restore(saved: SavedLayers): void {
    this.drafts = [...saved.drafts];
    this.weights.forget(this.drafts.length);
    this.names = new Map(saved.names);
    this.views = new Map(saved.views);
    this.movedViews = new Map([...saved.movedViews].map(([value, views]) => [value, new Map(views)]));
  }

  finish(origin: Origin): Layer[] {
    return this.drafts.map(({ name, operation, inputs, inputShapes, outputShape, sharesWeightsOf }) => ({
      name,
      operation,
      inputs,
      inputShapes,
      outputShape,
      ...(sharesWeightsOf === undefined ? {} : { sharesWeightsOf }),
      origin,
    }));
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

import type { Attention, FeedForward, Layer, Model, Operation, Shape } from '../../design/index.ts';
import { positionOperations } from '../hardware/index.ts';

/** An open model as a step runs it. Its attention is priced apart, because it depends on the context of each sequence. */
export interface StepModel {
  /** All layers except scores, softmax and context, so that weights compete for on-chip memory as in a step. */
  readonly whole: Model;
  /** The layers of each token: the batch is the tokens of a step. */
  readonly body: Model;
  /** The layers after `last-token`: the batch is the sequences of a step. No layers if the model has no `last-token`. */
  readonly head: Model;
  /** The attention layers, equal ones together. */
  readonly attention: readonly AttentionLayers[];
  /** The number of attention layers. */
  readonly attentionCount: number;
}

/** Attention layers with the same scores, softmax and context. */
export interface AttentionLayers {
  readonly operation: Attention;
  readonly count: number;
}

const models = new WeakMap<Model, StepModel>();

export function stepModelOf(model: Model): StepModel {
  let known = models.get(model);
  if (known === undefined) {
    known = build(model);
    models.set(model, known);
  }
  return known;
}

function build(model: Model): StepModel {
  const layers: Layer[] = [];
  /** The place of the output of each layer of the model. */
  const places: number[] = [];
  let firstOfHead: number | undefined;
  for (const layer of model.layers) {
    const { operation } = layer;
    const expansion = new Expansion(layers, layer, places);
    if (operation.kind === 'reshape' && operation.lastToken === true) firstOfHead ??= layers.length;
    if (operation.kind === 'attention') expandAttention(expansion, operation);
    else if (operation.kind === 'feed-forward' && operation.experts === 1) expandFeedForward(expansion, operation);
    else expansion.copy();
    places.push(layers.length - 1);
  }
  const start = firstOfHead ?? layers.length;
  const attention = attentionOf(model);
  return {
    whole: { ...model, layers },
    body: { ...model, name: `${model.name} (tokens)`, layers: layers.slice(0, start) },
    head: headOf(model, layers, start),
    attention,
    attentionCount: attention.reduce((sum, { count }) => sum + count, 0),
  };
}

/** Adds the layers that replace one layer of the model. */
class Expansion {
  readonly layer: Layer;
  private readonly layers: Layer[];
  private readonly places: readonly number[];

  constructor(layers: Layer[], layer: Layer, places: readonly number[]) {
    this.layers = layers;
    this.layer = layer;
    this.places = places;
  }

  get features(): number {
    return this.layer.inputShapes[0]?.at(-1) ?? 1;
  }

  /** The place of the layer that was added last. */
  get last(): number {
    return this.layers.length - 1;
  }

  /** Where the input of the model's layer is. */
  get input(): number {
    return this.placeOf(this.layer.inputs[0] ?? -1);
  }

  copy(): void {
    const { inputs, sharesWeightsOf } = this.layer;
    const shared = sharesWeightsOf === undefined ? {} : { sharesWeightsOf: this.placeOf(sharesWeightsOf) };
    this.layers.push({ ...this.layer, inputs: inputs.map((input) => this.placeOf(input)), ...shared });
  }

  /** Adds a layer of one token with `features`, which reads the given places. */
  add(part: string, operation: Operation, features: number, inputs: readonly number[] = [this.last]): number {
    const shapeOf = (place: number): Shape =>
      this.layers[place]?.outputShape ?? this.layer.inputShapes[0] ?? [1, this.features];
    this.layers.push({
      name: `${this.layer.name}.${part}`,
      operation,
      inputs,
      inputShapes: inputs.map(shapeOf),
      outputShape: [1, features],
      origin: this.layer.origin,
    });
    return this.last;
  }

  private placeOf(index: number): number {
    return index < 0 ? index : (this.places[index] ?? -1);
  }
}

const slice: Operation = { kind: 'reshape', copies: false };
const multiply: Operation = { kind: 'elementwise', operation: 'multiply' };

/**
 * Queries, keys and values from one product; their positions; and the output projection. Operations on positions count for values too, as
 * whole operations per element. Writing keys and values is part of the product.
 */
function expandAttention(into: Expansion, attention: Attention): void {
  const { heads, keyValueHeads, headSize, bias } = attention;
  const width = (heads + 2 * keyValueHeads) * headSize;
  const projected = into.add('qkv', { kind: 'dense', outputs: width, bias: bias !== false }, width, [into.input]);
  const operations = positionOperations(attention);
  if (operations > 0) {
    into.add('positions', multiply, width, new Array<number>(operations + 1).fill(projected));
  }
  into.add('heads', slice, heads * headSize);
  into.add('output', { kind: 'dense', outputs: into.features, bias: bias === true }, into.features);
}

/** The products and vector operations one by one, so that large hidden features can leave the chip. */
function expandFeedForward(into: Expansion, { width, gated, bias, function: name }: FeedForward): void {
  const outputs = gated ? 2 * width : width;
  into.add('up', { kind: 'dense', outputs, bias }, outputs, [into.input]);
  const gate = gated ? into.add('gate', slice, width) : into.last;
  into.add('function', { kind: 'activation', function: name }, width);
  if (gated) into.add('gated', multiply, width, [into.last, gate]);
  into.add('down', { kind: 'dense', outputs: into.features, bias }, into.features);
}

/** The layers from `start` on as a model. Its input is everything that they read from earlier layers. */
function headOf(model: Model, layers: readonly Layer[], start: number): Model {
  const own = layers.slice(start).map((layer): Layer => {
    const { sharesWeightsOf, ...rest } = layer;
    const inputs = layer.inputs.map((input) => (input < start ? -1 : input - start));
    const shares =
      sharesWeightsOf === undefined || sharesWeightsOf < start ? {} : { sharesWeightsOf: sharesWeightsOf - start };
    return { ...rest, inputs, ...shares };
  });
  const inputShape = own[0]?.inputShapes[0] ?? [1];
  return { ...model, name: `${model.name} (sequences)`, inputShape, layers: own };
}

function attentionOf(model: Model): readonly AttentionLayers[] {
  const groups = new Map<string, { readonly operation: Attention; count: number }>();
  for (const { operation } of model.layers) {
    if (operation.kind !== 'attention') continue;
    const { heads, keyValueHeads, headSize, window } = operation;
    const key = [heads, keyValueHeads, headSize, window].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { operation, count: 1 });
    else group.count++;
  }
  return [...groups.values()];
}

import type { Attention, FeedForward, Layer, Operation, Origin } from '../../design/index.ts';

/** The properties of a decoder that decide its weights and its amount of computation, from its configuration file. */
export interface Decoder {
  readonly layers: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly attentionBias: Attention['bias'];
  readonly queryKeyNorm: boolean;
  readonly rotary: boolean;
  /** The sliding window of each layer. undefined: the layer attends to all tokens. */
  readonly windows: readonly (number | undefined)[];
  /** The feed-forward network of each layer. */
  readonly feedForward: readonly DecoderFeedForward[];
  readonly norm: 'layer' | 'rms';
  /** `around`: also after attention and after the feed-forward network (Gemma 2). `shared`: one normalization for both, which run in parallel (Phi). */
  readonly norms: 'before' | 'around' | 'shared';
  /** Rows of a table of learned positions. 0: none. */
  readonly positions: number;
  /** Whether embeddings are multiplied by a constant (Gemma). */
  readonly scalesEmbedding: boolean;
  /** Whether the output reads the embedding table. */
  readonly isTied: boolean;
  readonly headBias: boolean;
  /** Whether the outputs go through a scaled tanh (Gemma 2). */
  readonly capsOutput: boolean;
}

export type DecoderFeedForward = Omit<FeedForward, 'kind'>;

/** The layers of one token. */
export function decoderLayers(decoder: Decoder, origin: Origin): readonly Layer[] {
  const list = new LayerChain(decoder.hidden, origin);
  const norm: Operation = { kind: 'normalization', normalization: decoder.norm, folded: false };
  const embedding = (name: string, rows: number, inputs?: readonly number[]): number =>
    list.add(name, { kind: 'embedding', rows, width: decoder.hidden, lookups: 1, pooled: false }, inputs);
  const tokens = embedding('tokens', decoder.vocabulary, [-1]);
  if (decoder.positions > 0) {
    const positions = embedding('positions', decoder.positions, [-1]);
    list.add('embedded', add, [tokens, positions]);
  }
  if (decoder.scalesEmbedding) list.add('scaled', multiply, [list.last]);
  for (let layer = 0; layer < decoder.layers; layer++) addLayer(list, decoder, layer, norm);
  list.add('last-token', { kind: 'reshape', copies: false, lastToken: true });
  list.add('norm', norm);
  const output: Operation = { kind: 'dense', outputs: decoder.vocabulary, bias: decoder.headBias };
  const shared = decoder.isTied ? { sharesWeightsOf: tokens } : {};
  list.add('words', output, [list.last], decoder.vocabulary, shared);
  if (decoder.capsOutput) {
    list.add('divided', { kind: 'elementwise', operation: 'divide' }, [list.last], decoder.vocabulary);
    list.add('capped', { kind: 'activation', function: 'tanh' }, [list.last], decoder.vocabulary);
    list.add('multiplied', multiply, [list.last], decoder.vocabulary);
  }
  return list.layers;
}

const add: Operation = { kind: 'elementwise', operation: 'add' };
const multiply: Operation = { kind: 'elementwise', operation: 'multiply' };

function addLayer(list: LayerChain, decoder: Decoder, layer: number, norm: Operation): void {
  const name = (part: string): string => `layer.${layer + 1}.${part}`;
  const attention = attentionOf(decoder, layer);
  const feedForward = decoder.feedForward[layer];
  if (feedForward === undefined) throw new Error(`no feed-forward network in layer ${layer}`);
  const start = list.last;
  const normed = list.add(name('norm'), norm);
  if (decoder.norms === 'shared') {
    const attended = list.add(name('attention'), attention, [normed]);
    const fed = list.add(name('feed-forward'), { kind: 'feed-forward', ...feedForward }, [normed]);
    list.add(name('sum'), add, [start, attended, fed]);
    return;
  }
  list.add(name('attention'), attention);
  if (decoder.norms === 'around') list.add(name('attention-norm'), norm);
  const middle = list.add(name('attended'), add, [start, list.last]);
  list.add(name('feed-norm'), norm);
  list.add(name('feed-forward'), { kind: 'feed-forward', ...feedForward });
  if (decoder.norms === 'around') list.add(name('fed-norm'), norm);
  list.add(name('sum'), add, [middle, list.last]);
}

function attentionOf(decoder: Decoder, layer: number): Attention {
  const window = decoder.windows[layer];
  return {
    kind: 'attention',
    heads: decoder.heads,
    keyValueHeads: decoder.keyValueHeads,
    headSize: decoder.headSize,
    contextLength: 1,
    causal: true,
    bias: decoder.attentionBias,
    cache: true,
    ...(window === undefined ? {} : { window }),
    ...(decoder.rotary ? { rotary: true } : {}),
    ...(decoder.queryKeyNorm ? { queryKeyNorm: true } : {}),
  };
}

/** Layers in their order. Each reads the one before it unless it states its inputs. */
class LayerChain {
  readonly layers: Layer[] = [];
  private readonly width: number;
  private readonly origin: Origin;

  constructor(width: number, origin: Origin) {
    this.width = width;
    this.origin = origin;
  }

  get last(): number {
    return this.layers.length - 1;
  }

  add(
    name: string,
    operation: Operation,
    inputs: readonly number[] = [this.last],
    width = this.width,
    shared: Pick<Layer, 'sharesWeightsOf'> = {},
  ): number {
    this.layers.push({
      name,
      operation,
      inputs,
      inputShapes: inputs.map((input) => this.layers[input]?.outputShape ?? [1]),
      outputShape: [1, width],
      ...shared,
      origin: this.origin,
    });
    return this.last;
  }
}

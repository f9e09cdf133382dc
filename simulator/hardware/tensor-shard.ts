import {
  activationFormat,
  bytesPerElement,
  type Layer,
  type Model,
  type Npu,
  type SequenceServing,
  type Serve,
  type Shape,
} from '../../design/index.ts';

/*
 * A language model that is divided among n chips (tensor parallelism; Shoeybi et al., Megatron-LM, arXiv:1909.08053). Each chip has 1/n of the
 * heads, of the key-value heads and of the hidden features, and computes a partial result with all features of each token. A ring all-reduce
 * adds up the partial results of a layer.
 */

/** The part of the serve that one of its chips computes. A serve that is not divided stays the same. */
export function onEachChip<S extends Serve>(serve: S): S {
  const chips = serve.sequences?.parallel?.chips ?? 1;
  return chips === 1 ? serve : { ...serve, model: tensorShard(serve.model, chips) };
}

const shards = new WeakMap<Model, Map<number, Model>>();

/** The part of a model on each of n chips. Equal arguments give the same object, because tables are kept by model. */
function tensorShard(model: Model, chips: number): Model {
  let known = shards.get(model);
  if (known === undefined) {
    known = new Map();
    shards.set(model, known);
  }
  const found = known.get(chips) ?? { ...model, layers: shardLayers(model, chips) };
  known.set(chips, found);
  return found;
}

/**
 * Attention and feed-forward networks are divided, and so are the rows of tables and the columns of the output product. A chip
 * that gets a larger part of the vocabulary sets the time, so these are rounded up. All other layers (normalization, sums, routers) run on every
 * chip in full. Our assumption: the chips compare their best outputs, whose size is negligible, so the whole output is never collected.
 */
function shardLayers({ layers }: Model, chips: number): readonly Layer[] {
  const output = outputProduct(layers);
  return layers.map((layer, index) => {
    const { operation } = layer;
    switch (operation.kind) {
      case 'attention': {
        const { heads, keyValueHeads } = operation;
        return {
          ...layer,
          operation: { ...operation, heads: heads / chips, keyValueHeads: keyValueHeads / chips },
        };
      }
      case 'feed-forward':
        return { ...layer, operation: { ...operation, width: operation.width / chips } };
      case 'embedding':
        return { ...layer, operation: { ...operation, rows: Math.ceil(operation.rows / chips) } };
      case 'dense':
        if (index !== output) return layer;
        return {
          ...layer,
          operation: { ...operation, outputs: Math.ceil(operation.outputs / chips) },
          outputShape: divided(layer.outputShape, chips),
        };
      default:
        if (output < 0 || index < output) return layer;
        return {
          ...layer,
          inputShapes: layer.inputShapes.map((shape) => divided(shape, chips)),
          outputShape: divided(layer.outputShape, chips),
        };
    }
  });
}

/** The product whose outputs nothing combines: only functions of single elements, or a softmax, follow. -1: there is none. */
function outputProduct(layers: readonly Layer[]): number {
  let index = layers.length - 1;
  while (index >= 0) {
    const { operation } = layers[index] as Layer;
    if (operation.kind === 'dense') return index;
    if (operation.kind !== 'softmax' && operation.kind !== 'activation') return -1;
    index--;
  }
  return -1;
}

function divided(shape: Shape, chips: number): Shape {
  return [...shape.slice(0, -1), Math.ceil((shape.at(-1) ?? 1) / chips)];
}

/** The time of all ring all-reduces of a step is `fixedSeconds` + tokens x `secondsPerToken`. */
interface AllReduces {
  readonly fixedSeconds: number;
  readonly secondsPerToken: number;
}

/**
 * The all-reduces of a step: one after each attention, one after each feed-forward network, and one that collects the rows of the tables. Each sends
 * 2 (n - 1) / n of the bytes over the link of each chip, in 2 (n - 1) steps with the latency of the link (Thakur et al., Optimization of Collective
 * Communication Operations in MPICH, 2005). Our assumptions: partial results have the format of base mode in both modes, because sums of quantized
 * parts would lose bits, and the chips do not compute meanwhile.
 */
export function allReduces(npu: Npu, model: Model, parallel: SequenceServing['parallel']): AllReduces {
  if (parallel === undefined) return { fixedSeconds: 0, secondsPerToken: 0 };
  const { link } = npu;
  if (link === undefined) throw new Error(`${npu.name} has no link, which the language should have reported`);
  const { chips } = parallel;
  let count = 0;
  let elements = 0;
  let hasTable = false;
  for (const { operation, outputShape } of model.layers) {
    if (operation.kind === 'embedding') {
      if (hasTable) continue;
      hasTable = true;
    } else if (operation.kind !== 'attention' && operation.kind !== 'feed-forward') continue;
    count++;
    elements += outputShape.at(-1) ?? 1;
  }
  const bytes = elements * bytesPerElement(activationFormat(npu.base));
  return {
    fixedSeconds: count * 2 * (chips - 1) * link.latencySeconds,
    secondsPerToken: (2 * ((chips - 1) / chips) * bytes) / link.bandwidthBytesPerSecond,
  };
}

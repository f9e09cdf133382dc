import type { Model, Operation } from '../../design/index.ts';
import { elementsOf } from '../../design/index.ts';
import { isAlias, readShare } from './lowering.ts';

/**
 * The network's graph for any chip and batch size: the layers that run inside the vector stage of another layer, the tensors, their lifetimes,
 * and their rank for on-chip space.
 */
export interface Graph {
  /** For each layer: the layer in whose tile pipeline it runs. Itself if it runs alone. -1 if it only renames the model's input. */
  readonly root: Int32Array;
  /** For each root layer: every tensor that it reads, once, identified by its producing root. -1 for the model's input. */
  readonly reads: readonly (readonly number[])[];
  /** For each root layer: elements per sample of each entry of `reads`. */
  readonly readElements: readonly (readonly number[])[];
  /** For each root layer: the roots that read its tensor, ascending. */
  readonly readers: readonly (readonly number[])[];
  /** For each root layer: elements per sample of its output tensor. */
  readonly outputElements: Float64Array;
  /** For each root layer: 1 if its tensor is an output of the model. */
  readonly leaves: Uint8Array;
  /** Roots whose tensor stays inside the model, ranked by accesses per layer of lifetime, best first. */
  readonly bySpaceBenefit: readonly number[];
  /** For each root layer: the last layer that reads its tensor. */
  readonly death: Int32Array;
  /**
   * For each inner root layer: the demand of its tensor, in elements per sample. It is the peak size, during the tensor's lifetime, of the
   * tensor plus all higher-ranked tensors in `bySpaceBenefit`. It does not depend on any capacity, so a larger memory only adds tensors.
   */
  readonly demandElements: Float64Array;
  /** Inner roots by the demand of their tensor, smallest first. */
  readonly byDemand: readonly number[];
}

const graphs = new WeakMap<Model, Graph>();

export function graphOf(model: Model): Graph {
  let graph = graphs.get(model);
  if (graph === undefined) {
    graph = analyse(model);
    graphs.set(model, graph);
  }
  return graph;
}

/** Whether a layer is element-wise. Then it can run on a tile while the tile is still in the vector unit. */
function isFusible(operation: Operation): boolean {
  return (
    operation.kind === 'activation' ||
    operation.kind === 'elementwise' ||
    (operation.kind === 'normalization' && operation.normalization === 'batch')
  );
}

function analyse(model: Model): Graph {
  const count = model.layers.length;
  const consumers = new Int32Array(count);
  for (const { inputs } of model.layers) {
    for (let at = 0; at < inputs.length; at++) {
      const input = inputs[at] ?? -1;
      if (input >= 0 && inputs.indexOf(input) === at) consumers[input] = (consumers[input] ?? 0) + 1;
    }
  }

  const root = new Int32Array(count);
  const outputElements = new Float64Array(count);
  const reads: number[][] = model.layers.map(() => []);
  const readElements: number[][] = model.layers.map(() => []);
  for (let index = 0; index < count; index++) {
    const layer = model.layers[index];
    if (layer === undefined) break;
    root[index] = rootOf(model, index, root, outputElements, consumers);
    const own = root[index] ?? index;
    if (isAlias(layer.operation)) continue;
    outputElements[own] = elementsOf(layer.outputShape);
    const ownReads = reads[own];
    const ownElements = readElements[own];
    if (ownReads === undefined || ownElements === undefined) continue;
    for (let position = 0; position < layer.inputs.length; position++) {
      const input = layer.inputs[position] ?? -1;
      const tensor = input < 0 ? -1 : (root[input] ?? -1);
      if (tensor === own && own !== index) continue;
      const shape = layer.inputShapes[position] ?? [];
      const elements = Math.round(elementsOf(shape) * readShare(layer.operation, shape, layer.outputShape));
      const at = ownReads.indexOf(tensor);
      const before = ownElements[at] ?? 0;
      if (at === -1) {
        ownReads.push(tensor);
        ownElements.push(elements);
      }
      // Two different inputs of the model are both -1, so their elements are added.
      else ownElements[at] = tensor === -1 ? before + elements : Math.max(before, elements);
    }
  }

  const death = new Int32Array(count);
  const readers: number[][] = model.layers.map(() => []);
  for (let index = 0; index < count; index++) {
    for (const tensor of reads[index] ?? []) {
      if (tensor < 0) continue;
      death[tensor] = index;
      readers[tensor]?.push(index);
    }
  }
  const leaves = new Uint8Array(count);
  const inner: number[] = [];
  for (let index = 0; index < count; index++) {
    if (root[index] !== index) continue;
    if (readers[index]?.length === 0) leaves[index] = 1;
    else inner.push(index);
  }
  const benefit = (tensor: number) => (1 + (readers[tensor]?.length ?? 0)) / ((death[tensor] ?? 0) - tensor + 1);
  const bySpaceBenefit = inner.toSorted((a, b) => benefit(b) - benefit(a) || a - b);

  const occupied = new Float64Array(count);
  const demandElements = new Float64Array(count);
  for (const tensor of bySpaceBenefit) {
    let demand = 0;
    for (let at = tensor; at <= (death[tensor] ?? tensor); at++) {
      const now = (occupied[at] ?? 0) + (outputElements[tensor] ?? 0);
      occupied[at] = now;
      if (now > demand) demand = now;
    }
    demandElements[tensor] = demand;
  }

  const byDemand = bySpaceBenefit.toSorted((a, b) => (demandElements[a] ?? 0) - (demandElements[b] ?? 0) || a - b);
  return {
    root,
    death,
    byDemand,
    reads,
    readers,
    readElements,
    outputElements,
    leaves,
    bySpaceBenefit,
    demandElements,
  };
}

/**
 * A fusible layer joins the latest of the layers that it reads. It must be the only reader of that layer and have the same size, and all its
 * other inputs must already exist.
 */
function rootOf(
  model: Model,
  index: number,
  root: Int32Array,
  outputElements: Float64Array,
  consumers: Int32Array,
): number {
  const layer = model.layers[index];
  if (layer === undefined) return index;
  if (isAlias(layer.operation)) {
    const input = layer.inputs[0] ?? -1;
    return input < 0 ? -1 : (root[input] ?? -1);
  }
  if (!isFusible(layer.operation)) return index;
  let latest = -1;
  for (const input of layer.inputs) latest = Math.max(latest, input);
  if (latest < 0 || consumers[latest] !== 1) return index;
  const producer = root[latest] ?? -1;
  // A reshape or a folded normalization in between keeps the same tensor. Other layers may read it under its first name.
  if (producer < 0 || !endsAlone(model, latest, producer, consumers, root)) return index;
  if (outputElements[producer] !== elementsOf(layer.outputShape)) return index;
  for (const input of layer.inputs) {
    if (input === latest) continue;
    const other = input < 0 ? -1 : (root[input] ?? -1);
    if (other >= producer) return index;
  }
  return producer;
}

/** Whether no other layer reads a tensor of the chain from `producer` to `last`. All layers of the chain have one root. */
function endsAlone(model: Model, last: number, producer: number, consumers: Int32Array, root: Int32Array): boolean {
  let at = last;
  while (at !== producer) {
    if (consumers[at] !== 1) return false;
    let next = -1;
    for (const input of model.layers[at]?.inputs ?? [])
      if (input >= 0 && root[input] === producer) next = Math.max(next, input);
    if (next < 0) return false;
    at = next;
  }
  return consumers[producer] === 1;
}

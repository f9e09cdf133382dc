import {
  activationFormat,
  bytesPerElement,
  cacheFormat,
  elementsOf,
  inputsOf,
  type MemoryDemand,
  type MemoryPart,
  type Model,
  type Npu,
  type Scenario,
  type SequenceServe,
  type Serve,
  servesSequences,
  type WeightCopies,
  weightCopiesOf,
} from '../../design/index.ts';
import type { Graph } from './graph.ts';
import { largestBatches } from './largest-batches.ts';
import { modeFacts } from './mode-facts.ts';
import { prepare } from './prepared.ts';
import { planResidency } from './residency.ts';
import { weightBytesOf } from './stored-weights.ts';
import { onEachChip } from './tensor-shard.ts';

/** How both modes share one copy of the weights in HBM. */
const hasOneCopy: ReadonlySet<WeightCopies> = new Set(['nested', 'shared']);

/** The chip and the scheduler: those of the scenario or of a variant. */
export interface MemoryUser {
  readonly npu: Npu;
  readonly scheduler: Scenario['scheduler'];
  readonly serves: readonly Serve[];
}

/**
 * The peak content of a chip's off-chip memory: the weights of every served network, the activations and caches of the largest batch, and
 * copies of quantized weights that burst mode does not convert on the chip.
 *
 * Batches run one after another, so only the largest one counts. A chip with preemption may have started one batch of every serve. Each request
 * of a batch has separate keys and values. Activations use the on-chip memories first, but the input and the results always pass through HBM.
 * Our assumption: waiting requests need no space, because they can wait in the host. If several chips divide a network, this is the content of each.
 */
export function memoryDemand({ npu, scheduler, serves: served }: MemoryUser): MemoryDemand {
  const serves = served.map(onEachChip);
  const parts: MemoryPart[] = [];
  const models = [...new Set(serves.map(({ model }) => model))];
  const batches = largestBatches(models, serves);
  const residency = planResidency(npu, models, batches);
  const copies = npu.burst !== null && !hasOneCopy.has(weightCopiesOf(npu)) && scheduler.burst.kind !== 'never';
  for (const [index, model] of models.entries()) {
    const serve = serves.find((one) => one.model === model);
    if (serve === undefined) continue;
    const bytes = sum(residency.baseBytes[index]);
    parts.push({ content: 'weights', bytes, name: model.name, serve });
    // With conversion on the chip, only weights that are not resident need a copy. A nested copy contains the quantized one.
    const resident = npu.quantizer.source === 'on-chip' ? residency.shares[index] : undefined;
    // The weights of a language model stream in base format and are converted on their way, in every step: no step reads a copy.
    const converts = servesSequences(serve) && weightCopiesOf(npu) === 'on-chip';
    const copyBytes = copies && !converts ? quantizedBytes(npu, model, resident) : 0;
    if (copyBytes > 0) parts.push({ content: 'copies', bytes: copyBytes, name: model.name, serve });
  }
  const onChipBytes = npu.vmem.capacityBytes + (residency.activationBytes ?? 0);
  const working = serves.map((serve) =>
    servesSequences(serve)
      ? stepParts(npu, serve, onChipBytes)
      : workingParts(npu, serve, serve.batch.maxSize, onChipBytes),
  );
  if (scheduler.preemption === 'layer') parts.push(...working.flat());
  else {
    const size = (own: readonly MemoryPart[]): number => own.reduce((bytes, part) => bytes + part.bytes, 0);
    const largest = working.reduce<readonly MemoryPart[]>((most, own) => (size(own) > size(most) ? own : most), []);
    parts.push(...largest);
  }
  parts.sort((a, b) => b.bytes - a.bytes);
  const totalBytes = parts.reduce((bytes, part) => bytes + part.bytes, 0);
  return { totalBytes, capacityBytes: npu.hbm.capacityBytes, parts };
}

/** Activations of the largest step of a language model. Its KV blocks take the rest of the memory. */
function stepParts(npu: Npu, serve: SequenceServe, onChipBytes: number): MemoryPart[] {
  return workingParts(npu, serve, serve.sequences.limits.tokens, onChipBytes).filter(
    ({ content }) => content === 'activations',
  );
}

/** The largest number of KV blocks that a run manages. Our assumption: it limits the memory of a run. */
const MOST_BLOCKS = 2 ** 22;

/**
 * KV blocks in off-chip memory beside the weights, their copies and the activations: 0 or more, with the null block. With `units`: their parts,
 * `units` of which are a block, and the null block is one part.
 */
export function kvBlocks(user: MemoryUser, blockBytes: number, units = 1): number {
  const { totalBytes, capacityBytes } = memoryDemand(user);
  const parts = Math.min(MOST_BLOCKS * units, Math.floor((capacityBytes - totalBytes) / (blockBytes / units)));
  return Math.max(0, parts - (units - 1));
}

/** Activations and caches of one batch, in the wider format of the modes. */
function workingParts(npu: Npu, serve: Serve, batch: number, onChipBytes: number): MemoryPart[] {
  const { cachedElements, peakElements, throughElements } = workingElements(serve.model, npu);
  const ofModes = npu.burst === null ? [npu.base] : [npu.base, npu.burst];
  const bytes = Math.max(...ofModes.map((mode) => bytesPerElement(activationFormat(mode))));
  const cachedBytes = Math.max(...ofModes.map((mode) => bytesPerElement(cacheFormat(mode))));
  const through = throughElements * batch * bytes;
  const activations = Math.max(through, peakElements * batch * bytes - onChipBytes);
  const caches = cachedElements * batch * cachedBytes;
  return [
    { content: 'activations' as const, bytes: activations, name: serve.name, batch, serve },
    ...(caches > 0 ? [{ content: 'caches' as const, bytes: caches, name: serve.name, batch, serve }] : []),
  ];
}

/** Bytes of the quantized weights, in the format of burst mode, without those of which all are resident. */
function quantizedBytes(npu: Npu, model: Model, resident: Float64Array | undefined): number {
  const facts = modeFacts(npu, model, 'burst');
  if (facts === null) return 0;
  const { layers } = prepare(model, 1, npu.array.convolution ?? 'im2col');
  return layers.reduce((bytes, layer, index) => {
    const needed = layer.quantizes && resident?.[index] !== 1;
    return bytes + (needed ? weightBytesOf(layer, facts.weights) : 0);
  }, 0);
}

/** Numbers of elements of one request. */
interface WorkingElements {
  /** Keys and values in the caches of all layers. */
  readonly cachedElements: number;
  /** Tensors that exist at the same time, at the peak. */
  readonly peakElements: number;
  /** The input and the results of the model. */
  readonly throughElements: number;
}

const known = new WeakMap<Model, WorkingElements>();

function workingElements(model: Model, npu: Npu): WorkingElements {
  const before = known.get(model);
  if (before !== undefined) return before;
  const { graph, layers } = prepare(model, 1, npu.array.convolution ?? 'im2col');
  const cachedElements = layers.reduce((elements, layer) => elements + layer.cachedElements, 0);
  const found = { cachedElements, ...liveElements(model, graph) };
  known.set(model, found);
  return found;
}

function liveElements(model: Model, graph: Graph): Omit<WorkingElements, 'cachedElements'> {
  const count = model.layers.length;
  // Elements whose lifetime starts at a layer, minus those whose lifetime ended before it.
  const change = new Float64Array(count + 1);
  const live = (elements: number, first: number, last: number): void => {
    change[first] = (change[first] ?? 0) + elements;
    change[last + 1] = (change[last + 1] ?? 0) - elements;
  };
  let throughElements = 0;
  const lastReaders = lastInputReaders(model, graph);
  for (const [place, { shape }] of inputsOf(model).entries()) {
    const elements = elementsOf(shape);
    throughElements += elements;
    live(elements, 0, lastReaders[place] ?? 0);
  }
  for (let index = 0; index < count; index++) {
    if (graph.root[index] !== index) continue;
    const elements = graph.outputElements[index] ?? 0;
    const leaves = graph.leaves[index] === 1;
    if (leaves) throughElements += elements;
    live(elements, index, leaves ? count - 1 : (graph.readers[index]?.at(-1) ?? index));
  }
  let now = 0;
  let peakElements = 0;
  for (let index = 0; index < count; index++) {
    now += change[index] ?? 0;
    if (now > peakElements) peakElements = now;
  }
  return { peakElements, throughElements };
}

/** For each input of the model, the last layer that reads it, also through views. */
function lastInputReaders(model: Model, graph: Graph): readonly number[] {
  const last = inputsOf(model).map(() => 0);
  // The input that a view of an input shows.
  const shown = new Int32Array(model.layers.length).fill(-1);
  for (const [index, layer] of model.layers.entries()) {
    const root = graph.root[index] ?? index;
    for (const input of layer.inputs) {
      const place = input < 0 ? -1 - input : (shown[input] as number);
      if (place < 0) continue;
      if (root < 0) shown[index] = place;
      else last[place] = Math.max(last[place] ?? 0, root);
    }
  }
  return last;
}

function sum(values: Float64Array | undefined): number {
  let total = 0;
  for (const value of values ?? []) total += value;
  return total;
}

/** The largest batch of a serve with which everything fits, if no other serve needs more. 0 if no batch fits. */
export function largestFittingBatch(user: MemoryUser, serve: Serve): number {
  const room = (batch: number): boolean => {
    const serves = user.serves.map((one) =>
      one === serve
        ? { ...one, batch: { ...one.batch, maxSize: batch } }
        : { ...one, batch: { ...one.batch, maxSize: 1 } },
    );
    const { totalBytes, capacityBytes } = memoryDemand({ ...user, serves });
    return totalBytes <= capacityBytes;
  };
  let fitting = 0;
  let above = serve.batch.maxSize + 1;
  while (above - fitting > 1) {
    const middle = (fitting + above) >> 1;
    if (room(middle)) fitting = middle;
    else above = middle;
  }
  return fitting;
}

import type { Model, Npu } from '../../design/index.ts';
import type { ResidencyPlan } from '../service-table.ts';
import { evaluateMode, modesOf, type Placement } from './evaluation.ts';
import { modeFacts } from './mode-facts.ts';
import { prepare } from './prepared.ts';
import { type RankedWeights, rankWeights, type WeightItem } from './weight-ranking.ts';

/**
 * Divides the large scratchpad into three parts: weights that stay from request to request, second copies and activations. A second copy is the
 * original of converted weights. It makes the change back free.
 *
 * Weights and activations compete by the time that they save. The function tries every space for activations that could be useful, and gives
 * the rest to weights. It chooses the division with the shortest time of all models. Weights get their space in the order of `rankWeights`. The last
 * layer that fits only in part is resident in part, so that every byte is used. If activations need no space, weights come first, then second
 * copies, then activations. For each space of activations, a larger scratchpad has more space for weights, so it is never slower.
 *
 * `lru`: layers are loaded and evicted at run time. An inference uses all layers in order. If they do not all fit, the least recently used
 * layer is always the next one that is needed. So either all layers stay, or none can be relied on.
 *
 * @param batches the largest batch of each model. Default: 1.
 */
export function planResidency(npu: Npu, models: readonly Model[], batches: readonly number[] = []): ResidencyPlan {
  const last = lastPlans.get(npu);
  if (last !== undefined && isEqual(last.models, models) && isEqual(last.batches, batches)) return last.plan;
  const plan = planParts(npu, models, batches);
  lastPlans.set(npu, { models, batches, plan });
  return plan;
}

/** The last plan of each chip. The check of the memories makes the plan, and the tables of the same design reuse it. */
const lastPlans = new WeakMap<
  Npu,
  { readonly models: readonly Model[]; readonly batches: readonly number[]; readonly plan: ResidencyPlan }
>();

function isEqual<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}

/** A batch that does not fit runs in equal parts: a half, a quarter, and so on. The plan is for the part that gives the whole batch the shortest time. */
function planParts(npu: Npu, models: readonly Model[], batches: readonly number[]): ResidencyPlan {
  const whole = models.map((_, index) => batches[index] ?? 1);
  let best = makePlan(npu, models, whole);
  if (!best.isDivided) return best.plan;
  let fastest = secondsOfPlan(npu, models, whole, whole, best.plan);
  for (let parts = whole; parts.some((size) => size > 1); ) {
    parts = parts.map((size) => Math.ceil(size / 2));
    const next = makePlan(npu, models, parts);
    const seconds = secondsOfPlan(npu, models, whole, parts, next.plan);
    if (seconds < fastest * (1 - clearGain)) {
      fastest = seconds;
      best = next;
    }
  }
  return best.plan;
}

/** Our assumption: the estimate divides a batch in the same way in both modes, so a smaller gain may not be real. */
const clearGain = 0.02;

/** Seconds of all batches in all modes, if each runs in parts of one size and a smaller last one. */
function secondsOfPlan(
  npu: Npu,
  models: readonly Model[],
  whole: readonly number[],
  parts: readonly number[],
  plan: ResidencyPlan,
): number {
  let seconds = 0;
  for (const [index, model] of models.entries()) {
    const batch = whole[index] ?? 1;
    const part = parts[index] ?? 1;
    const rest = batch % part;
    for (const mode of modesOf(npu)) {
      const direct = (size: number): number =>
        evaluateMode(npu, model, mode, size, placementOf(plan, index))?.totalSeconds('resident') ?? 0;
      seconds += Math.floor(batch / part) * direct(part) + (rest === 0 ? 0 : direct(rest));
    }
  }
  return seconds;
}

/** A plan, and whether weights and activations compete for the space. */
interface MadePlan {
  readonly plan: ResidencyPlan;
  readonly isDivided: boolean;
}

function makePlan(npu: Npu, models: readonly Model[], batches: readonly number[]): MadePlan {
  const capacityBytes = npu.cmem?.capacityBytes ?? 0;
  const ranked = rankWeights(npu, models);
  const weightBytes = ranked.items.reduce((sum, item) => sum + item.bytes, 0);
  const secondCopyBytes = ranked.items.reduce((sum, item) => sum + item.secondCopyBytes, 0);
  if (npu.unified === true) return { plan: planUnified(npu, models, batches, ranked, weightBytes), isDivided: true };
  const spaces = capacityBytes === 0 ? [0] : activationSpaces(npu, models, batches);
  const largest = spaces.at(-1) ?? 0;
  let space = largest;
  const isDivided = weightBytes + largest > capacityBytes && spaces.length > 1;
  if (isDivided) space = fastestSpace(npu, models, batches, ranked, spaces, weightBytes, capacityBytes);
  const { shares, usedBytes } = placeWeights(npu, models, ranked.items, weightBytes, capacityBytes - space);
  const plan = {
    capacityBytes,
    placed: shares.map((row) => Uint8Array.from(row, (share) => (share > 0 ? 1 : 0))),
    shares,
    baseBytes: ranked.baseBytes,
    burstBytes: ranked.burstBytes,
    usedBytes,
    activationBytes: Math.max(space, capacityBytes - weightBytes - secondCopyBytes),
  };
  return { plan, isDivided };
}

/** What a plan gives to one of its models. */
export function placementOf(plan: ResidencyPlan, model: number): Placement {
  const { activationBytes, vmemBytes, shares } = plan;
  const own = shares[model] ?? new Float64Array(0);
  return vmemBytes === undefined ? { activationBytes, shares: own } : { activationBytes, shares: own, vmemBytes };
}

/**
 * One buffer for everything. The function tries every space for tiles and activations, gives the rest to weights, and chooses the division with
 * the shortest time. The spaces are powers of two, so that they do not depend on the capacity.
 */
function planUnified(
  npu: Npu,
  models: readonly Model[],
  batches: readonly number[],
  ranked: RankedWeights,
  weightBytes: number,
): ResidencyPlan {
  const { capacityBytes } = npu.vmem;
  let best: { readonly seconds: number; readonly shares: Float64Array[]; readonly usedBytes: number } | null = null;
  for (let space = smallestSpace; ; space *= 2) {
    const working = Math.min(space, capacityBytes);
    const { shares, usedBytes } = placeWeights(npu, models, ranked.items, weightBytes, capacityBytes - working);
    const vmemBytes = capacityBytes - usedBytes;
    const seconds = secondsOf(npu, models, batches, (index) => ({
      activationBytes: 0,
      shares: shares[index] ?? new Float64Array(0),
      vmemBytes,
    }));
    if (best === null || seconds < best.seconds * (1 - 1e-12)) best = { seconds, shares, usedBytes };
    if (space >= capacityBytes || usedBytes === 0) break;
  }
  const { shares, usedBytes } = best;
  return {
    capacityBytes,
    placed: shares.map((row) => Uint8Array.from(row, (share) => (share > 0 ? 1 : 0))),
    shares,
    baseBytes: ranked.baseBytes,
    burstBytes: ranked.burstBytes,
    usedBytes,
    activationBytes: 0,
    vmemBytes: capacityBytes - usedBytes,
  };
}

/** Our assumption: a few rows of the smallest arrays need at least this much. */
const smallestSpace = 4096;

/** Seconds of all models in all modes, with the weights in their places. */
function secondsOf(
  npu: Npu,
  models: readonly Model[],
  batches: readonly number[],
  placementOf: (index: number) => Placement,
): number {
  let seconds = 0;
  for (const [index, model] of models.entries())
    for (const mode of modesOf(npu))
      seconds += evaluateMode(npu, model, mode, batches[index] ?? 1, placementOf(index))?.totalSeconds('resident') ?? 0;
  return seconds;
}

/**
 * The spaces for activations to try, in bytes, ascending from 0. Each is the demand of a tensor (see Graph) that may not fit into the working
 * scratchpad. A model adds at most `tried` of them. They do not depend on the capacity of the large scratchpad.
 */
function activationSpaces(npu: Npu, models: readonly Model[], batches: readonly number[]): readonly number[] {
  const spaces = new Set([0]);
  for (const [index, model] of models.entries()) {
    const facts = modeFacts(npu, model, 'base');
    if (facts === null) continue;
    const { graph } = prepare(model, 1, npu.array.convolution ?? 'im2col');
    const bytesOf = (tensor: number) =>
      (graph.demandElements[tensor] ?? 0) * facts.activationBytes * (batches[index] ?? 1);
    // At least half of the working scratchpad is for activations, so a smaller tensor fits there.
    const large = graph.byDemand.map(bytesOf).filter((bytes) => bytes > npu.vmem.capacityBytes / 2);
    for (let step = 1; step <= Math.min(tried, large.length); step++)
      spaces.add(large[Math.ceil((step * large.length) / Math.min(tried, large.length)) - 1] ?? 0);
  }
  return [...spaces].sort((a, b) => a - b);
}

/** Our assumption: with more spaces, the search takes longer and the result is hardly better. */
const tried = 6;

/**
 * The most bytes of the large scratchpad that the activations of a model can use. A plan with more bytes for them gives the same times. So chips
 * that differ only in the capacity of this memory can share their tables.
 *
 * @param largest the largest batch.
 */
export function usefulActivationBytes(npu: Npu, model: Model, largest: number): number {
  const { graph } = prepare(model, 1, npu.array.convolution ?? 'im2col');
  const elements = graph.demandElements.reduce((most, demand) => Math.max(most, demand), 0);
  const bytes = modesOf(npu).map((mode) => modeFacts(npu, model, mode)?.activationBytes ?? 0);
  return elements * largest * Math.max(...bytes);
}

function fastestSpace(
  npu: Npu,
  models: readonly Model[],
  batches: readonly number[],
  ranked: RankedWeights,
  spaces: readonly number[],
  weightBytes: number,
  capacityBytes: number,
): number {
  if (spaces.length === 1) return 0;
  let best = 0;
  let fastest = Number.POSITIVE_INFINITY;
  for (const space of spaces) {
    if (space > capacityBytes) break;
    const { shares } = placeWeights(npu, models, ranked.items, weightBytes, capacityBytes - space);
    const seconds = secondsOf(npu, models, batches, (index) => ({
      activationBytes: space,
      shares: shares[index] ?? new Float64Array(0),
    }));
    if (seconds < fastest * (1 - 1e-12)) {
      fastest = seconds;
      best = space;
    }
  }
  return best;
}

/** The share of each layer's weights that stays, if weights have `availableBytes`. */
function placeWeights(
  npu: Npu,
  models: readonly Model[],
  items: readonly WeightItem[],
  weightBytes: number,
  availableBytes: number,
): { readonly shares: Float64Array[]; readonly usedBytes: number } {
  const shares = models.map((model) => new Float64Array(model.layers.length));
  let usedBytes = 0;
  if (npu.residency === 'pinned' || weightBytes <= availableBytes) {
    for (const item of items) {
      const bytes = Math.min(item.bytes, availableBytes - usedBytes);
      if (bytes <= 0) break;
      usedBytes += bytes;
      const row = shares[item.model];
      for (const layer of item.layers) if (row !== undefined) row[layer] = bytes / item.bytes;
    }
  }
  return { shares, usedBytes };
}

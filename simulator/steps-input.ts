import {
  assertNever,
  type Mode,
  type Npu,
  recordedTokens,
  type Scenario,
  type SequenceServe,
  type ServeResult,
  type StepPoint,
  type StoredFormat,
  type TokenCounts,
  writtenFormats,
} from '../design/index.ts';
import { allReduces, kvBlocks, onEachChip } from './hardware/index.ts';
import { blockUnitsOf } from './kv-units.ts';
import {
  BucketedStepCost,
  LinkedStepCost,
  MeasuredStepCost,
  MixedStepCost,
  type SequenceLimits,
  type StepCost,
} from './sequences/index.ts';
import { exactExp, requestWork, type ServeInput, type StepsInput } from './serving/index.ts';
import { kvBytesPerToken, type StepRange, stepOperators, stepPoints } from './steps/index.ts';

/** The price of steps in one mode. */
export interface PricedSteps {
  readonly cost: StepCost;
  /** The dynamic energy in the same form: picojoules in place of picoseconds. null: the chip has no figure for some of it. */
  readonly energy: StepCost | null;
}

/** Makes the costs of steps, once for each chip, network and range. */
export interface StepCosts {
  stepCost(npu: Npu, serve: SequenceServe, mode: Mode, range: StepRange, keyValues: StoredFormat): PricedSteps;
}

/** The price of steps from the tiler, as tables. */
export function pricedSteps(
  npu: Npu,
  { model }: SequenceServe,
  mode: Mode,
  range: StepRange,
  keyValues: StoredFormat,
): PricedSteps {
  const { time, energy } = stepOperators(npu, model, mode, range, keyValues);
  const { tokens, sequences } = range;
  return {
    cost: new MeasuredStepCost(time, tokens, sequences),
    energy: energy === null ? null : new MeasuredStepCost(energy, tokens, sequences),
  };
}

/**
 * The steps of a language model on a chip. KV blocks have the format of the step that took them. If several chips divide the network, they share
 * each step and have equal parts, so the times of one chip are those of all.
 */
export function stepsInputOf(
  served: SequenceServe,
  npu: Npu,
  scheduler: Scenario['scheduler'],
  arrivals: ServeInput['arrivals'],
  costs: StepCosts,
): StepsInput {
  const serve = onEachChip(served);
  const { sequences, model } = serve;
  const { inputTokens, outputTokens, kv } = sequences;
  const written = writtenFormats(kv, npu);
  // One policy never changes the mode, so all blocks have one format.
  const fixed = npu.burst === null || scheduler.burst.kind === 'never' ? 'base' : 'burst';
  const isFixed = fixed === 'base' || scheduler.burst.kind === 'always';
  const blockUnits = isFixed ? undefined : blockUnitsOf(written);
  const keyValues = isFixed ? written[fixed] : written.base;
  const blockBytes = kvBytesPerToken(model, keyValues) * kv.blockTokens;
  const blocks = kvBlocks({ npu, scheduler, serves: [served] }, blockBytes, blockUnits?.base);
  const { buckets, ...stepLimits } = sequences.limits;
  const limits: SequenceLimits = {
    ...stepLimits,
    longestChunk: 0,
    blocks,
    ...(blockUnits === undefined ? {} : { blockUnits }),
    blockTokens: kv.blockTokens,
    // A preempted sequence finds its own blocks again, as in vLLM.
    prefixCaching: true,
    wholeInput: true,
    lookAhead: false,
  };
  const range = rangeOf(serve, arrivals);
  const link = allReduces(npu, served.model, sequences.parallel);
  const priceIn = (mode: Mode): PricedSteps => {
    const pure = costs.stepCost(npu, serve, mode, range, keyValues);
    const own = blockUnits === undefined ? pure : mixed(pure, costs.stepCost(npu, serve, mode, range, written.burst));
    if (sequences.parallel === undefined) return own;
    // A link has no energy figure, so the energy of a step on several chips is not known.
    return { cost: new LinkedStepCost(own.cost, link), energy: null };
  };
  const base = priceIn('base');
  const mayBurst = npu.burst !== null && scheduler.burst.kind !== 'never';
  const burst = mayBurst ? priceIn('burst') : null;
  const [baseCost, burstCost] = [base.cost, burst?.cost ?? null];
  const { sharedTokens } = sequences;
  const isShared = sharedTokens !== undefined && kv.isPrivate !== true;
  const tokens = { inputTokens, outputTokens, ...(isShared ? { sharedTokens } : {}) };
  // Hashes describe the prompts of the trace, and no others.
  const usesHashes = inputTokens.kind === 'recorded' && kv.isPrivate !== true && hasHashes(arrivals);
  // Any prompt may be in the cache.
  const leastTokens = usesHashes ? { ...tokens, sharedTokens: Number.MAX_SAFE_INTEGER } : tokens;
  return {
    tokens,
    ...(usesHashes ? { usesHashes } : {}),
    limits,
    baseCost: padded(baseCost, buckets),
    burstCost: burstCost === null ? null : padded(burstCost, buckets),
    ...(sequences.parallel === undefined ? {} : { chips: sequences.parallel.chips }),
    ...energyOf(base, burst, buckets),
    ...(npu.energy === null ? {} : noEnergyOf(npu, sequences)),
    // A lower bound: padding only adds time.
    baseWork: requestWork(leastTokens, arrivals, limits, baseCost),
    burstWork: burstCost === null ? null : requestWork(leastTokens, arrivals, limits, burstCost),
  };
}

function hasHashes(arrivals: ServeInput['arrivals']): boolean {
  return arrivals.kind === 'trace' && arrivals.promptHashes !== undefined;
}

/** The largest step and context that a serve needs. */
function rangeOf({ sequences }: SequenceServe, arrivals: ServeInput['arrivals']): StepRange {
  const { limits, inputTokens, outputTokens } = sequences;
  return {
    tokens: Math.max(limits.tokens, limits.buckets?.at(-1) ?? 0),
    sequences: Math.min(limits.sequences, limits.tokens),
    context: contextOf(inputTokens, arrivals, 'in') + contextOf(outputTokens, arrivals, 'out'),
  };
}

/** Steps over tokens in the format of base mode and in that of burst mode. */
function mixed(base: PricedSteps, burst: PricedSteps): PricedSteps {
  const hasEnergy = base.energy !== null && burst.energy !== null;
  return {
    cost: new MixedStepCost(base.cost, burst.cost),
    energy: hasEnergy ? new MixedStepCost(base.energy, burst.energy) : null,
  };
}

/** A step of prompts and a step that decodes as many sequences as in the mean of a run, in each mode. */
export function typicalSteps(
  served: SequenceServe,
  npu: Npu,
  { meanBatch, tokens }: ServeResult,
): readonly StepPoint[] {
  if (tokens === undefined || !(meanBatch > 0) || !(tokens.meanRunning > 0)) return [];
  const serve = onEachChip(served);
  const { kv, meanRunning } = tokens;
  const inBurst = kv.burst?.meanFraction ?? 0;
  const blocks = (kv.meanFraction - inBurst) * kv.blocks + inBurst * (kv.burst?.blocks ?? 0);
  const context = Math.max(1, Math.round((blocks * kv.blockTokens) / meanRunning));
  const typical = { sequences: Math.max(1, Math.round(meanBatch)), context };
  return stepPoints(
    npu,
    serve.model,
    rangeOf(serve, served.arrivals),
    writtenFormats(serve.sequences.kv, npu).base,
    typical,
  );
}

/** What has no figure of energy on a chip that has them. */
function noEnergyOf(npu: Npu, { parallel }: SequenceServe['sequences']): Pick<StepsInput, 'noEnergyOf'> {
  if (parallel !== undefined) return { noEnergyOf: 'link' };
  return npu.attention === undefined ? {} : { noEnergyOf: 'attention unit' };
}

/** Nothing if a part of the energy is not known. */
function energyOf(
  base: PricedSteps,
  burst: PricedSteps | null,
  buckets: readonly number[] | undefined,
): Pick<StepsInput, 'energy'> {
  if (base.energy === null || burst?.energy === null) return {};
  const ownBurst = burst === null ? {} : { burst: padded(burst.energy, buckets) };
  return { energy: { base: padded(base.energy, buckets), ...ownBurst } };
}

function padded(cost: StepCost, buckets: readonly number[] | undefined): StepCost {
  return buckets === undefined ? cost : new BucketedStepCost(cost, buckets);
}

/** A count that few requests exceed, rounded up to a power of two, so that similar scenarios share their tables. */
function contextOf(counts: TokenCounts, arrivals: ServeInput['arrivals'], direction: 'in' | 'out'): number {
  const largest = largestCount(counts, arrivals, direction);
  let range = 16;
  while (range < largest) range *= 2;
  return range;
}

function largestCount(counts: TokenCounts, arrivals: ServeInput['arrivals'], direction: 'in' | 'out'): number {
  switch (counts.kind) {
    case 'constant':
      return counts.tokens;
    case 'uniform':
      return counts.most;
    case 'lognormal':
      // Three standard deviations: one of 740 counts is larger. Tables continue their last interval beyond it.
      return Math.min(2 ** 20, counts.mean * exactExp(3 * counts.sigma - (counts.sigma * counts.sigma) / 2));
    case 'empirical':
      return Math.max(...counts.values);
    case 'recorded': {
      const column = recordedTokens(arrivals, direction) ?? new Float32Array();
      let most = 1;
      for (const tokens of column) if (tokens > most) most = tokens;
      return most;
    }
    default:
      return assertNever(counts);
  }
}

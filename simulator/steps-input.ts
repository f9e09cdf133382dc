import {
  assertNever,
  cacheFormat,
  type Mode,
  type Npu,
  recordedTokens,
  type Scenario,
  type SequenceServe,
  type StoredFormat,
  type TokenCounts,
} from '../design/index.ts';
import { allReduces, kvBlocks, onEachChip } from './hardware/index.ts';
import {
  BucketedStepCost,
  LinkedStepCost,
  MeasuredStepCost,
  type SequenceLimits,
  type StepCost,
} from './sequences/index.ts';
import { exactExp, requestWork, type ServeInput, type StepsInput } from './serving/index.ts';
import { kvBytesPerToken, type StepRange, sequenceOperators } from './steps/index.ts';

/** Makes the costs of steps, once for each chip, network and range. */
export interface StepCosts {
  stepCost(npu: Npu, serve: SequenceServe, mode: Mode, range: StepRange, keyValues: StoredFormat): StepCost;
}

/** The price of steps from the tiler, as tables. */
export function pricedSteps(
  npu: Npu,
  { model }: SequenceServe,
  mode: Mode,
  range: StepRange,
  keyValues: StoredFormat,
): StepCost {
  const operators = sequenceOperators(npu, model, mode, range, keyValues);
  return new MeasuredStepCost(operators, range.tokens, range.sequences);
}

/**
 * The steps of a language model on a chip. All KV blocks have the format of base mode, or the stated one: burst mode reads and
 * writes them in it too. If several chips divide the network, they share each step and have equal parts, so the times of one chip are those of all.
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
  const keyValues = kv.format ?? cacheFormat(npu.base);
  const blocks = kvBlocks({ npu, scheduler, serves: [served] }, kvBytesPerToken(model, keyValues) * kv.blockTokens);
  const { buckets, ...stepLimits } = sequences.limits;
  const limits: SequenceLimits = {
    ...stepLimits,
    longestChunk: 0,
    blocks,
    blockTokens: kv.blockTokens,
    // A preempted sequence finds its own blocks again, as in vLLM.
    prefixCaching: true,
    wholeInput: true,
    lookAhead: false,
  };
  const range: StepRange = {
    tokens: Math.max(limits.tokens, buckets?.at(-1) ?? 0),
    sequences: Math.min(limits.sequences, limits.tokens),
    context: contextOf(inputTokens, arrivals, 'in') + contextOf(outputTokens, arrivals, 'out'),
  };
  const link = allReduces(npu, served.model, sequences.parallel);
  const costIn = (mode: Mode): StepCost => {
    const own = costs.stepCost(npu, serve, mode, range, keyValues);
    return sequences.parallel === undefined ? own : new LinkedStepCost(own, link);
  };
  const baseCost = costIn('base');
  const mayBurst = npu.burst !== null && scheduler.burst.kind !== 'never';
  const burstCost = mayBurst ? costIn('burst') : null;
  const tokens = { inputTokens, outputTokens };
  return {
    tokens,
    limits,
    baseCost: padded(baseCost, buckets),
    burstCost: burstCost === null ? null : padded(burstCost, buckets),
    // A lower bound: padding only adds time.
    baseWork: requestWork(tokens, arrivals, limits, baseCost),
    burstWork: burstCost === null ? null : requestWork(tokens, arrivals, limits, burstCost),
  };
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

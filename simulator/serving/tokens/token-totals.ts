import type { SlotColumn, TokenResult } from '../../../design/index.ts';
import type { SequenceRequests, SequenceRun } from '../../sequences/index.ts';
import type { StepsInput } from '../input.ts';
import { slotSums, total } from '../judge/measured-part.ts';
import { BURST, FINISHED } from '../record/serve-recorder.ts';
import type { TokenRun } from './measure.ts';
import { summaryOf } from './request-measures.ts';

/* The tokens and the KV cache of a run: totals, and columns over time. */

export function tokensOf(
  judged: TokenRun,
  { limits, noEnergyOf, chips = 1 }: StepsInput,
  run: SequenceRun,
  requests: SequenceRequests,
): Omit<TokenResult, 'kvOverTime' | 'series'> {
  const { recorders, part, times } = judged;
  const measuredSeconds = part.endSeconds - part.warmupSeconds;
  const produced = total(slotSums(recorders.tokens, part, FINISHED));
  const inBurst = total(slotSums(recorders.tokens, part, BURST));
  let prompts = 0;
  for (let r = 0; r < times.last.length; r++) {
    const isMeasured = (times.last[r] as number) >= part.warmupSeconds;
    if (isMeasured && (times.arrival[r] as number) >= recorders.latency.countsFromSeconds) {
      prompts += requests.inputTokens[r] as number;
    }
  }
  const capacity = Math.max(1, limits.blocks - 1);
  const { usedBlocks, burstBlocks, running } = run.samples;
  const { blockUnits } = limits;
  const burst = run.observed?.burstSteps ?? 0;
  return {
    ttft: summaryOf(recorders.ttft, judged),
    tpot: summaryOf(recorders.tpot, judged),
    inputTokensPerSecond: measuredSeconds > 0 ? prompts / measuredSeconds : 0,
    outputTokensPerSecond: measuredSeconds > 0 ? produced / measuredSeconds : 0,
    steps: { base: run.steps - burst, burst },
    preemptions: run.preemptions,
    cachedTokens: run.cachedTokens,
    chips,
    ...(noEnergyOf === undefined ? {} : { noEnergyOf }),
    burstTokenShare: produced > 0 ? inBurst / produced : 0,
    meanRunning: meanOf(running),
    kv: {
      blocks: blockUnits === undefined ? capacity : Math.floor(capacity / blockUnits.base),
      blockTokens: limits.blockTokens,
      meanFraction: meanOf(usedBlocks) / capacity,
      maxFraction: usedBlocks.reduce((most, used) => Math.max(most, used), 0) / capacity,
      ...(blockUnits === undefined
        ? {}
        : {
            burst: {
              blocks: Math.floor(capacity / blockUnits.burst),
              meanFraction: meanOf(burstBlocks) / capacity,
            },
          }),
    },
  };
}

function meanOf(values: Int32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** The used fraction of the blocks in each bucket: the mean of its samples. */
export function kvColumn(run: SequenceRun, { limits }: StepsInput, buckets: number, bucketSeconds: number): SlotColumn {
  const { usedBlocks, intervalNanoseconds } = run.samples;
  const capacity = Math.max(1, limits.blocks - 1);
  const sums = new Float64Array(buckets);
  const counts = new Float64Array(buckets);
  for (let sample = 0; sample < usedBlocks.length; sample++) {
    const bucket = Math.floor((sample * intervalNanoseconds) / 1e9 / bucketSeconds);
    if (bucket >= buckets) break;
    sums[bucket] = (sums[bucket] as number) + (usedBlocks[sample] as number) / capacity;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  const values = sums.map((sum, bucket) => (counts[bucket] === 0 ? Number.NaN : sum / (counts[bucket] as number)));
  return { slotSeconds: bucketSeconds, values };
}

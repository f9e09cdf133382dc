import type {
  Caveat,
  LatencySummary,
  RunResult,
  ServeIntervals,
  ServeResult,
  SlotColumn,
  Timeline,
  TokenResult,
} from '../../../design/index.ts';
import type { SequenceRequests, SequenceRun } from '../../sequences/index.ts';
import type { RunOptions, StepsInput } from '../input.ts';
import { accuracyInterval, rateInterval, timeIntervals } from '../judge/intervals.ts';
import { slotSums, slotTotals, total } from '../judge/measured-part.ts';
import { largestLatency } from '../judge/measured-serve.ts';
import { backlogOf } from '../judge/queue-growth.ts';
import { SLOT_BUCKETS } from '../record/buckets.ts';
import { RELATIVE_ERROR } from '../record/histogram.ts';
import { BURST, FINISHED, LATENCY, type ServeRecorder, SUMS } from '../record/serve-recorder.ts';
import { noDistribution } from '../result/serve-result.ts';
import { bucketCount, distributionOf, seriesOf } from '../result/serve-series.ts';
import { isRecording, recordedRate } from '../traffic/recording.ts';
import { breakdownOf } from './breakdown.ts';
import { finishedIn, histogramOf, judgeTokens, measuredOf, type TokenRun } from './measure.ts';
import { stepTimeline } from './step-timeline.ts';
import { averageWatts, wattsOverTime } from './token-energy.ts';
import { tokenRequests } from './token-requests.ts';
import { noTokenSeries, tokenSeriesOf } from './token-series.ts';

const noColumn: SlotColumn = { slotSeconds: 0, values: new Float64Array() };

/** The result of a run of a language model. `measuresOnly`: without the data of plots. */
export function tokenResult(
  judged: TokenRun,
  steps: StepsInput,
  run: SequenceRun,
  requests: SequenceRequests,
  bucketSeconds: number,
  { window, measuresOnly = false, intervals = false }: Pick<RunOptions, 'window' | 'measuresOnly' | 'intervals'>,
): RunResult {
  const { input, part, serve } = judged;
  const seconds = part.endSeconds;
  const buckets = measuresOnly ? 0 : bucketCount(seconds, bucketSeconds);
  const layers = serve.layerCount ?? 1;
  const timeline = stepTimeline(run.observed?.spans, seconds, buckets, bucketSeconds, layers, { window, measuresOnly });
  const watts = averageWatts(input, steps, run, part);
  const result = serveResult(judged, steps, run, requests, buckets, bucketSeconds, measuresOnly, watts);
  return {
    label: input.label,
    npu: input.npuName,
    scheduler: input.schedulerName,
    seed: input.seed,
    seconds,
    warmupSeconds: part.warmupSeconds,
    serves: [intervals ? { ...result, intervals: intervalsOf(judged) } : result],
    timeline: window === undefined ? timeline : withRequests(timeline, judged, run, requests, window),
    series: { buckets, bucketSeconds },
    averageWatts: watts,
    ...(watts === null || measuresOnly ? {} : wattsOverTime(input, run, seconds, buckets, bucketSeconds)),
    caveats: cutTrace(judged),
    ...(input.area === undefined ? {} : { area: input.area }),
  };
}

/** With the single requests of a window. */
function withRequests(
  timeline: Timeline,
  judged: TokenRun,
  run: SequenceRun,
  requests: SequenceRequests,
  window: NonNullable<RunOptions['window']>,
): Timeline {
  const { preemptions, chunks } = run.observed ?? { preemptions: new Int32Array(), chunks: new Int32Array() };
  const inside = tokenRequests(judged, requests, { preemptions, chunks }, window);
  return { ...timeline, segments: { ...timeline.segments, requests: inside } };
}

function serveResult(
  judged: TokenRun,
  steps: StepsInput,
  run: SequenceRun,
  requests: SequenceRequests,
  buckets: number,
  bucketSeconds: number,
  measuresOnly: boolean,
  watts: number | null,
): ServeResult {
  const { serve, recorders, part, times } = judged;
  const { latency, good, tokens } = recorders;
  const measuredSeconds = part.endSeconds - part.warmupSeconds;
  const perSecond = (count: number) => (measuredSeconds > 0 ? count / measuredSeconds : 0);
  const counts = countsOf(judged);
  const finished = finishedIn(latency, part);
  const result = tokensOf(judged, steps, run, requests);
  const { accuracy } = serve;
  const share = result.burstTokenShare;
  const burstAccuracy = accuracy?.burst ?? (share > 0 ? null : (accuracy?.base ?? null));
  const served =
    accuracy === null || burstAccuracy === null || counts.completed === 0
      ? null
      : accuracy.base + (burstAccuracy - accuracy.base) * share;
  const stepCount = run.steps;
  const backlog = backlogOf(measuredOf('latency', judged));
  return {
    name: serve.name,
    model: serve.modelName,
    origin: serve.origin,
    arrivalsOrigin: serve.arrivals.origin,
    offeredRps: offeredRps(judged),
    completedRps: perSecond(finished),
    goodputRps: perSecond(total(slotTotals(good.inTime, part))),
    ...(backlog === undefined ? {} : { backlog }),
    counts,
    warmupRequests: counts.completed - finished,
    latency: summaryOf(latency, judged),
    breakdown: breakdownOf(judged, undefined, Number.POSITIVE_INFINITY),
    meanBatch: stepCount > 0 ? meanSequences(run) : Number.NaN,
    accuracy: served,
    accuracyMetric: accuracy?.metric ?? null,
    burstShare: burstRequests(judged, run, requests),
    energyJoulesPerRequest: watts === null || finished === 0 ? null : (watts * measuredSeconds) / finished,
    slos: serve.slos.map((slo) => {
      const limit = slo.metric === 'latency' ? slo.limitSeconds : Number.POSITIVE_INFINITY;
      const of = slo.metric === 'latency' ? slo.of : undefined;
      return judgeTokens(slo, judged, () => breakdownOf(judged, of, limit));
    }),
    distribution: measuresOnly ? noDistribution : distributionOf(histogramOf(latency, part)),
    series: {
      ...seriesOf(latency, buckets, bucketSeconds, part.endSeconds),
      completedInTime: good.inTime.slice(0, buckets),
    },
    ...(accuracy === null || burstAccuracy === null || measuresOnly
      ? {}
      : { accuracyOverTime: accuracySlots(tokens, judged, bucketSeconds, accuracy.base, burstAccuracy) }),
    tokens: {
      ...result,
      ...(measuresOnly
        ? { kvOverTime: noColumn, series: noTokenSeries }
        : {
            kvOverTime: kvColumn(run, steps, buckets, bucketSeconds),
            series: tokenSeriesOf(run, recorders, buckets, bucketSeconds, times.endSeconds),
          }),
    },
  };
}

function intervalsOf(judged: TokenRun): ServeIntervals | 'exact' {
  if (judged.serve.arrivals.kind === 'trace' && isRecording(judged.input)) return 'exact';
  const latency = measuredOf('latency', judged);
  const tokens = measuredOf('tokens', judged);
  return {
    latency: timeIntervals(latency),
    throughput: rateInterval('throughput', latency),
    goodput: rateInterval('goodput', measuredOf('good', judged)),
    accuracy: accuracyInterval(tokens),
    tokens: {
      ttft: timeIntervals(measuredOf('ttft', judged)),
      tpot: timeIntervals(measuredOf('tpot', judged)),
      throughput: rateInterval('throughput', tokens),
    },
  };
}

function countsOf({ times }: TokenRun): ServeResult['counts'] {
  const { arrival, admitted, last, dropped } = times;
  let completed = 0;
  let queued = 0;
  let droppedCount = 0;
  for (let r = 0; r < arrival.length; r++) {
    if (dropped[r] === 1) droppedCount++;
    else if (!Number.isNaN(last[r])) completed++;
    else if (Number.isNaN(admitted[r])) queued++;
  }
  const arrived = arrival.length;
  return { arrived, completed, queued, running: arrived - completed - queued - droppedCount, dropped: droppedCount };
}

function summaryOf(recorder: ServeRecorder, { part }: TokenRun): LatencySummary {
  const histogram = histogramOf(recorder, part);
  const finished = finishedIn(recorder, part);
  const largest = largestLatency({ recorder, part, histogram });
  const quantile = (p: number) => Math.min(histogram.quantile(p), largest);
  return {
    mean: finished > 0 ? total(slotSums(recorder, part, LATENCY)) / finished : Number.NaN,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    p999: quantile(0.999),
    max: largest,
    relativeError: RELATIVE_ERROR,
  };
}

function tokensOf(
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

/** Mean sequences of a step. */
function meanSequences({ observed, steps }: SequenceRun): number {
  if (observed === undefined) return Number.NaN;
  const { sequences, steps: counts } = observed.spans;
  let sum = 0;
  for (let span = 0; span < counts.length; span++) sum += (sequences[span] as number) * (counts[span] as number);
  return sum / steps;
}

/** The share of the measured requests that got a token from a step in burst mode. */
function burstRequests(
  { times, part, recorders }: TokenRun,
  run: SequenceRun,
  { outputTokens }: SequenceRequests,
): number {
  const burst = run.observed?.burstTokens;
  if (burst === undefined) return 0;
  let finished = 0;
  let inBurst = 0;
  for (let r = 0; r < outputTokens.length; r++) {
    if (!((times.last[r] as number) >= part.warmupSeconds)) continue;
    if ((times.arrival[r] as number) < recorders.latency.countsFromSeconds) continue;
    finished++;
    if ((burst[r] as number) > 0) inBurst++;
  }
  return finished === 0 ? 0 : inBurst / finished;
}

/** Arrivals per second, until the last arrival. */
function offeredRps({ serve, times, part, recorders }: TokenRun): number {
  const { arrival } = times;
  const from = recorders.latency.countsFromSeconds > 0 ? recorders.latency.countsFromSeconds : part.warmupSeconds;
  let first = 0;
  while (first < arrival.length && (arrival[first] as number) < from) first++;
  if (serve.arrivals.kind === 'trace') {
    const rate = recordedRate(arrival, first, arrival.length);
    if (!Number.isNaN(rate)) return rate;
  }
  const end = Math.min(part.endSeconds, arrival.at(-1) ?? part.endSeconds);
  return (arrival.length - first) / (end > from ? end - from : part.endSeconds - from);
}

function accuracySlots(
  { sums }: ServeRecorder,
  { part }: TokenRun,
  bucketSeconds: number,
  base: number,
  burst: number,
): SlotColumn {
  const values = Float64Array.from({ length: part.endSlot }, (_, slot) => {
    const produced = sums[slot * SUMS + FINISHED] as number;
    return produced === 0 ? Number.NaN : base + (burst - base) * ((sums[slot * SUMS + BURST] as number) / produced);
  });
  return { slotSeconds: bucketSeconds * SLOT_BUCKETS, values };
}

/** The used fraction of the blocks in each bucket: the mean of its samples. */
function kvColumn(run: SequenceRun, { limits }: StepsInput, buckets: number, bucketSeconds: number): SlotColumn {
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

/** A caveat if the run replays only the beginning of a trace. */
function cutTrace({ serve, times }: TokenRun): Caveat[] {
  const { arrivals, name } = serve;
  if (arrivals.kind !== 'trace') return [];
  const rows = arrivals.timesSeconds.length;
  const replayed = times.arrival.length;
  if (rows <= replayed) return [];
  let open = 0;
  for (let r = 0; r < replayed; r++) if (Number.isNaN(times.last[r]) && times.dropped[r] === 0) open++;
  const text = `The run replays ${replayed} of the ${rows} requests in '${arrivals.path}' for ${name}. Remove 'duration' to replay all of them, or accept it in the scenario: accept { trace-cut: yes }.`;
  return [
    {
      code: 'trace-cut',
      origin: arrivals.origin,
      text,
      effect: { kind: 'more-requests', count: rows - replayed + open },
    },
  ];
}

import {
  type Caveat,
  type RunResult,
  type ServeIntervals,
  type ServeResult,
  type SlotColumn,
  type Timeline,
  traceCutText,
} from '../../../design/index.ts';
import type { SequenceRequests, SequenceRun } from '../../sequences/index.ts';
import type { RunOptions, StepsInput } from '../input.ts';
import { accuracyInterval, rateInterval, timeIntervals } from '../judge/intervals.ts';
import { slotTotals, total } from '../judge/measured-part.ts';
import { backlogOf } from '../judge/queue-growth.ts';
import { noDistribution } from '../result/serve-result.ts';
import { bucketCount, distributionOf, seriesOf } from '../result/serve-series.ts';
import { accuracySlots } from '../result/slot-columns.ts';
import { isRecording } from '../traffic/recording.ts';
import { breakdownOf } from './breakdown.ts';
import { finishedIn, histogramOf, judgeTokens, measuredOf, type TokenRun } from './measure.ts';
import { burstRequests, countsOf, meanSequences, offeredRps, summaryOf } from './request-measures.ts';
import { stepTimeline } from './step-timeline.ts';
import { averageWatts, wattsOverTime } from './token-energy.ts';
import { tokenRequests } from './token-requests.ts';
import { noTokenSeries, tokenSeriesOf } from './token-series.ts';
import { kvColumn, tokensOf } from './token-totals.ts';

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
      : { accuracyOverTime: accuracySlots(tokens, part, bucketSeconds, accuracy.base, burstAccuracy) }),
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

/** A caveat if the run replays only the beginning of a trace. */
function cutTrace({ serve, times }: TokenRun): Caveat[] {
  const { arrivals, name } = serve;
  if (arrivals.kind !== 'trace') return [];
  const rows = arrivals.timesSeconds.length;
  const replayed = times.arrival.length;
  if (rows <= replayed) return [];
  let open = 0;
  for (let r = 0; r < replayed; r++) if (Number.isNaN(times.last[r]) && times.dropped[r] === 0) open++;
  const text = traceCutText({ replayed, total: rows, path: arrivals.path, serve: name, unfinished: open });
  return [
    {
      code: 'trace-cut',
      origin: arrivals.origin,
      text,
      effect: { kind: 'more-requests', count: rows - replayed + open },
    },
  ];
}

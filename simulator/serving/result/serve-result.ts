import type { LatencyBreakdown, ServeIntervals, ServeResult, Slo, SloOutcome } from '../../../design/index.ts';
import type { RunOptions } from '../input.ts';
import { accuracyInterval, rateInterval, timeIntervals } from '../judge/intervals.ts';
import { type MeasuredPart, slotSums, slotTotals, total } from '../judge/measured-part.ts';
import type { MeasuredServe } from '../judge/measured-serve.ts';
import { backlogOf } from '../judge/queue-growth.ts';
import { judgeRecording } from '../judge/recording-verdict.ts';
import { judge } from '../judge/verdict.ts';
import { BATCHES, BURST, FINISHED } from '../record/serve-recorder.ts';
import type { ServeState } from '../state/serve-state.ts';
import type { Simulation } from '../state/simulation.ts';
import { isRecording } from '../traffic/recording.ts';
import { joulesPerRequest } from './energy.ts';
import { breakdownOf } from './latency-breakdown.ts';
import { latencySummary } from './latency-summary.ts';
import { measureServe, type VerdictCheck } from './measure-serve.ts';
import { offeredRps } from './replay.ts';
import { bucketCount, distributionOf, seriesOf } from './serve-series.ts';
import { accuracySlots } from './slot-columns.ts';

/** What a result contains. */
export type ResultOptions = Pick<RunOptions, 'measuresOnly' | 'intervals'>;

/** The result of one serve. `run`: the measured part of the whole run. */
export function serveResult(
  sim: Simulation,
  serve: number,
  run: MeasuredPart,
  check: VerdictCheck,
  bucketSeconds: number,
  { measuresOnly = false, intervals = false }: ResultOptions,
): ServeResult {
  const measured = measureServe(sim, serve, run, check);
  const { recorder, histogram, part } = measured;
  const input = measured.serve;
  const measuredSeconds = part.endSeconds - part.warmupSeconds;
  // If the run ended during its warm-up, there is nothing to measure.
  const perSecond = (count: number) => (measuredSeconds > 0 ? count / measuredSeconds : 0);
  const finished = total(slotSums(recorder, part, FINISHED));
  const burstRequests = total(slotSums(recorder, part, BURST));
  const burstShare = finished > 0 ? burstRequests / finished : 0;
  const { queue } = sim.serves[serve] as ServeState;
  const completed = recorder.totalFinished + recorder.totalLeftOut;
  const dropped = recorder.totalDropped;
  const batches = total(slotSums(recorder, part, BATCHES));
  const { accuracy } = input;
  const burstAccuracy = accuracy?.burst ?? (burstShare > 0 ? null : (accuracy?.base ?? null));
  const served =
    accuracy === null || burstAccuracy === null || finished === 0
      ? null
      : accuracy.base + (burstAccuracy - accuracy.base) * burstShare;
  const lateBreakdown = breakdownOf(sim, serve, part, true);
  const buckets = measuresOnly ? 0 : bucketCount(part.endSeconds, bucketSeconds);
  const backlog = backlogOf(measured);
  return {
    name: input.name,
    model: input.modelName,
    origin: input.origin,
    arrivalsOrigin: input.arrivals.origin,
    offeredRps: offeredRps(sim, serve, part),
    completedRps: perSecond(finished),
    goodputRps: perSecond(total(slotTotals(recorder.inTime, part))),
    ...(backlog === undefined ? {} : { backlog }),
    counts: {
      arrived: recorder.totalArrived,
      completed,
      queued: queue.length,
      running: recorder.totalArrived - completed - queue.length - dropped,
      dropped,
    },
    warmupRequests: completed - finished,
    latency: latencySummary(measured),
    breakdown: breakdownOf(sim, serve, part, false),
    meanBatch: batches > 0 ? finished / batches : Number.NaN,
    accuracy: served,
    accuracyMetric: accuracy?.metric ?? null,
    burstShare,
    energyJoulesPerRequest: joulesPerRequest(sim, serve, part, finished),
    slos: input.slos.map((slo) => outcomeOf(slo, sim, measured, () => lateBreakdown)),
    distribution: measuresOnly ? noDistribution : distributionOf(histogram),
    series: seriesOf(recorder, buckets, bucketSeconds, part.endSeconds),
    ...(accuracy === null || burstAccuracy === null || measuresOnly
      ? {}
      : { accuracyOverTime: accuracySlots(recorder, part, bucketSeconds, accuracy.base, burstAccuracy) }),
    ...(intervals ? { intervals: isReplayed(sim, measured) ? 'exact' : intervalsOf(measured) } : {}),
  };
}

function intervalsOf(measured: MeasuredServe): ServeIntervals {
  return {
    latency: timeIntervals(measured),
    throughput: rateInterval('throughput', measured),
    goodput: rateInterval('goodput', measured),
    accuracy: accuracyInterval(measured),
  };
}

/** Whether the serve replays a recording, whose values are exact. */
function isReplayed(sim: Simulation, { serve }: MeasuredServe): boolean {
  return serve.arrivals.kind === 'trace' && isRecording(sim.input);
}

/** Of a run for its measures only. */
export const noDistribution: ServeResult['distribution'] = {
  seconds: new Float64Array(0),
  fraction: new Float64Array(0),
};

function outcomeOf(slo: Slo, sim: Simulation, measured: MeasuredServe, breakdown: () => LatencyBreakdown): SloOutcome {
  const { arrivals } = measured.serve;
  return arrivals.kind === 'trace' && isRecording(sim.input)
    ? judgeRecording(slo, measured, arrivals.timesSeconds.length, breakdown)
    : judge(slo, measured, breakdown);
}

import {
  type Bound,
  bounds,
  type Distribution,
  type LatencyBreakdown,
  type RunResult,
  type ServeResult,
  type ServeSeries,
  type Slo,
  type SloOutcome,
} from '../../../design/index.ts';
import type { Forecast } from '../judge/forecast.ts';
import { LatencyHistogram } from '../judge/latency-histogram.ts';
import { type MeasuredPart, measuredPart, slotSums, slotTotals, total } from '../judge/measured-part.ts';
import { largestLatency, type MeasuredServe } from '../judge/measured-serve.ts';
import { observationsOf } from '../judge/observations.ts';
import { judgeRecording } from '../judge/recording-verdict.ts';
import { judge } from '../judge/verdict.ts';
import { BUCKETS, SLOTS } from '../record/buckets.ts';
import { CELLS, cellStart, cellValue, quantileCell, RELATIVE_ERROR } from '../record/histogram.ts';
import {
  BATCHES,
  BATCHING,
  BURST,
  FINISHED,
  JOULES,
  LATE,
  LATE_BATCHING,
  LATE_LATENCY,
  LATE_SERVICE,
  LATE_SWITCHING,
  LATENCY,
  SERVICE,
  type ServeRecorder,
  SUMS,
  SWITCHING,
} from '../record/serve-recorder.ts';
import type { ServeState } from '../state/serve-state.ts';
import { KINDS } from '../state/service-profiles.ts';
import type { Simulation } from '../state/simulation.ts';
import { ALWAYS, NEVER } from '../state/simulation.ts';
import { isRecording } from '../traffic/recording.ts';
import { cutTraces, offeredRps } from './replay.ts';
import { accuracySlots, wattsSlots } from './slot-columns.ts';

/** The largest number of points of a distribution. */
const DISTRIBUTION_POINTS = 512;

/** One check of the verdicts, during a run or at its end. */
export interface VerdictCheck {
  readonly confidence: number;
  readonly ended: boolean;
  /** For each serve. */
  readonly forecasts: readonly Forecast[];
}

/** The part of the run that the statistics of one serve include: the run after its warm-up. */
function ownPart(sim: Simulation, serve: number, { endSeconds, bucketSeconds }: MeasuredPart): MeasuredPart {
  const state = sim.serves[serve] as ServeState;
  return measuredPart(endSeconds, bucketSeconds, [state], sim.warmupFraction);
}

function measureServe(sim: Simulation, serve: number, run: MeasuredPart, check: VerdictCheck): MeasuredServe {
  const state = sim.serves[serve] as ServeState;
  const { recorder } = state;
  const part = ownPart(sim, serve, run);
  const input = sim.input.serves[serve] as Simulation['input']['serves'][number];
  const forecast = check.forecasts[serve] as Forecast;
  const measuredSeconds = part.endSeconds - part.warmupSeconds;
  return {
    serve: input,
    recorder,
    part,
    histogram: new LatencyHistogram(recorder, part),
    overdue: (limit) => overdueRequests(sim, state, limit, part.endSeconds),
    deadlineSeconds: state.deadlineSeconds,
    burst: sim.policy === NEVER ? 'never' : sim.policy === ALWAYS ? 'always' : 'sometimes',
    confidence: check.confidence,
    statedConfidence: sim.input.confidence,
    ended: check.ended,
    observations: observationsOf(forecast, measuredSeconds),
    overload: forecast.overload,
    peak: forecast.peak,
    endless: forecast.repeatSeconds > measuredSeconds,
    serviceSeconds: meanServiceSeconds(recorder),
  };
}

/** The mean time from the start of a batch to its end, over the requests of the whole run, in seconds. */
function meanServiceSeconds(recorder: ServeRecorder): number {
  let latency = 0;
  for (let slot = 0; slot < SLOTS; slot++) latency += recorder.sums[slot * SUMS + LATENCY] as number;
  const { totalFinished } = recorder;
  return totalFinished === 0 ? 0 : Math.max(0, (latency - recorder.totalWaitSeconds) / totalFinished);
}

/** The number of unfinished requests that already exceed a limit, so they will be late. */
function overdueRequests(sim: Simulation, serve: ServeState, limit: number, now: number): number {
  const { queue } = serve;
  let overdue = 0;
  while (overdue < queue.length && now - queue.arrivalAt(overdue) > limit) overdue++;
  for (const batch of sim.batches.all) {
    if (batch.serve !== serve) continue;
    for (let i = 0; i < batch.size; i++) {
      if (now - (batch.requests[i] as number) > limit) overdue++;
    }
  }
  return overdue;
}

/** Whether all objectives are decided now. With `endsAtViolation`, also true if one objective is violated. */
export function allDecided(
  sim: Simulation,
  part: MeasuredPart,
  check: VerdictCheck,
  endsAtViolation: boolean,
): boolean {
  let decided = true;
  for (let serve = 0; serve < sim.serves.length; serve++) {
    const measured = measureServe(sim, serve, part, check);
    for (const slo of measured.serve.slos) {
      const { verdict } = judge(slo, measured, noBreakdown);
      if (verdict === 'undecided') decided = false;
      if (verdict === 'violated' && endsAtViolation) return true;
      if (!decided && !endsAtViolation) return false;
    }
  }
  return decided;
}

function noBreakdown(): LatencyBreakdown {
  return zeroBreakdown;
}

const zeroBreakdown: LatencyBreakdown = {
  queueSeconds: 0,
  batchingSeconds: 0,
  switchSeconds: 0,
  serviceSecondsByBound: { compute: 0, vector: 0, vmem: 0, cmem: 0, hbm: 0, quantizer: 0 },
};

/** The relative rounding error of a sum over a million requests. */
const sumError = 1e-12;

/**
 * The rounding error of a latency, relative to the time of the clock. A latency is the difference of two rounded times.
 */
const clockError = 2 * Number.EPSILON;

/** The mean parts of the latency of a measured request. With `lateOnly`, only of the late requests, if there are any. */
function breakdownOf(sim: Simulation, serve: number, part: MeasuredPart, lateOnly: boolean): LatencyBreakdown {
  const recorder = (sim.serves[serve] as ServeState).recorder;
  const sum = (kind: number) => total(slotSums(recorder, part, kind));
  const late = lateOnly && sum(LATE) > 0;
  const count = sum(late ? LATE : FINISHED);
  if (count === 0) return zeroBreakdown;
  const profiles = late ? recorder.lateProfileRequests : recorder.profileRequests;
  const first = sim.profiles.profile(serve, 1, 0);
  const service = new Float64Array(bounds.length);
  for (let bound = 0; bound < bounds.length; bound++) {
    let seconds = sum((late ? LATE_SERVICE : SERVICE) + bound);
    for (let profile = 0; profile < recorder.profiles; profile++) {
      let requests = 0;
      for (let slot = part.firstSlot; slot < part.endSlot; slot++) {
        requests += profiles[slot * recorder.profiles + profile] as number;
      }
      if (requests > 0) {
        seconds += requests * (sim.profiles.boundSeconds[(first + profile) * bounds.length + bound] as number);
      }
    }
    service[bound] = seconds / count;
  }
  const batchingSeconds = sum(late ? LATE_BATCHING : BATCHING) / count;
  const switchSeconds = sum(late ? LATE_SWITCHING : SWITCHING) / count;
  const latency = sum(late ? LATE_LATENCY : LATENCY) / count;
  // The rest of the latency is queueing. If no request queued, rounding must not leave a tiny or negative time.
  const left = latency - batchingSeconds - switchSeconds - total(service);
  const queueSeconds = left > latency * sumError + part.endSeconds * clockError ? left : 0;
  const serviceSecondsByBound = Object.fromEntries(bounds.map((bound, i) => [bound, service[i] as number])) as Record<
    Bound,
    number
  >;
  return { queueSeconds, batchingSeconds, switchSeconds, serviceSecondsByBound, ...(late ? { ofLate: true } : {}) };
}

function seriesOf(recorder: ServeRecorder, buckets: number, bucketSeconds: number, endSeconds: number): ServeSeries {
  const completed = new Float64Array(buckets);
  const p50Seconds = new Float64Array(buckets).fill(Number.NaN);
  const p99Seconds = new Float64Array(buckets).fill(Number.NaN);
  const maxSeconds = new Float64Array(buckets).fill(Number.NaN);
  const queued = new Float64Array(buckets);
  const lowest = recorder.lowestCell;
  const cells = recorder.highestCell - lowest + 1;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const row = bucket * CELLS + lowest;
    let count = 0;
    for (let cell = 0; cell < cells; cell++) count += recorder.latencies[row + cell] as number;
    completed[bucket] = count;
    const seconds = Math.min(bucketSeconds, endSeconds - bucket * bucketSeconds);
    queued[bucket] = seconds > 0 ? (recorder.queuedSeconds[bucket] as number) / seconds : 0;
    if (count === 0) continue;
    const largest = recorder.largest[bucket] as number;
    const quantile = (p: number) => cellValue(lowest + quantileCell(recorder.latencies, row, cells, count, p));
    p50Seconds[bucket] = Math.min(quantile(0.5), largest);
    p99Seconds[bucket] = Math.min(quantile(0.99), largest);
    maxSeconds[bucket] = largest;
  }
  return {
    arrived: recorder.arrived.slice(0, buckets),
    completed,
    completedInTime: recorder.inTime.slice(0, buckets),
    p50Seconds,
    p99Seconds,
    maxSeconds,
    queued,
    maxQueued: recorder.mostQueued.slice(0, buckets),
  };
}

/**
 * The cells that are not empty. Neighbours are joined if there are too many, but not in the tail, which users read in
 * the plot.
 */
function distributionOf(histogram: LatencyHistogram): Distribution {
  const cells: number[] = [];
  for (let cell = 0; cell < CELLS; cell++) if ((histogram.counts[cell] as number) > 0) cells.push(cell);
  const join = Math.max(1, Math.ceil(cells.length / (DISTRIBUTION_POINTS / 2)));
  const seconds: number[] = [];
  const fraction: number[] = [];
  let below = 0;
  for (const [i, cell] of cells.entries()) {
    below += histogram.counts[cell] as number;
    const fromEnd = cells.length - 1 - i;
    if (fromEnd < DISTRIBUTION_POINTS / 2 || i % join === 0) {
      seconds.push(cellStart(cell + 1));
      fraction.push(below / histogram.total);
    }
  }
  return { seconds: Float64Array.from(seconds), fraction: Float64Array.from(fraction) };
}

function serveResult(
  sim: Simulation,
  serve: number,
  run: MeasuredPart,
  check: VerdictCheck,
  bucketSeconds: number,
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
  const largest = largestLatency(measured);
  const quantile = (p: number) => Math.min(histogram.quantile(p), largest);
  const buckets = bucketCount(part.endSeconds, bucketSeconds);
  return {
    name: input.name,
    model: input.modelName,
    origin: input.origin,
    arrivalsOrigin: input.arrivals.origin,
    offeredRps: offeredRps(sim, serve, part),
    completedRps: perSecond(finished),
    goodputRps: perSecond(total(slotTotals(recorder.inTime, part))),
    counts: {
      arrived: recorder.totalArrived,
      completed,
      queued: queue.length,
      running: recorder.totalArrived - completed - queue.length - dropped,
      dropped,
    },
    warmupRequests: completed - finished,
    latency: {
      mean: finished > 0 ? total(slotSums(recorder, part, LATENCY)) / finished : Number.NaN,
      p50: quantile(0.5),
      p90: quantile(0.9),
      p95: quantile(0.95),
      p99: quantile(0.99),
      p999: quantile(0.999),
      max: largest,
      relativeError: RELATIVE_ERROR,
    },
    breakdown: breakdownOf(sim, serve, part, false),
    meanBatch: batches > 0 ? finished / batches : Number.NaN,
    accuracy: served,
    accuracyMetric: accuracy?.metric ?? null,
    burstShare,
    energyJoulesPerRequest: joulesPerRequest(sim, serve, part, finished),
    slos: input.slos.map((slo) => outcomeOf(slo, sim, measured, () => lateBreakdown)),
    distribution: distributionOf(histogram),
    series: seriesOf(recorder, buckets, bucketSeconds, part.endSeconds),
    ...(accuracy === null || burstAccuracy === null
      ? {}
      : { accuracyOverTime: accuracySlots(recorder, part, bucketSeconds, accuracy.base, burstAccuracy) }),
  };
}

function outcomeOf(slo: Slo, sim: Simulation, measured: MeasuredServe, breakdown: () => LatencyBreakdown): SloOutcome {
  const { arrivals } = measured.serve;
  return arrivals.kind === 'trace' && isRecording(sim.input)
    ? judgeRecording(slo, measured, arrivals.timesSeconds.length, breakdown)
    : judge(slo, measured, breakdown);
}

/** The dynamic energy in joules of the requests of a serve in the measured part. */
function dynamicJoules(sim: Simulation, serve: number, part: MeasuredPart): number {
  const recorder = (sim.serves[serve] as ServeState).recorder;
  const first = sim.profiles.profile(serve, 1, 0);
  let joules = total(slotSums(recorder, part, JOULES));
  for (let profile = 0; profile < recorder.profiles; profile++) {
    let requests = 0;
    for (let slot = part.firstSlot; slot < part.endSlot; slot++) {
      requests += recorder.profileRequests[slot * recorder.profiles + profile] as number;
    }
    const size = Math.floor(profile / KINDS) + 1;
    joules += (requests / size) * (sim.profiles.joules[first + profile] as number);
  }
  return joules;
}

/** Energy per request. The finished requests of all serves share the static energy equally (our assumption). */
function joulesPerRequest(sim: Simulation, serve: number, part: MeasuredPart, finished: number): number | null {
  const { staticWatts } = sim.input;
  if (staticWatts === null || !sim.profiles.hasEnergy || finished === 0) return null;
  let all = 0;
  for (const other of sim.serves) all += total(slotSums(other.recorder, part, FINISHED));
  const staticJoules = staticWatts * sim.chips.length * (part.endSeconds - part.warmupSeconds);
  return dynamicJoules(sim, serve, part) / finished + staticJoules / all;
}

function bucketCount(endSeconds: number, bucketSeconds: number): number {
  return Math.max(1, Math.min(BUCKETS, Math.ceil(endSeconds / bucketSeconds - 1e-9)));
}

export function runResult(sim: Simulation, part: MeasuredPart, check: VerdictCheck, bucketSeconds: number): RunResult {
  const { input } = sim;
  const seconds = part.endSeconds;
  const buckets = bucketCount(seconds, bucketSeconds);
  const serves = input.serves.map((_, serve) => serveResult(sim, serve, part, check, bucketSeconds));
  let watts: number | null = null;
  if (input.staticWatts !== null && sim.profiles.hasEnergy && seconds > part.warmupSeconds) {
    let joules = 0;
    for (let serve = 0; serve < sim.serves.length; serve++) joules += dynamicJoules(sim, serve, part);
    watts = input.staticWatts * sim.chips.length + joules / (seconds - part.warmupSeconds);
  }
  return {
    label: input.label,
    npu: input.npuName,
    scheduler: input.schedulerName,
    seed: input.seed,
    seconds,
    warmupSeconds: part.warmupSeconds,
    serves,
    timeline: sim.timeline.result(seconds, buckets),
    series: { buckets, bucketSeconds },
    averageWatts: watts,
    caveats: cutTraces(sim),
    ...(watts === null || input.staticWatts === null
      ? {}
      : { wattsOverTime: wattsSlots(sim, part, bucketSeconds, input.staticWatts) }),
  };
}

import { assertNever, type LatencyBreakdown, type Slo, type SloOutcome } from '../../../design/index.ts';
import type { RequestCauses } from '../../sequences/index.ts';
import { deadlineSeconds, type RunInput, type ServeInput } from '../input.ts';
import type { Forecast } from '../judge/forecast.ts';
import { LatencyHistogram } from '../judge/latency-histogram.ts';
import { type MeasuredPart, slotSums, total } from '../judge/measured-part.ts';
import type { MeasuredServe } from '../judge/measured-serve.ts';
import { observationsOf } from '../judge/observations.ts';
import { judgeRecording } from '../judge/recording-verdict.ts';
import { judge } from '../judge/verdict.ts';
import { DROPPED, FINISHED, type ServeRecorder } from '../record/serve-recorder.ts';
import { isRecording } from '../traffic/recording.ts';
import type { RequestTimes, TokenRecorders } from './replay.ts';

/** Which of the recorders an objective is judged by. */
type Subject = keyof TokenRecorders;

function subjectOf(slo: Slo): Subject {
  switch (slo.metric) {
    case 'latency':
      return slo.of ?? 'latency';
    case 'accuracy':
      return 'tokens';
    case 'throughput':
      return slo.of ?? 'latency';
    case 'goodput':
      return 'good';
    default:
      return assertNever(slo);
  }
}

/** Everything that verdicts depend on. */
export interface TokenRun {
  readonly input: RunInput;
  readonly serve: ServeInput;
  readonly recorders: TokenRecorders;
  readonly times: RequestTimes;
  readonly outputTokens: Int32Array;
  readonly part: MeasuredPart;
  readonly forecast: Forecast;
  /** Where the time of each request went. */
  readonly causes?: RequestCauses;
  /** The mean time from admission to the last token. */
  readonly staySeconds: number;
  /** The confidence of this check. */
  readonly confidence: number;
}

/** The verdict on one objective, by the same judge as that of other networks. */
export function judgeTokens(slo: Slo, run: TokenRun, breakdown: () => LatencyBreakdown): SloOutcome {
  const measured = measuredOf(subjectOf(slo), run);
  const { arrivals } = run.serve;
  if (arrivals.kind !== 'trace' || !isRecording(run.input)) return judge(slo, measured, breakdown);
  const outcome = judgeRecording(slo, measured, arrivals.timesSeconds.length, breakdown);
  const { latency } = run.recorders;
  const sum = (kind: number) => total(slotSums(latency, run.part, kind));
  const recordedRequests = arrivals.timesSeconds.length;
  return { ...outcome, recording: { measuredRequests: sum(FINISHED) + sum(DROPPED), recordedRequests } };
}

/** By recorder. The requests of a run are counted before it is measured, so a histogram does not change. */
const histograms = new WeakMap<MeasuredPart, Map<ServeRecorder, LatencyHistogram>>();

/** The latency histogram of the measured part of a run. All objectives of one recorder share it. */
export function histogramOf(recorder: ServeRecorder, part: MeasuredPart): LatencyHistogram {
  let known = histograms.get(part);
  if (known === undefined) {
    known = new Map();
    histograms.set(part, known);
  }
  const histogram = known.get(recorder) ?? new LatencyHistogram(recorder, part);
  known.set(recorder, histogram);
  return histogram;
}

export function measuredOf(subject: Subject, run: TokenRun): MeasuredServe {
  const { input, serve, part, forecast, confidence } = run;
  const recorder = run.recorders[subject];
  const measuredSeconds = part.endSeconds - part.warmupSeconds;
  const isTpot = subject === 'tpot';
  const policy = input.canBurst ? input.burst.kind : 'never';
  return {
    serve,
    recorder,
    part,
    histogram: histogramOf(recorder, part),
    overdue: (limit) => overdueRequests(subject, limit, run),
    deadlineSeconds: deadlineOf(subject, serve),
    burst: policy === 'never' || policy === 'always' ? policy : 'sometimes',
    confidence,
    statedConfidence: input.confidence,
    ended: true,
    observations: observationsOf(isTpot ? forecastOfTpot(forecast, run.staySeconds) : forecast, measuredSeconds),
    // The limits of a step bound the time per token, however long the queue is.
    overload: isTpot ? null : forecast.overload,
    peak: isTpot ? null : forecast.peak,
    endless: 2 * forecast.repeatSeconds > measuredSeconds,
    // All of the time per token depends on the other sequences of its steps.
    serviceSeconds: isTpot ? 0 : serviceSeconds(subject, run),
    ...(isTpot ? { isBounded: true } : {}),
  };
}

/**
 * In overload, the steps are always full. The time per token then has no other memory than that of the sequences, which stay for
 * a while.
 */
function forecastOfTpot(forecast: Forecast, staySeconds: number): Forecast {
  const { memory } = forecast;
  if (memory.load < 1) return forecast;
  const own = { load: 0, waitSeconds: staySeconds, meanSeconds: staySeconds, tailSeconds: staySeconds };
  return { ...forecast, memory: { ...own, periodSeconds: memory.periodSeconds } };
}

/** For goodput: any finite limit, because a request that misses one of them does not count. */
function deadlineOf(subject: Subject, { slos }: ServeInput): number {
  const latency = deadlineSeconds(slos);
  const [ttft, tpot] = [deadlineSeconds(slos, 'ttft'), deadlineSeconds(slos, 'tpot')];
  switch (subject) {
    case 'latency':
      return latency;
    case 'ttft':
      return ttft;
    case 'tpot':
      return tpot;
    case 'good':
      return Math.min(latency, ttft) < Number.POSITIVE_INFINITY ? Math.min(latency, ttft) : tpot;
    case 'tokens':
      return Number.POSITIVE_INFINITY;
    default:
      return assertNever(subject);
  }
}

/** The number of unfinished requests that already exceed a limit. */
function overdueRequests(subject: Subject, limit: number, { times, outputTokens }: TokenRun): number {
  const { arrival, first, last, dropped, endSeconds } = times;
  let overdue = 0;
  for (let r = 0; r < arrival.length; r++) {
    if (dropped[r] === 1 || !Number.isNaN(last[r]) || (arrival[r] as number) > endSeconds) continue;
    const hasFirst = !Number.isNaN(first[r]);
    const age = endSeconds - (arrival[r] as number);
    if (subject === 'ttft') overdue += !hasFirst && age > limit ? 1 : 0;
    else if (subject === 'tpot') {
      const more = (outputTokens[r] as number) - 1;
      overdue += hasFirst && more > 0 && (endSeconds - (first[r] as number)) / more > limit ? 1 : 0;
    } else overdue += age > limit ? 1 : 0;
  }
  return overdue;
}

/** The mean part of a latency or of a time to first token that is not waiting. */
function serviceSeconds(subject: Subject, { times, recorders }: TokenRun): number {
  const { admitted, first, last } = times;
  const end = subject === 'ttft' ? first : last;
  let sum = 0;
  let count = 0;
  for (let r = 0; r < end.length; r++) {
    const seconds = (end[r] as number) - (admitted[r] as number);
    if (Number.isNaN(seconds)) continue;
    sum += seconds;
    count++;
  }
  return count === 0 || recorders[subject].totalArrived === 0 ? 0 : sum / count;
}

/** Requests of one recorder that the statistics include. */
export function finishedIn(recorder: ServeRecorder, part: MeasuredPart): number {
  return total(slotSums(recorder, part, FINISHED));
}

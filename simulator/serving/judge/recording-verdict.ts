import { assertNever, type LatencyBreakdown, type Slo, type SloOutcome } from '../../../design/index.ts';
import { BURST, DROPPED, FINISHED, LATE, LATENCY } from '../record/serve-recorder.ts';
import { RATE_ROUNDING } from './judgement.ts';
import { slotSums, slotTotals, total } from './measured-part.ts';
import { largestLatency, type MeasuredServe } from './measured-serve.ts';

/*
 * Verdicts for recorded traffic. The run replays all requests, so each value is exact: an objective is met or violated, and
 * there is no confidence interval. If a run replays only a part of the recording, the result has a caveat for it.
 */

/** A measured value, and whether it meets the limit. `meets` is null if nothing was measured. */
interface Figure {
  readonly value: number;
  readonly meets: boolean | null;
}

/** `recordedRequests`: the number of requests in the whole trace of the serve. */
export function judgeRecording(
  slo: Slo,
  measured: MeasuredServe,
  recordedRequests: number,
  breakdown: () => LatencyBreakdown,
): SloOutcome {
  const { value, meets } = figureOf(slo, measured);
  const sum = (kind: number) => total(slotSums(measured.recorder, measured.part, kind));
  const limit = limitOf(slo);
  const miss = slo.metric === 'latency' ? value / limit - 1 : (limit - value) / limit;
  return {
    slo,
    verdict: meets === null ? 'undecided' : meets ? 'met' : 'violated',
    ...(meets === null ? { undecided: 'unmeasured' as const } : {}),
    recording: { measuredRequests: sum(FINISHED) + sum(DROPPED), recordedRequests },
    measured: { value, low: value, high: value, confidence: 1 },
    limit,
    missFraction: miss,
    breakdown: slo.metric === 'latency' ? breakdown() : null,
  };
}

function limitOf(slo: Slo): number {
  switch (slo.metric) {
    case 'latency':
      return slo.limitSeconds;
    case 'accuracy':
      return slo.limit;
    case 'throughput':
    case 'goodput':
      return slo.limitPerSecond;
    default:
      return assertNever(slo);
  }
}

function figureOf(slo: Slo, measured: MeasuredServe): Figure {
  const { recorder, part, serve } = measured;
  const finished = total(slotSums(recorder, part, FINISHED));
  switch (slo.metric) {
    case 'latency':
      return latencyFigure(slo, measured);
    case 'accuracy': {
      const { accuracy } = serve;
      const share = total(slotSums(recorder, part, BURST)) / finished;
      if (accuracy === null || !(finished > 0) || (share > 0 && accuracy.burst === null)) {
        return { value: Number.NaN, meets: null };
      }
      const value = accuracy.base + ((accuracy.burst ?? accuracy.base) - accuracy.base) * share;
      return { value, meets: value >= slo.limit };
    }
    case 'throughput':
    case 'goodput': {
      const count = slo.metric === 'goodput' ? total(slotTotals(recorder.inTime, part)) : finished;
      const value = count / (part.endSeconds - part.warmupSeconds);
      const arrived = recorder.totalArrived > 0;
      return { value, meets: arrived ? value >= slo.limitPerSecond * (1 - RATE_ROUNDING) : null };
    }
    default:
      return assertNever(slo);
  }
}

/** Dropped requests, and unfinished requests that already exceed the limit, are late. */
function latencyFigure(slo: Extract<Slo, { metric: 'latency' }>, measured: MeasuredServe): Figure {
  const { recorder, part, histogram } = measured;
  const limit = slo.limitSeconds;
  const sum = (kind: number) => total(slotSums(recorder, part, kind));
  const endless = sum(DROPPED) + measured.overdue(limit);
  const requests = sum(FINISHED) + endless;
  if (requests === 0) return { value: Number.NaN, meets: null };
  const largest = largestLatency(measured);
  switch (slo.statistic.kind) {
    case 'percentile': {
      const late = lateOf(limit, measured) + endless;
      // The percentile is sorted[rank]. It meets the limit if at most the requests after this rank are late.
      const rank = Math.min(requests - 1, Math.floor(requests * slo.statistic.fraction));
      const meets = late <= requests - 1 - rank;
      return { value: histogram.quantileAround(slo.statistic.fraction, largest, limit, meets), meets };
    }
    case 'mean': {
      const value = sum(LATENCY) / sum(FINISHED);
      return { value, meets: endless === 0 && value <= limit };
    }
    case 'max':
      return { value: largest, meets: endless === 0 && largest <= limit };
    default:
      return assertNever(slo.statistic);
  }
}

/** The number of finished requests that exceed a limit. */
function lateOf(limit: number, { recorder, part, deadlineSeconds }: MeasuredServe): number {
  if (limit === deadlineSeconds) return total(slotSums(recorder, part, LATE));
  const limits = recorder.otherLimits.length;
  const index = recorder.otherLimits.indexOf(limit);
  let late = 0;
  for (let slot = part.firstSlot; slot < part.endSlot; slot++) late += recorder.over[slot * limits + index] as number;
  return late;
}

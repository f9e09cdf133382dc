import { DROPPED, FINISHED, LATE, type ServeRecorder } from '../record/serve-recorder.ts';
import type { LatencyHistogram } from './latency-histogram.ts';
import { type MeasuredPart, slotSums, total } from './measured-part.ts';
import type { Observations } from './observations.ts';
import { criticalShares, inflationOf, ratioEstimate, studentQuantile } from './statistics.ts';

/** With fewer late requests, their variance over the batches is too inaccurate. Our assumption. */
const FEW_LATE = 100;

/** The late requests of a serve, compared with the share that a percentile allows. */
export interface LateProportion {
  readonly late: number;
  readonly requests: number;
  /** Whether the share of late requests is below or above each share that is likely if the true share is 1 - p. */
  readonly comparison: 'fewer' | 'more' | 'between';
  /** Whether the later half of the run alone also has more late requests than the percentile allows. */
  readonly persists: boolean;
}

/**
 * Compares the share of requests that exceed a limit with the share that the percentile `p` allows. It counts the finished
 * requests, the dropped ones, and the unfinished ones that already exceed the limit (`overdue`). `limitIndex`: -1 for the
 * deadline, otherwise an index of `recorder.otherLimits`.
 */
export function lateProportion(
  recorder: ServeRecorder,
  part: MeasuredPart,
  histogram: LatencyHistogram,
  limitIndex: number,
  overdue: number,
  p: number,
  confidence: number,
  observations: Observations,
): LateProportion {
  const finished = slotSums(recorder, part, FINISHED);
  const dropped = slotSums(recorder, part, DROPPED);
  const limits = recorder.otherLimits.length;
  const over =
    limitIndex < 0
      ? slotSums(recorder, part, LATE)
      : finished.map((_, i) => recorder.over[(part.firstSlot + i) * limits + limitIndex] as number);
  const late = over.map((count, i) => count + (dropped[i] as number));
  const tried = finished.map((count, i) => count + (dropped[i] as number));
  const last = late.length - 1;
  late[last] = (late[last] as number) + overdue;
  tried[last] = (tried[last] as number) + overdue;
  const requests = total(tried);
  const lateCount = total(late);
  if (requests === 0) return { late: 0, requests, comparison: 'between', persists: false };
  const estimate = ratioEstimate(late, tried);
  let inflation = inflationOf(estimate, requests);
  let { degrees } = estimate;
  if (Number.isNaN(inflation) || lateCount < FEW_LATE) {
    // Too few late requests to estimate their correlation. Use the correlation of the requests beyond the percentile.
    const tail = histogram.inflation(p);
    if (!Number.isNaN(tail.inflation)) {
      inflation = Math.max(Number.isNaN(inflation) ? 1 : inflation, tail.inflation);
      degrees = Math.min(degrees, tail.degrees);
    }
  }
  const noUpperEnd = observations.noUpperEnd(1 - p);
  const seen = observations.ofTail(1 - p);
  // At saturation (`seen` is 0), late requests are no coincidence, because latencies grow as long as the run lasts. A
  // request
  // that is late in a part of a period is also late in the whole period. Neither case needs the limit.
  const limited = seen > 0 && noUpperEnd !== 'part-of-a-period';
  const effective = Math.min(requests / (inflation > 1 ? inflation : 1), limited ? seen : Number.POSITIVE_INFINITY);
  const shares = criticalShares(1 - p, effective, studentQuantile(confidence, degrees));
  // In a part of a period, count the late requests until now among all requests of a whole period. Only this can
  // violate it.
  const share =
    noUpperEnd === 'part-of-a-period' ? lateCount / Math.max(requests, observations.requestsPerPeriod) : estimate.value;
  const comparison = noUpperEnd === null && share < shares.low ? 'fewer' : share > shares.high ? 'more' : 'between';
  const half = late.length >> 1;
  const persists = total(late.subarray(half)) > (1 - p) * total(tried.subarray(half));
  return { late: lateCount, requests, comparison, persists };
}

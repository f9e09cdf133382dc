import type { Overload, Slo, SloOutcome } from '../../../design/index.ts';
import { FINISHED } from '../record/serve-recorder.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { asFarAsObserved, compare, notNegative, outcome, RATE_ROUNDING, wideningOf } from './judgement.ts';
import { slotSums, slotTotals, total } from './measured-part.ts';
import type { MeasuredServe } from './measured-serve.ts';
import { meanRange, type Range, ratioEstimate } from './statistics.ts';

type RateSlo = Extract<Slo, { metric: 'throughput' | 'goodput' }>;

/** The verdict on an objective for throughput or goodput. */
export function judgeRate(slo: RateSlo, measured: MeasuredServe): SloOutcome {
  const { recorder, part } = measured;
  const { value, counted: completed, ...range } = measuredRate(slo.metric, measured);
  const limit = slo.limitPerSecond;
  // A rate of 0 is a measurement only if requests arrived.
  const hasRequests = total(slotTotals(recorder.arrived, part)) > 0 || completed > 0;
  const seen = hasRequests ? compare(range, limit * (1 - RATE_ROUNDING), 'at least') : 'unmeasured';
  // If latencies grow without limit, all later requests are late.
  const overload = slo.metric === 'goodput' ? goodputOverload(limit, measured) : null;
  const noUpperEnd = measured.observations.noUpperEnd();
  // The memory of a queue has no effect on the number of requests that leave it.
  const counted = slo.metric === 'throughput' && noUpperEnd === 'short-run' ? null : noUpperEnd;
  const judgement = overload ? 'violated' : asFarAsObserved(seen, counted);
  const result = outcome(slo, judgement, value, range, limit, measured, (limit - value) / limit, null);
  return overload ? { ...result, overload } : result;
}

/** A rate per second, its confidence interval, and the number of requests that count. */
export function measuredRate(
  metric: RateSlo['metric'],
  measured: MeasuredServe,
): Range & { readonly value: number; readonly counted: number } {
  const { recorder, part } = measured;
  const counts = metric === 'goodput' ? slotTotals(recorder.inTime, part) : slotSums(recorder, part, FINISHED);
  const estimate = ratioEstimate(counts, part.slotSeconds);
  // Late requests are rare. A run without its share of them shows too much goodput, so the lower half is wider.
  const widening = metric === 'goodput' ? wideningOf(measured.observations) : 1;
  const range = notNegative(meanRange(estimate, measured.confidence, widening));
  return { value: estimate.value, counted: total(counts), ...range };
}

/**
 * The overload that keeps the goodput below a limit: in the long run all requests are late, or at each peak a share of
 * them.
 */
function goodputOverload(
  limitPerSecond: number,
  { deadlineSeconds, overload, peak, serve }: MeasuredServe,
): Overload | null {
  if (!Number.isFinite(deadlineSeconds)) return null;
  if (overload !== null || peak === null) return overload;
  const most = meanRatePerSecond(serve.arrivals) * (1 - peak.lateShare(deadlineSeconds));
  return most < limitPerSecond ? peak.overload : null;
}

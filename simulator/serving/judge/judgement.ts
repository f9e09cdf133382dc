import type { Estimate, LatencyBreakdown, Slo, SloOutcome, UndecidedReason, Verdict } from '../../../design/index.ts';
import { exactPow } from '../exact-math.ts';
import type { MeasuredServe } from './measured-serve.ts';
import type { Observations } from './observations.ts';
import type { Range } from './statistics.ts';

/** The verdict on one objective: met, violated, or the reason why it is undecided. */
export type Judgement = 'met' | 'violated' | UndecidedReason;

/**
 * Relative tolerance of a rate: `constant(5000 rps)` meets 5000 per second in spite of rounding in the last slot of a
 * run.
 */
export const RATE_ROUNDING = 1e-6;

/** Times and rates are never negative, but the lower end of Student's interval can be. */
export function notNegative({ low, high }: Range): Range {
  return { low: Math.max(0, low), high };
}

/** Met or violated only if the whole confidence interval is on one side of the limit. */
export function compare(range: Range, limit: number, wants: 'at most' | 'at least'): Judgement {
  if (Number.isNaN(range.low) || Number.isNaN(range.high)) return 'unmeasured';
  if (wants === 'at most') return range.high <= limit ? 'met' : range.low > limit ? 'violated' : 'straddles';
  return range.low >= limit ? 'met' : range.high < limit ? 'violated' : 'straddles';
}

/**
 * The factor by which a confidence interval becomes wider on the side that a run with few observations underestimates. It is
 * for values that do not depend on the tail of a distribution. From 200 observations on, the factor is 1. Below, it is the
 * cube root of 200 / observations. Both numbers are our assumptions, tested on M/M/1.
 */
export function wideningOf({ ofMean }: Observations): number {
  return ofMean >= 200 ? 1 : exactPow(200 / ofMean, 1 / 3);
}

/**
 * Limits the verdict of a run that has not observed all of its traffic (`noUpperEnd`). Such a run never shows that a limit is met.
 * It shows that a limit is violated, unless the rest of a period could compensate for it.
 */
export function asFarAsObserved(judgement: Judgement, noUpperEnd: UndecidedReason | null): Judgement {
  if (noUpperEnd === null || judgement === 'unmeasured') return judgement;
  return judgement === 'violated' && noUpperEnd !== 'part-of-a-period' ? judgement : noUpperEnd;
}

/**
 * The outcome of an objective. `missFraction`: the distance to the limit as a fraction of the limit, positive if the
 * value misses it.
 */
export function outcome(
  slo: Slo,
  judgement: Judgement,
  value: number,
  range: Range,
  limit: number,
  measured: MeasuredServe,
  missFraction: number,
  breakdown: LatencyBreakdown | null,
): SloOutcome {
  const estimate: Estimate = { value, low: range.low, high: range.high, confidence: measured.statedConfidence };
  const verdict: Verdict = judgement === 'met' || judgement === 'violated' ? judgement : 'undecided';
  const result = { slo, verdict, measured: estimate, limit, missFraction, breakdown };
  if (judgement === 'met' || judgement === 'violated') return result;
  const needsSeconds = tooShort.has(judgement) ? leastRunSeconds(slo, measured) : Number.POSITIVE_INFINITY;
  return { ...result, undecided: judgement, ...(Number.isFinite(needsSeconds) ? { needsSeconds } : {}) };
}

/** The warm-up consists of whole slots, and a longer run can have more of them. Our assumption. */
const SPARE_SLOTS = 3;

/** The reasons that a shorter run than `leastRunSeconds` cannot remove. */
const tooShort: ReadonlySet<Judgement> = new Set(['short-run', 'few-bursts', 'part-of-a-period']);

/** The shortest run, its warm-up included, that can decide an objective. */
function leastRunSeconds(slo: Slo, { observations, part }: MeasuredServe): number {
  const tail = slo.metric === 'latency' && slo.statistic.kind === 'percentile' ? 1 - slo.statistic.fraction : undefined;
  const slots = part.slotSeconds.length;
  const runPerMeasured = part.endSeconds / (part.endSeconds - part.warmupSeconds);
  return observations.leastSeconds(tail) * runPerMeasured * ((slots + SPARE_SLOTS) / slots);
}

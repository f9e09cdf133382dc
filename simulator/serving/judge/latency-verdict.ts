import { assertNever, type LatencyBreakdown, type Overload, type Slo, type SloOutcome } from '../../../design/index.ts';
import { FINISHED, LATENCY } from '../record/serve-recorder.ts';
import { earlyStoppingInTime } from './early-stopping.ts';
import { asFarAsObserved, compare, type Judgement, notNegative, outcome } from './judgement.ts';
import { type LateProportion, lateProportion } from './late-proportion.ts';
import { slotSums } from './measured-part.ts';
import { largestLatency, type MeasuredServe } from './measured-serve.ts';
import { backlogOf, inGrowingQueue, queueGrows } from './queue-growth.ts';
import {
  MANY_DEGREES,
  meanCeiling,
  meanRange,
  type Range,
  type RatioEstimate,
  ratioEstimate,
  studentQuantile,
} from './statistics.ts';

type LatencySlo = Extract<Slo, { metric: 'latency' }>;

/** The verdict on an objective for the latency. */
export function judgeLatency(slo: LatencySlo, measured: MeasuredServe, breakdown: () => LatencyBreakdown): SloOutcome {
  const decided = latencyOutcome(slo, measured, breakdown);
  const overload = measured.overload ?? overloadAtPeak(slo, measured);
  if (overload === null) return withBacklog(decided, measured);
  const { undecided: _, ...rest } = decided;
  return { ...rest, verdict: 'violated', overload };
}

/** A limit that is exceeded while the queue grows: the measured value depends on the length of the run. */
function withBacklog(decided: SloOutcome, measured: MeasuredServe): SloOutcome {
  if (decided.verdict !== 'violated' || !queueGrows(measured)) return decided;
  const backlog = backlogOf(measured);
  return backlog === undefined ? decided : { ...decided, backlog };
}

/** The overload at a peak of the traffic, if it alone makes so many requests late that the objective is violated. */
function overloadAtPeak({ statistic, limitSeconds }: LatencySlo, { peak }: MeasuredServe): Overload | null {
  if (peak === null) return null;
  switch (statistic.kind) {
    case 'percentile':
      return peak.lateShare(limitSeconds) > 1 - statistic.fraction ? peak.overload : null;
    case 'mean':
      return peak.meanSeconds > limitSeconds ? peak.overload : null;
    case 'max':
      // The length of a burst has no maximum. A long enough burst exceeds each limit, but no run shows when it comes.
      return peak.overload.inBursts !== true && peak.lateShare(limitSeconds) > 0 ? peak.overload : null;
    default:
      return assertNever(statistic);
  }
}

function latencyOutcome(slo: LatencySlo, measured: MeasuredServe, breakdown: () => LatencyBreakdown): SloOutcome {
  const { recorder, part, histogram, confidence, observations } = measured;
  const limit = slo.limitSeconds;
  const { statistic } = slo;
  const overdue = measured.overdue(limit);
  const index = limit === measured.deadlineSeconds ? -1 : recorder.otherLimits.indexOf(limit);
  const parts = breakdown();
  switch (statistic.kind) {
    case 'percentile': {
      const p = statistic.fraction;
      const late = lateProportion(recorder, part, histogram, index, overdue, p, confidence, observations);
      const largest = largestLatency(measured);
      // The percentile is sorted[rank]. It is within the limit if at most the requests after this rank are late.
      const isWithin = late.late < late.requests - Math.min(late.requests - 1, Math.floor(late.requests * p));
      const value = histogram.quantileAround(p, largest, limit, isWithin);
      const range = percentileRange(p, largest, measured);
      const noUpperEnd = observations.noUpperEnd(1 - p);
      const seen =
        noUpperEnd === 'part-of-a-period' && late.comparison !== 'more' && late.requests > 0
          ? noUpperEnd
          : inGrowingQueue(
              ofSteadyState(percentileJudgement(late, range, limit), late, measured),
              value,
              limit,
              measured,
            );
      const judgement = seen === 'straddles' ? (noUpperEnd ?? seen) : seen;
      const result = outcome(slo, judgement, value, range, limit, measured, value / limit - 1, parts);
      const needed = earlyStoppingInTime(late.late, p, measured.statedConfidence) + late.late;
      return {
        ...result,
        earlyStopping: {
          late: late.late,
          requests: late.requests,
          requestsNeeded: needed,
          passes: late.requests >= needed,
        },
      };
    }
    case 'mean': {
      const { value, ...range } = meanLatency(measured);
      const seen = inGrowingQueue(compare(range, limit, 'at most'), value, limit, measured);
      const judgement = asFarAsObserved(seen, observations.noUpperEnd());
      return outcome(slo, judgement, value, range, limit, measured, value / limit - 1, parts);
    }
    case 'max': {
      const late = lateProportion(recorder, part, histogram, index, overdue, 0.99, confidence, observations);
      const value = largestLatency(measured);
      const none = measured.endless ? 'unbounded-maximum' : measured.ended ? 'met' : 'straddles';
      // One late request violates the limit. Only at the end of the run is it known that no request was late.
      const judgement = late.late > 0 ? 'violated' : late.requests === 0 ? 'unmeasured' : none;
      const range = { low: value, high: Number.POSITIVE_INFINITY };
      return outcome(slo, judgement, value, range, limit, measured, value / limit - 1, parts);
    }
    default:
      return assertNever(statistic);
  }
}

/** The confidence interval of a percentile. `largest`: see `largestLatency`. */
export function percentileRange(fraction: number, largest: number, measured: MeasuredServe): Range {
  const { histogram, confidence, observations, serviceSeconds } = measured;
  const statistical = histogram.quantileRange(fraction, confidence, observations, largest, serviceSeconds);
  // If the traffic repeats what was simulated, no percentile exceeds the largest latency.
  return measured.endless || !measured.ended ? statistical : cappedAt(statistical, largest);
}

/** The mean latency, and its confidence interval. */
export function meanLatency(measured: MeasuredServe): Range & { readonly value: number } {
  const { recorder, part } = measured;
  const estimate = ratioEstimate(slotSums(recorder, part, LATENCY), slotSums(recorder, part, FINISHED));
  return { value: estimate.value, ...latencyMeanRange(estimate, measured) };
}

function cappedAt({ low, high }: Range, most: number): Range {
  return { low: Math.min(low, most), high: Math.min(high, most) };
}

/**
 * The share of late requests decides, because it is exact at the limit. Otherwise the interval of the percentile decides,
 * which is shown to the user.
 */
function percentileJudgement(late: LateProportion, range: Range, limit: number): Judgement {
  if (late.requests === 0) return 'unmeasured';
  if (late.comparison === 'more') return 'violated';
  if (late.comparison === 'fewer') return 'met';
  return compare(range, limit, 'at most');
}

/**
 * Random traffic is judged in its steady state. If only the earlier half of a run was late, its start can be the
 * reason: until a deadline is in danger, a slack policy lets a queue grow that never grows so long again.
 */
function ofSteadyState(judgement: Judgement, { persists }: LateProportion, { endless }: MeasuredServe): Judgement {
  return judgement === 'violated' && endless && !persists ? 'short-run' : judgement;
}

/**
 * The confidence interval of the mean latency. It is Student's interval, extended to the values that a run of this length can
 * miss because of the memory of the queue. The square root of the waiting time varies symmetrically, so the lower end is
 * nearer to the mean than the upper end.
 */
function latencyMeanRange(estimate: RatioEstimate, { confidence, observations, serviceSeconds }: MeasuredServe): Range {
  const { value } = estimate;
  const plain = meanRange(estimate, confidence);
  if (Number.isNaN(value) || !Number.isFinite(estimate.variance)) return notNegative(plain);
  const waited = Math.max(0, value - serviceSeconds);
  const reach = studentQuantile(confidence, MANY_DEGREES);
  // As in the interval of a percentile (`queuedCeiling`): a policy can keep latencies above those of its best mode.
  // This part
  // is not random.
  const scale = Math.min(waited, 2 * observations.meanWaitSeconds);
  const ceiling = value + scale * (meanCeiling(observations.ofMean, reach) - 1);
  const high = observations.noUpperEnd() === null ? Math.max(plain.high, ceiling) : Number.POSITIVE_INFINITY;
  const below = waited * shrink((plain.high - value) / waited);
  const hidden = scale * shrink(reach / Math.sqrt(observations.ofMean));
  return { low: waited > 0 ? value - Math.max(below, hidden) : Math.max(0, plain.low), high };
}

/**
 * The relative distance of the lower end if the upper end is at the relative distance `u`. Both are equal for the
 * square root.
 */
function shrink(u: number): number {
  const root = Math.max(0, 1 - u / 2);
  return 1 - root * root;
}

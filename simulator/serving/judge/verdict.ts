import {
  assertNever,
  type Estimate,
  type LatencyBreakdown,
  type Overload,
  type Slo,
  type SloOutcome,
  type UndecidedReason,
  type Verdict,
} from '../../../design/index.ts';
import { exactPow } from '../exact-math.ts';
import type { ServeInput } from '../input.ts';
import { BURST, FINISHED, LATENCY, type ServeRecorder } from '../record/serve-recorder.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { earlyStoppingInTime } from './early-stopping.ts';
import {
  type LatencyHistogram,
  type LateProportion,
  lateProportion,
  type Measured,
  slotSums,
  slotTotals,
  total,
} from './measurement.ts';
import type { PeakOverload } from './peak-overload.ts';
import type { Sight } from './sight.ts';
import {
  inflationOf,
  MANY_DEGREES,
  meanCeiling,
  meanRange,
  proportionRange,
  type Range,
  type RatioEstimate,
  ratioEstimate,
  studentQuantile,
} from './statistics.ts';

/** Everything that a verdict on an objective of one serve depends on. */
export interface Evidence {
  readonly serve: ServeInput;
  readonly recorder: ServeRecorder;
  readonly part: Measured;
  readonly histogram: LatencyHistogram;
  /** The number of unfinished requests that are older than a limit. */
  readonly overdue: (limitSeconds: number) => number;
  readonly deadlineSeconds: number;
  /** Which requests can run in burst mode: none, all, or some of them. */
  readonly burst: 'never' | 'always' | 'sometimes';
  /** The confidence of this check. It is higher than `statedConfidence` if the run has several interim checks. */
  readonly confidence: number;
  /** The confidence that the user sees. */
  readonly statedConfidence: number;
  /** Whether the run has ended, so this is the last check. */
  readonly ended: boolean;
  /** How much of its traffic the run has observed. */
  readonly sight: Sight;
  /** The long-run overload, with which latencies grow without limit. null: the chips can serve the traffic. */
  readonly overload: Overload | null;
  /** Where more arrives at the peak of each period, or in each burst, than can be completed. */
  readonly peak: PeakOverload | null;
  /** Whether later traffic can differ from the traffic of the run. Then the largest latency has no upper bound. */
  readonly endless: boolean;
  /** The mean time from the start of a batch to its end, over the requests, in seconds. */
  readonly serviceSeconds: number;
}

type LatencySlo = Extract<Slo, { metric: 'latency' }>;

type Finding = 'met' | 'violated' | UndecidedReason;

/**
 * Relative tolerance of a rate: `constant(5000 rps)` meets 5000 per second in spite of rounding in the last slot of a
 * run.
 */
export const RATE_ROUNDING = 1e-6;

/** Times and rates are never negative, but the lower end of Student's interval can be. */
function notNegative({ low, high }: Range): Range {
  return { low: Math.max(0, low), high };
}

/** Met or violated only if the whole confidence interval is on one side of the limit. */
function compare(range: Range, limit: number, wants: 'at most' | 'at least'): Finding {
  if (Number.isNaN(range.low) || Number.isNaN(range.high)) return 'unmeasured';
  if (wants === 'at most') return range.high <= limit ? 'met' : range.low > limit ? 'violated' : 'straddles';
  return range.low >= limit ? 'met' : range.high < limit ? 'violated' : 'straddles';
}

const changesRate: Readonly<Record<ServeInput['arrivals']['kind'], boolean>> = {
  poisson: false,
  constant: false,
  loadgen: false,
  bursty: true,
  diurnal: true,
  trace: true,
};

/**
 * Whether more requests arrive than finish. Then there is no steady state, and latencies grow as long as the run lasts. Two
 * tests detect this long before the latencies do:
 *
 * - The number of waiting requests grows. The growth in one slot hardly depends on the growth in earlier slots.
 * - Fewer requests finish than the stated rate. Chips that are never idle finish at a very even rate.
 */
function grows({ serve, recorder, part, confidence }: Evidence): boolean {
  const arrived = slotTotals(recorder.arrived, part);
  // A run that ends when all requests are done empties its queue after the last arrival. Ignore these slots.
  let count = arrived.length;
  while (count > 0 && arrived[count - 1] === 0) count--;
  if (count < arrived.length) count--;
  if (count < 2) return false;
  const done = slotSums(recorder, part, FINISHED).subarray(0, count);
  const seconds = part.slotSeconds.subarray(0, count);
  const gained = done.map((finished, i) => (arrived[i] as number) - finished);
  if (total(gained) <= 0) return false;
  if (meanRange(ratioEstimate(gained, seconds), confidence).low > 0) return true;
  // If the rate changes, a run need not include the stated mean rate. With one burst fewer, fewer requests arrive and finish.
  if (changesRate[serve.arrivals.kind]) return false;
  return meanRange(ratioEstimate(done, seconds), confidence).high < meanRatePerSecond(serve.arrivals);
}

/**
 * If the queue grows, a run that meets a limit says nothing about a longer run. A run that exceeds it violates it in
 * each longer run.
 */
function inSteadyState(finding: Finding, over: boolean, growing: boolean): Finding {
  if (!growing) return finding;
  return over ? 'violated' : finding === 'met' || finding === 'straddles' ? 'rising' : finding;
}

export function judge(slo: Slo, evidence: Evidence, breakdown: () => LatencyBreakdown): SloOutcome {
  switch (slo.metric) {
    case 'latency':
      return judgeLatency(slo, evidence, breakdown);
    case 'accuracy': {
      const { value, range, finding } = judgeAccuracy(slo.limit, evidence);
      return outcome(slo, finding, value, range, slo.limit, evidence, (slo.limit - value) / slo.limit, null);
    }
    case 'throughput':
    case 'goodput': {
      const { recorder, part } = evidence;
      const counts = slo.metric === 'goodput' ? slotTotals(recorder.inTime, part) : slotSums(recorder, part, FINISHED);
      const estimate = ratioEstimate(counts, part.slotSeconds);
      // Late requests are rare. A run without its share of them shows too much goodput, so the lower half is wider.
      const range = notNegative(
        meanRange(estimate, evidence.confidence, slo.metric === 'goodput' ? wideningOf(evidence.sight) : 1),
      );
      const limit = slo.limitPerSecond;
      // A rate of 0 is a measurement only if requests arrived.
      const came = total(slotTotals(recorder.arrived, part)) > 0 || total(counts) > 0;
      const seen = came ? compare(range, limit * (1 - RATE_ROUNDING), 'at least') : 'unmeasured';
      // If latencies grow without limit, all later requests are late.
      const hopeless = slo.metric === 'goodput' ? brokenGoodput(limit, evidence) : null;
      const lacks = evidence.sight.lacks();
      // The memory of a queue has no effect on the number of requests that leave it.
      const counted = slo.metric === 'throughput' && lacks === 'short-run' ? null : lacks;
      const finding = hopeless ? 'violated' : asFarAsSeen(seen, counted);
      const result = outcome(
        slo,
        finding,
        estimate.value,
        range,
        limit,
        evidence,
        (limit - estimate.value) / limit,
        null,
      );
      return hopeless ? { ...result, overload: hopeless } : result;
    }
    default:
      return assertNever(slo);
  }
}

function outcome(
  slo: Slo,
  finding: Finding,
  value: number,
  range: Range,
  limit: number,
  evidence: Evidence,
  missFraction: number,
  breakdown: LatencyBreakdown | null,
): SloOutcome {
  const measured: Estimate = { value, low: range.low, high: range.high, confidence: evidence.statedConfidence };
  const verdict: Verdict = finding === 'met' || finding === 'violated' ? finding : 'undecided';
  const told = { slo, verdict, measured, limit, missFraction, breakdown };
  return finding === 'met' || finding === 'violated' ? told : { ...told, undecided: finding };
}

/**
 * The factor by which a confidence interval becomes wider on the side that a run with few observations underestimates. It is
 * for values that do not depend on the tail of a distribution. From 200 observations on, the factor is 1. Below, it is the
 * cube root of 200 / observations. Both numbers are our assumptions, tested on M/M/1.
 */
function wideningOf({ ofMean }: Sight): number {
  return ofMean >= 200 ? 1 : exactPow(200 / ofMean, 1 / 3);
}

/**
 * Limits the verdict of a run that has not observed all of its traffic (`lacks`). Such a run never shows that a limit is met.
 * It shows that a limit is violated, unless the rest of a period could compensate for it.
 */
function asFarAsSeen(finding: Finding, lacks: UndecidedReason | null): Finding {
  if (lacks === null || finding === 'unmeasured') return finding;
  return finding === 'violated' && lacks !== 'part-of-a-period' ? finding : lacks;
}

function judgeLatency(slo: LatencySlo, evidence: Evidence, breakdown: () => LatencyBreakdown): SloOutcome {
  const decided = latencyOutcome(slo, evidence, breakdown);
  const overload = evidence.overload ?? brokenAtPeak(slo, evidence);
  if (overload === null) return decided;
  const { undecided: _, ...told } = decided;
  return { ...told, verdict: 'violated', overload };
}

/** The overload at a peak of the traffic, if it alone makes so many requests late that the objective is violated. */
function brokenAtPeak({ statistic, limitSeconds }: LatencySlo, { peak }: Evidence): Overload | null {
  if (peak === null) return null;
  switch (statistic.kind) {
    case 'percentile':
      return peak.lateShare(limitSeconds) > 1 - statistic.fraction ? peak.overload : null;
    case 'mean':
      return peak.meanSeconds > limitSeconds ? peak.overload : null;
    case 'max':
      // Bursts have no longest one: some burst passes every limit, and no run says when.
      return peak.overload.inBursts !== true && peak.lateShare(limitSeconds) > 0 ? peak.overload : null;
    default:
      return assertNever(statistic);
  }
}

/**
 * The overload that keeps the goodput below a limit: in the long run all requests are late, or at each peak a share of
 * them.
 */
function brokenGoodput(limitPerSecond: number, { deadlineSeconds, overload, peak, serve }: Evidence): Overload | null {
  if (!Number.isFinite(deadlineSeconds)) return null;
  if (overload !== null || peak === null) return overload;
  const most = meanRatePerSecond(serve.arrivals) * (1 - peak.lateShare(deadlineSeconds));
  return most < limitPerSecond ? peak.overload : null;
}

function latencyOutcome(slo: LatencySlo, evidence: Evidence, breakdown: () => LatencyBreakdown): SloOutcome {
  const { recorder, part, histogram, confidence, sight } = evidence;
  const limit = slo.limitSeconds;
  const { statistic } = slo;
  const overdue = evidence.overdue(limit);
  const index = limit === evidence.deadlineSeconds ? -1 : recorder.otherLimits.indexOf(limit);
  const parts = breakdown();
  switch (statistic.kind) {
    case 'percentile': {
      const p = statistic.fraction;
      const late = lateProportion(recorder, part, histogram, index, overdue, p, confidence, sight);
      const largest = largestLatency(evidence);
      // The percentile is sorted[rank]. It is within the limit if at most the requests after this rank are late.
      const isWithin = late.late < late.requests - Math.min(late.requests - 1, Math.floor(late.requests * p));
      const value = histogram.quantileAround(p, largest, limit, isWithin);
      const { serviceSeconds } = evidence;
      const range = histogram.quantileRange(p, confidence, sight, largest, serviceSeconds);
      const lacks = sight.lacks(1 - p);
      const seen =
        lacks === 'part-of-a-period' && late.finding !== 'more' && late.requests > 0
          ? lacks
          : inSteadyState(percentileFinding(late, range, limit), value > limit, grows(evidence));
      const finding = seen === 'straddles' ? (lacks ?? seen) : seen;
      const result = outcome(slo, finding, value, range, limit, evidence, value / limit - 1, parts);
      const needed = earlyStoppingInTime(late.late, p, evidence.statedConfidence) + late.late;
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
      const estimate = ratioEstimate(slotSums(recorder, part, LATENCY), slotSums(recorder, part, FINISHED));
      const range = latencyMeanRange(estimate, evidence);
      const seen = inSteadyState(compare(range, limit, 'at most'), estimate.value > limit, grows(evidence));
      const finding = asFarAsSeen(seen, sight.lacks());
      return outcome(slo, finding, estimate.value, range, limit, evidence, estimate.value / limit - 1, parts);
    }
    case 'max': {
      const late = lateProportion(recorder, part, histogram, index, overdue, 0.99, confidence, sight);
      const value = largestLatency(evidence);
      const none = evidence.endless ? 'unbounded-maximum' : evidence.ended ? 'met' : 'straddles';
      // One late request violates the limit. Only at the end of the run is it known that no request was late.
      const finding = late.late > 0 ? 'violated' : late.requests === 0 ? 'unmeasured' : none;
      const range = { low: value, high: Number.POSITIVE_INFINITY };
      return outcome(slo, finding, value, range, limit, evidence, value / limit - 1, parts);
    }
    default:
      return assertNever(statistic);
  }
}

/**
 * The confidence interval of the mean latency. It is Student's interval, extended to the values that a run of this length can
 * miss because of the memory of the queue. The square root of the waiting time varies symmetrically, so the lower end is
 * nearer to the mean than the upper end.
 */
function latencyMeanRange(estimate: RatioEstimate, { confidence, sight, serviceSeconds }: Evidence): Range {
  const { value } = estimate;
  const plain = meanRange(estimate, confidence);
  if (Number.isNaN(value) || !Number.isFinite(estimate.variance)) return notNegative(plain);
  const waited = Math.max(0, value - serviceSeconds);
  const reach = studentQuantile(confidence, MANY_DEGREES);
  // As in the interval of a percentile (`queuedCeiling`): a policy can keep latencies above those of its best mode. This part
  // is not random.
  const scale = Math.min(waited, 2 * sight.waitSeconds);
  const ceiling = value + scale * (meanCeiling(sight.ofMean, reach) - 1);
  const high = sight.lacks() === null ? Math.max(plain.high, ceiling) : Number.POSITIVE_INFINITY;
  const below = waited * shrink((plain.high - value) / waited);
  const hidden = scale * shrink(reach / Math.sqrt(sight.ofMean));
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

/**
 * The share of late requests decides, because it is exact at the limit. Otherwise the interval of the percentile
 * decides, which the user sees.
 */
function percentileFinding(late: LateProportion, range: Range, limit: number): Finding {
  if (late.requests === 0) return 'unmeasured';
  if (late.finding === 'more') return 'violated';
  if (late.finding === 'fewer') return 'met';
  return compare(range, limit, 'at most');
}

/** The largest latency of the measured part in seconds, exact. NaN: no request finished. */
export function largestLatency({
  recorder,
  part,
  histogram,
}: Pick<Evidence, 'recorder' | 'part' | 'histogram'>): number {
  if (histogram.total === 0) return Number.NaN;
  let largest = 0;
  for (let bucket = part.firstSlot * 4; bucket < recorder.largest.length; bucket++) {
    largest = Math.max(largest, recorder.largest[bucket] as number);
  }
  return largest;
}

/**
 * The served accuracy is a mixture of two accuracies. So its interval follows from the share of requests that ran in
 * burst mode.
 */
function judgeAccuracy(limit: number, evidence: Evidence): { value: number; range: Range; finding: Finding } {
  const { serve, recorder, part, confidence } = evidence;
  const finished = slotSums(recorder, part, FINISHED);
  const count = total(finished);
  const { accuracy } = serve;
  if (accuracy === null || count === 0) {
    return { value: Number.NaN, range: { low: Number.NaN, high: Number.NaN }, finding: 'unmeasured' };
  }
  const share = ratioEstimate(slotSums(recorder, part, BURST), finished);
  const burst = accuracy.burst ?? (share.value > 0 ? Number.NaN : accuracy.base);
  let shares: Range = { low: share.value, high: share.value };
  if (evidence.burst === 'sometimes') {
    const inflation = inflationOf(share, count);
    const tail = evidence.histogram.inflation(0.99).inflation;
    const used = Number.isNaN(inflation) ? (Number.isNaN(tail) ? 1 : tail) : inflation;
    const { low } = proportionRange(share.value, count, used, share.degrees, confidence);
    const wider = wideningOf(evidence.sight);
    const widened = Math.max(1, used) * wider * wider;
    shares = { low, high: proportionRange(share.value, count, widened, share.degrees, confidence).high };
  }
  const at = (fraction: number) => accuracy.base + (burst - accuracy.base) * fraction;
  const range = { low: Math.min(at(shares.low), at(shares.high)), high: Math.max(at(shares.low), at(shares.high)) };
  const value = at(share.value);
  const seen = evidence.burst === 'sometimes' ? evidence.sight.lacks() : null;
  const finding = asFarAsSeen(compare(range, limit, 'at least'), seen);
  // If the queue grows, the policy never returns to base mode for longer. So an accuracy below the limit stays below it.
  const lasts =
    finding !== 'met' && finding !== 'violated' && value < limit && accuracy.base >= limit && grows(evidence);
  return { value, range, finding: lasts ? 'violated' : finding };
}

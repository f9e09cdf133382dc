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

/** All that a constraint of one serve is judged by. */
export interface Evidence {
  readonly serve: ServeInput;
  readonly recorder: ServeRecorder;
  readonly part: Measured;
  readonly histogram: LatencyHistogram;
  /** Requests still inside that are older than a limit. */
  readonly overdue: (limitSeconds: number) => number;
  readonly deadlineSeconds: number;
  /** Whether burst mode can touch a request at all, and whether it touches every one. */
  readonly burst: 'never' | 'always' | 'sometimes';
  /** Confidence of this look; higher than what is promised where a run looks several times. */
  readonly confidence: number;
  /** What is promised. */
  readonly statedConfidence: number;
  /** No further look: what holds for the run as it was is final. */
  readonly ended: boolean;
  /** What the run can have seen of its traffic. */
  readonly sight: Sight;
  /** Where more arrives in the long run than can be completed: latencies grow without end. */
  readonly overload: Overload | null;
  /** Where more arrives at the peak of each period, or in each burst, than can be completed. */
  readonly peak: PeakOverload | null;
  /** Whether arrivals are drawn at random without an end: then the largest latency has no bound. */
  readonly endless: boolean;
  /** Mean seconds from the start of a request's batch to its end. */
  readonly serviceSeconds: number;
}

type LatencySlo = Extract<Slo, { metric: 'latency' }>;

type Finding = 'met' | 'violated' | UndecidedReason;

/** `constant(5000 rps)` brings 5000 a second, whatever the rounding of a run's last slot makes of it. */
export const RATE_ROUNDING = 1e-6;

/** Times and rates have no lower values, though Student's interval of a few of them does. */
function notNegative({ low, high }: Range): Range {
  return { low: Math.max(0, low), high };
}

/** Met or violated only where the whole interval lies on one side of the limit. */
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
 * Whether more requests come than are done: then there is no steady state, and latencies grow for as long as the run does. Two ways to tell
 * long before the latencies themselves do: what a queue gains from batch to batch hardly depends on what it gained before; and chips that are
 * never idle finish so evenly that they are soon known to lag behind a rate that is stated.
 */
function grows({ serve, recorder, part, confidence }: Evidence): boolean {
  const arrived = slotTotals(recorder.arrived, part);
  // A run that ends when all is done empties its queue behind the last arrival.
  let count = arrived.length;
  while (count > 0 && arrived[count - 1] === 0) count--;
  if (count < arrived.length) count--;
  if (count < 2) return false;
  const done = slotSums(recorder, part, FINISHED).subarray(0, count);
  const seconds = part.slotSeconds.subarray(0, count);
  const gained = done.map((finished, i) => (arrived[i] as number) - finished);
  if (total(gained) <= 0) return false;
  if (meanRange(ratioEstimate(gained, seconds), confidence).low > 0) return true;
  // A run need not have seen the stated rate of traffic whose rate changes: with a burst fewer, fewer come and are done.
  if (changesRate[serve.arrivals.kind]) return false;
  return meanRange(ratioEstimate(done, seconds), confidence).high < meanRatePerSecond(serve.arrivals);
}

/** What holds for a run in which the queue grows is no promise for the next; what it breaks, it would break in any. */
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
      // Late requests are what is rare: a run that missed them has done too well.
      const range = notNegative(
        meanRange(estimate, evidence.confidence, slo.metric === 'goodput' ? wideningOf(evidence.sight) : 1),
      );
      const limit = slo.limitPerSecond;
      // That nothing is done says something only where something came.
      const came = total(slotTotals(recorder.arrived, part)) > 0 || total(counts) > 0;
      const seen = came ? compare(range, limit * (1 - RATE_ROUNDING), 'at least') : 'unmeasured';
      // All requests are late in the end where latencies grow without end.
      const hopeless = slo.metric === 'goodput' ? brokenGoodput(limit, evidence) : null;
      const lacks = evidence.sight.lacks();
      // How long a queue remembers does not matter to how many requests leave it.
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
 * How much wider than its own scatter an interval is on the side of what a calm run misses, for figures that no tail describes: a number of observations
 * from which the scatter is trusted, and the power of those that are missing. Our assumptions, chosen on M/M/1.
 */
function wideningOf({ ofMean }: Sight): number {
  return ofMean >= 200 ? 1 : exactPow(200 / ofMean, 1 / 3);
}

/** What a run that did not see the whole of its traffic may say: that a limit is met, never; that it is violated, unless another part could make up for it. */
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

/** The overload at the peak of each period, where it alone makes too many requests late. */
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

/** The overload that leaves less goodput than a limit: in the long run all requests are late, or in each period a share of them. */
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
      // The percentile is sorted[rank]: within the limit if no more than those behind it are late.
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
      // One late request decides; that none was late is a statement about this run, made when it ends.
      const finding = late.late > 0 ? 'violated' : late.requests === 0 ? 'unmeasured' : none;
      const range = { low: value, high: Number.POSITIVE_INFINITY };
      return outcome(slo, finding, value, range, limit, evidence, value / limit - 1, parts);
    }
    default:
      return assertNever(statistic);
  }
}

/**
 * The interval of the mean latency: Student's, and no narrower than what the queue's memory can hide. What queues varies on the scale of a square root,
 * which is why the lower end is nearer than the upper one.
 */
function latencyMeanRange(estimate: RatioEstimate, { confidence, sight, serviceSeconds }: Evidence): Range {
  const { value } = estimate;
  const plain = meanRange(estimate, confidence);
  if (Number.isNaN(value) || !Number.isFinite(estimate.variance)) return notNegative(plain);
  const waited = Math.max(0, value - serviceSeconds);
  const reach = studentQuantile(confidence, MANY_DEGREES);
  // As in a percentile's interval: what a policy holds above the queue of its best mode is no matter of chance.
  const scale = Math.min(waited, 2 * sight.waitSeconds);
  const ceiling = value + scale * (meanCeiling(sight.ofMean, reach) - 1);
  const high = sight.lacks() === null ? Math.max(plain.high, ceiling) : Number.POSITIVE_INFINITY;
  const below = waited * shrink((plain.high - value) / waited);
  const hidden = scale * shrink(reach / Math.sqrt(sight.ofMean));
  return { low: waited > 0 ? value - Math.max(below, hidden) : Math.max(0, plain.low), high };
}

/** The part of a wait that may be too much, where it may be too little by the relative amount `u`: on the scale of a square root both are alike. */
function shrink(u: number): number {
  const root = Math.max(0, 1 - u / 2);
  return 1 - root * root;
}

/** The share of late requests, exact at the limit, decides, or else the percentile's interval, which people see beside the verdict. */
function percentileFinding(late: LateProportion, range: Range, limit: number): Finding {
  if (late.requests === 0) return 'unmeasured';
  if (late.finding === 'more') return 'violated';
  if (late.finding === 'fewer') return 'met';
  return compare(range, limit, 'at most');
}

/** Of the measured part, exact. NaN where nothing finished. */
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

/** Served accuracy is a mixture of two, so its interval is that of the share of requests that burst mode touched. */
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
  // A queue that grows never lets a policy rest: what it costs in accuracy already, it goes on costing.
  const lasts =
    finding !== 'met' && finding !== 'violated' && value < limit && accuracy.base >= limit && grows(evidence);
  return { value, range, finding: lasts ? 'violated' : finding };
}

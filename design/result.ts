import type { Caveat } from './caveat.ts';
import type { Bound, ModelCost } from './cost.ts';
import type { Origin } from './origin.ts';
import type { Slo } from './scenario.ts';

/** `undecided`: the run ended before the confidence that was asked for was reached. */
export type Verdict = 'met' | 'violated' | 'undecided';

/** A value and the range that holds the true one with `confidence`. NaN where nothing was measured. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/** Mean seconds that a request spent on each; they add up to its mean latency. */
export interface LatencyBreakdown {
  /** Waiting while the chips served others. */
  readonly queueSeconds: number;
  /** Waiting for a batch to fill. */
  readonly batchingSeconds: number;
  /** The arrays standing still while they change mode. */
  readonly switchSeconds: number;
  /** Service, split by the stage that bounds each layer. */
  readonly serviceSecondsByBound: Readonly<Record<Bound, number>>;
  /** Over the requests that missed their limit alone; otherwise over all. */
  readonly ofLate?: true;
}

/**
 * Why a verdict is undecided.
 * `straddles`: the limit lies within the interval.
 * `rising`: the interval lies within the limit, but latency rose along the run, so that another run as long would pass it.
 * `short-run`: the run is too short beside the memory of its queue, so the interval has no upper end.
 * `few-bursts`: the run saw too few bursts of `bursty` traffic.
 * `part-of-a-period`: the run does not cover whole periods of `diurnal` traffic.
 * `unbounded-maximum`: the largest latency of endless random traffic has no bound.
 * `unmeasured`: nothing finished, or the model states no such figure.
 * `caveat`: the run decided the objective, but a caveat could change the verdict.
 */
export const undecidedReasons = [
  'straddles',
  'rising',
  'short-run',
  'few-bursts',
  'part-of-a-period',
  'unbounded-maximum',
  'unmeasured',
  'caveat',
] as const;
export type UndecidedReason = (typeof undecidedReasons)[number];

/**
 * More requests arrive than the chips can complete at best, in the long run or at the peak of each period of the traffic: no run decides more,
 * whatever its length.
 */
export interface Overload {
  /** Requests per second of the serves that share the queue; at the peak, if there is a period. */
  readonly offeredRps: number;
  /** The most that the chips can complete of that mix: every request in its best batch and mode. */
  readonly saturationRps: number;
  /** The period of the traffic, if only its peak overloads the chips. */
  readonly periodSeconds?: number;
}

/** How much of a serve's recorded requests a figure was measured over. */
export interface RecordingExtent {
  readonly measuredRequests: number;
  /** Of the whole recording. */
  readonly recordedRequests: number;
}

export interface SloOutcome {
  readonly slo: Slo;
  readonly verdict: Verdict;
  /** Present where the verdict is `undecided`. */
  readonly undecided?: UndecidedReason;
  /** Present where the reason is `caveat`: the verdict if every caveat is accepted, and the caveats that could change it. */
  readonly open?: { readonly verdict: 'met' | 'violated'; readonly caveats: readonly Caveat[] };
  /** Present where overload alone decides the objective: a latency that grows without end breaks every limit. */
  readonly overload?: Overload;
  /**
   * Present if the traffic is a recording that was replayed. The measured value is then that of the recording itself: `low` and `high` equal it,
   * and a longer run would not change it.
   */
  readonly recording?: RecordingExtent;
  /** In the unit of the limit: seconds, fraction or requests per second. */
  readonly measured: Estimate;
  readonly limit: number;
  /** How far on the wrong side, as a fraction of the limit; negative where there is room. */
  readonly missFraction: number;
  /** Of the requests that missed their limit; of all where none did. null where latency is not the metric. */
  readonly breakdown: LatencyBreakdown | null;
  /** LoadGen's rule beside the verdict, for a percentile of latency. */
  readonly earlyStopping?: EarlyStopping;
}

/**
 * MLPerf LoadGen's early stopping: with `late` queries over the limit a run passes if it has at least `requestsNeeded` in all. It takes
 * queries for independent, which the verdict does not.
 */
export interface EarlyStopping {
  readonly late: number;
  readonly requests: number;
  readonly requestsNeeded: number;
  readonly passes: boolean;
}

/** Percentiles in seconds, exact within `relativeError` of the histogram. */
export interface LatencySummary {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly relativeError: number;
}

/** Cumulative distribution of latency: fraction of the requests that took at most `seconds`. Ascending, at most 512 points. */
export interface Distribution {
  readonly seconds: Float64Array;
  readonly fraction: Float64Array;
}

/** One model's columns over time; one entry a bucket of RunSeries. Latencies are NaN where nothing finished. */
export interface ServeSeries {
  readonly arrived: Float64Array;
  readonly completed: Float64Array;
  /** Completed within the latency limit; all of them where there is none. */
  readonly completedInTime: Float64Array;
  readonly p50Seconds: Float64Array;
  readonly p99Seconds: Float64Array;
  readonly maxSeconds: Float64Array;
  /** Waiting, averaged over the bucket. */
  readonly queued: Float64Array;
  /** Waiting, at the most. */
  readonly maxQueued: Float64Array;
}

/**
 * A column over time, coarser than the buckets: value s covers [s, s + 1) * slotSeconds, the last one perhaps cut short by the run's end.
 * NaN where nothing finished.
 */
export interface SlotColumn {
  readonly slotSeconds: number;
  readonly values: Float64Array;
}

export interface ServeResult {
  readonly name: string;
  readonly model: string;
  readonly origin: Origin;
  readonly arrivalsOrigin: Origin;
  /** Arrivals per second while requests arrived; the time until the queue is empty does not count. NaN without arrivals. */
  readonly offeredRps: number;
  readonly completedRps: number;
  readonly goodputRps: number;
  readonly counts: RequestCounts;
  /** Requests that were completed and that the statistics leave out, because they arrived during the warm-up. */
  readonly warmupRequests: number;
  readonly latency: LatencySummary;
  readonly breakdown: LatencyBreakdown;
  /** Mean requests in a batch. */
  readonly meanBatch: number;
  /** A mixture over the requests, each counted with the lowest precision that touched it; null where the model states none. */
  readonly accuracy: number | null;
  readonly accuracyMetric: string | null;
  /** Fraction of the finished requests that were computed, wholly or partly, in burst mode. */
  readonly burstShare: number;
  readonly energyJoulesPerRequest: number | null;
  readonly slos: readonly SloOutcome[];
  readonly distribution: Distribution;
  readonly series: ServeSeries;
  /** `accuracy` of the requests that finished in each slot; absent where that is null. */
  readonly accuracyOverTime?: SlotColumn;
}

/** arrived = completed + queued + running + dropped, checked on every run. */
export interface RequestCounts {
  readonly arrived: number;
  readonly completed: number;
  readonly queued: number;
  readonly running: number;
  readonly dropped: number;
}

/** What a chip does. The numbers are the values of `kind` columns. */
export const activities = ['idle', 'base', 'burst', 'switching', 'quantizing'] as const;
export type Activity = (typeof activities)[number];

/** Seconds per activity over the whole run, exact. `quantizing` is burst compute that the quantization unit held up or went along with. */
export type ActivityTotals = Readonly<Record<Activity, number>>;

/** What happened on the chips. Exact totals; shares per bucket for the whole run; every segment inside a window. */
export interface Timeline {
  readonly chips: number;
  readonly totals: readonly ActivityTotals[];
  /** shares[(chip * buckets + bucket) * activities.length + activity], each 0..1, over equal buckets of the run. */
  readonly overview: { readonly buckets: number; readonly bucketSeconds: number; readonly shares: Float32Array };
  /** Every segment that touches [windowStart, windowEnd), ascending by start; columns of one length. Idle is what no segment covers. */
  readonly segments: TimelineSegments;
  /** Mode changes: the first ones up to the budget, and how many there were in all. */
  readonly switches: {
    readonly total: number;
    readonly startSeconds: Float64Array;
    readonly toBurst: Uint8Array;
    readonly chip: Uint16Array;
  };
}

export interface TimelineSegments {
  readonly windowStartSeconds: number;
  readonly windowEndSeconds: number;
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  readonly chip: Uint16Array;
  /** Index into `activities`. */
  readonly activity: Uint8Array;
  /** Index into the scenario's serves; 65535 where the segment belongs to none (a switch). */
  readonly serve: Uint16Array;
  readonly batchSize: Uint16Array;
  /** Layers first..last of the model, inclusive. */
  readonly firstLayer: Uint16Array;
  readonly lastLayer: Uint16Array;
  /**
   * Number of the batch that the segment belongs to, counted from 1 by the start of service; 0 where it belongs to none. Like the
   * requests that were served inside the window, present where a window was asked for.
   */
  readonly batch?: Uint32Array;
  readonly requests?: TimelineRequests;
}

/**
 * Requests whose service touches a window, ascending by the end of service; columns of one length. A request's time is arrival to start
 * (waiting: `fillSeconds` of it with a chip free, for its batch to fill) and start to end (service: `switchSeconds` of it with the arrays
 * standing still to change mode).
 */
export interface TimelineRequests {
  readonly windowStartSeconds: number;
  /** Ends before the window that was asked for where the budget of requests was spent. */
  readonly windowEndSeconds: number;
  /** Index into the scenario's serves. */
  readonly serve: Uint16Array;
  readonly arrivalSeconds: Float64Array;
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  readonly fillSeconds: Float64Array;
  readonly switchSeconds: Float64Array;
  /** As in the segments. */
  readonly batch: Uint32Array;
  readonly batchSize: Uint16Array;
  readonly chip: Uint16Array;
}

/** One simulated run: a scenario, or one variant of it, at one seed. Columns have a fixed budget whatever the run's length. */
export interface RunResult {
  readonly label: string;
  readonly npu: string;
  readonly scheduler: string;
  readonly seed: number;
  readonly seconds: number;
  /** Start of what the statistics count. */
  readonly warmupSeconds: number;
  readonly serves: readonly ServeResult[];
  readonly timeline: Timeline;
  /** Equal buckets over the run: bucket b covers [b, b + 1) * bucketSeconds. */
  readonly series: { readonly buckets: number; readonly bucketSeconds: number };
  /** Joules over seconds, all chips; null without energy figures. */
  readonly averageWatts: number | null;
  /** Power of all chips; what a batch took is counted where it ends. Absent where `averageWatts` is null. */
  readonly wattsOverTime?: SlotColumn;
  /** All that was guessed, left out or cut on the way to this result; shown beside its verdicts. */
  readonly caveats: readonly Caveat[];
  /** Sentences: what the file states where the program would otherwise guess, and the caveats that it accepts. Absent: nothing. */
  readonly statedInputs?: readonly string[];
}

/** What a scenario's simulation says. Verdicts are those of `main`. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly origin: Origin;
  readonly main: RunResult;
  readonly variants: readonly RunResult[];
  /** Per served model in base and, where there is one, burst mode, batch 1, steady state. */
  readonly layers: readonly ModelCost[];
}

import type { ChipArea } from './area.ts';
import type { Caveat } from './caveat.ts';
import type { Bound, Mode, ModelCost } from './cost.ts';
import type { ServeIntervals } from './measured-intervals.ts';
import type { MemoryNames } from './npu.ts';
import type { Origin } from './origin.ts';
import type { Slo } from './scenario.ts';
import type { TokenCause, TokenCauses } from './token-causes.ts';

/** `undecided`: the run ended before it reached the required confidence. */
export type Verdict = 'met' | 'violated' | 'undecided';

/** A value and its confidence interval: the range that contains the true value with probability `confidence`. NaN if nothing was measured. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/** Mean seconds that a request spent on each part. The parts add up to its mean latency. */
export interface LatencyBreakdown {
  /** Waiting while the chips served other requests. */
  readonly queueSeconds: number;
  /** Waiting for a batch to fill. */
  readonly batchingSeconds: number;
  /** The arrays are idle during a switch. */
  readonly switchSeconds: number;
  /** Service, split by the stage that bounds each layer. */
  readonly serviceSecondsByBound: Readonly<Record<Bound, number>>;
  /** The names of the memories of the chip. Default: HBM, and no unified buffer. */
  readonly memories?: MemoryNames;
  /** Of a language model: steps before the first token, and after it. All other parts except queueing are then 0. */
  readonly steps?: {
    readonly prefillSeconds: number;
    readonly decodeSeconds: number;
    /** The same time and the queueing, divided by cause. */
    readonly causes?: TokenCauses;
  };
  /** Set if the means cover only the requests above their limit. Otherwise they cover all requests. */
  readonly ofLate?: true;
}

/**
 * Why a verdict is undecided.
 * `straddles`: the limit lies within the interval.
 * `rising`: the interval is within the limit, but latency rose during the run, so another run of the same length would exceed the limit.
 * `short-run`: the run is too short compared with the memory of its queue, so the interval has no upper end.
 * `few-bursts`: the run saw too few bursts of `bursty` traffic.
 * `part-of-a-period`: the run does not consist of whole periods of `diurnal` traffic.
 * `unbounded-maximum`: the traffic has no end, so a later request can take longer than all requests of the run.
 * `unmeasured`: nothing finished, or the model does not state the value.
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
 * More requests arrive than the chips can complete at best, in the long run, at the peak of each period of the traffic, or in its bursts: no run decides more,
 * whatever its length.
 */
export interface Overload {
  /** Requests per second of the serves that share the queue; at the peak, if there is a period. */
  readonly offeredRps: number;
  /** The highest sustainable rate of that mix, with every request in its best batch and mode. */
  readonly saturationRps: number;
  /** The period of the traffic, if only its peak overloads the chips. */
  readonly periodSeconds?: number;
  /** Present if only the bursts of the traffic overload the chips. */
  readonly inBursts?: true;
}

/**
 * Requests arrived faster than the chips completed them, in a whole run and by more than chance explains. Latency then measures the length of the
 * run, not the chip. Both rates are requests per second of one serve, up to its last arrival.
 */
export interface Backlog {
  readonly arrivedRps: number;
  readonly completedRps: number;
}

/** The number of recorded requests of a serve that a value was measured over. */
export interface RecordingExtent {
  readonly measuredRequests: number;
  /** The number of requests in the whole recording. */
  readonly recordedRequests: number;
}

export interface SloOutcome {
  readonly slo: Slo;
  readonly verdict: Verdict;
  /** Present if the verdict is `undecided`. */
  readonly undecided?: UndecidedReason;
  /** Present if the reason is `caveat`: the verdict if every caveat is accepted, and the caveats that could change it. */
  readonly open?: { readonly verdict: 'met' | 'violated'; readonly caveats: readonly Caveat[] };
  /** Present if overload alone decides the objective: a latency that grows without end violates every limit. */
  readonly overload?: Overload;
  /** Present if a latency objective is violated in a run whose queue grew until the end. Absent for recordings: their latency is exact. */
  readonly backlog?: Backlog;
  /**
   * Present if the traffic is a replayed recording. The measured value is then exact for the recording: `low` and `high` are equal to it, and a
   * longer run would not change it.
   */
  readonly recording?: RecordingExtent;
  /** In the unit of the limit: seconds, fraction or requests per second. */
  readonly measured: Estimate;
  readonly limit: number;
  /** Distance to the limit as a fraction of the limit: positive on the wrong side, negative on the right side. */
  readonly missFraction: number;
  /** The breakdown of the requests above their limit, or of all requests if there are none. null if the metric is not latency. */
  readonly breakdown: LatencyBreakdown | null;
  /** The result of LoadGen's rule, for comparison. Only for a percentile of latency. */
  readonly earlyStopping?: EarlyStopping;
}

/**
 * MLPerf LoadGen's early stopping: with `late` queries above the limit, a run passes if it has at least `requestsNeeded` queries. The rule
 * assumes independent queries; the verdict does not.
 */
export interface EarlyStopping {
  readonly late: number;
  readonly requests: number;
  readonly requestsNeeded: number;
  readonly passes: boolean;
}

/** Percentiles in seconds. Their relative error is at most `relativeError`, the resolution of the histogram. */
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

/** Cumulative distribution of latency: the fraction of requests that took at most `seconds`. Ascending, at most 512 points. */
export interface Distribution {
  readonly seconds: Float64Array;
  readonly fraction: Float64Array;
}

/** The columns of one model over time, with one entry for each bucket. Latencies are NaN in buckets in which nothing finished. */
export interface ServeSeries {
  readonly arrived: Float64Array;
  readonly completed: Float64Array;
  /** Completed within the latency limit. Equal to `completed` if there is no limit. */
  readonly completedInTime: Float64Array;
  readonly p50Seconds: Float64Array;
  readonly p99Seconds: Float64Array;
  readonly maxSeconds: Float64Array;
  /** Waiting requests, averaged over the bucket. */
  readonly queued: Float64Array;
  /** The largest number of waiting requests in the bucket. */
  readonly maxQueued: Float64Array;
}

/**
 * A column over time, coarser than the buckets. Value s covers [s, s + 1) * slotSeconds; the end of the run can shorten the last slot. NaN in
 * slots in which nothing finished.
 */
export interface SlotColumn {
  readonly slotSeconds: number;
  readonly values: Float64Array;
}

/** The result of a language model beside that of its requests. Token counts and rates are those of the measured part. */
export interface TokenResult {
  /** From arrival to the first token. */
  readonly ttft: LatencySummary;
  /** (last token - first token) / (tokens - 1), of the requests with two or more tokens. */
  readonly tpot: LatencySummary;
  /** Prompt and output tokens of the finished requests, per second. */
  readonly inputTokensPerSecond: number;
  readonly outputTokensPerSecond: number;
  /** Of the whole run: steps by mode, and sequences that lost their blocks and started again. */
  readonly steps: { readonly base: number; readonly burst: number };
  readonly preemptions: number;
  /** Tokens that needed no computation, because their blocks were in the KV cache. Of the whole run, prompts and answers. */
  readonly cachedTokens: number;
  /** The share of the output tokens that steps in burst mode produced. */
  readonly burstTokenShare: number;
  /** Mean running sequences, over time. */
  readonly meanRunning: number;
  readonly kv: KvUse;
  /** The chips that divide the network and work on each step together. */
  readonly chips: number;
  /** Present if the chip has figures of energy, and the energy of this run is still unknown: what has no figure. */
  readonly noEnergyOf?: 'link' | 'attention unit';
  readonly kvOverTime: SlotColumn;
  readonly series: TokenSeries;
}

/** The columns of a language model over time, with one entry for each bucket of the run. */
export interface TokenSeries {
  /** Of the requests that got their first token in a bucket, and of those that got their last one. */
  readonly ttft: TimePercentiles;
  readonly tpot: TimePercentiles;
  /** Counts of each bucket. A step that crosses a border can count in parts. */
  readonly steps: Float64Array;
  /** Tokens of prompts that the steps computed, including those that are computed again after a preemption. */
  readonly prefillTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** Whole numbers. */
  readonly preemptions: Float64Array;
}

/** NaN in buckets without a value. */
export interface TimePercentiles {
  readonly p50Seconds: Float64Array;
  readonly p99Seconds: Float64Array;
}

/** The use of the KV cache. */
export interface KvUse {
  /** Blocks that sequences can use. */
  readonly blocks: number;
  readonly blockTokens: number;
  /** Fractions of the blocks, over time. */
  readonly meanFraction: number;
  readonly maxFraction: number;
}

export interface ServeResult {
  readonly name: string;
  readonly model: string;
  readonly origin: Origin;
  readonly arrivalsOrigin: Origin;
  /** Arrivals per second, without the time after the last arrival until the queue is empty. NaN without arrivals. */
  readonly offeredRps: number;
  readonly completedRps: number;
  readonly goodputRps: number;
  /** Present if the queue grew in this run by more than chance explains, or certainly grows in a longer one. */
  readonly backlog?: Backlog;
  readonly counts: RequestCounts;
  /** Completed requests that the statistics exclude, because they arrived during the warm-up. */
  readonly warmupRequests: number;
  readonly latency: LatencySummary;
  readonly breakdown: LatencyBreakdown;
  /** Mean number of requests in a batch. */
  readonly meanBatch: number;
  /** The mean over the requests. Each counts with the lowest precision that computed any part of it. null if the model states no accuracy. */
  readonly accuracy: number | null;
  readonly accuracyMetric: string | null;
  /** Fraction of the finished requests that were computed completely or partly in burst mode. */
  readonly burstShare: number;
  readonly energyJoulesPerRequest: number | null;
  readonly slos: readonly SloOutcome[];
  readonly distribution: Distribution;
  readonly series: ServeSeries;
  /** `accuracy` of the requests that finished in each slot. Absent if `accuracy` is null. */
  readonly accuracyOverTime?: SlotColumn;
  /** Present for a language model. */
  readonly tokens?: TokenResult;
  /** Only if the caller asked for them. `exact`: a replayed recording, whose values have no other ends. */
  readonly intervals?: ServeIntervals | 'exact';
}

/** arrived = completed + queued + running + dropped. Every run checks this. */
export interface RequestCounts {
  readonly arrived: number;
  readonly completed: number;
  readonly queued: number;
  readonly running: number;
  readonly dropped: number;
}

/** The activities of a chip. Their indices are the values of `activity` columns. */
export const activities = ['idle', 'base', 'burst', 'switching', 'quantizing'] as const;
export type Activity = (typeof activities)[number];

/** Exact seconds per activity over the whole run. `quantizing` is burst compute during which the quantization unit worked or caused a delay. */
export type ActivityTotals = Readonly<Record<Activity, number>>;

/** The activities of the chips: exact totals, shares per bucket for the whole run, and every segment inside a window. */
export interface Timeline {
  readonly chips: number;
  readonly totals: readonly ActivityTotals[];
  /** shares[(chip * buckets + bucket) * activities.length + activity], each 0..1, over equal buckets of the run. */
  readonly overview: { readonly buckets: number; readonly bucketSeconds: number; readonly shares: Float32Array };
  /** Every segment that touches [windowStart, windowEnd), ascending by start. All columns have one length. Time without a segment is idle. */
  readonly segments: TimelineSegments;
  /** The first switches, up to the budget, and the total number of switches. */
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
  /** Index into the scenario's serves. 65535 if the segment belongs to no serve (a switch). */
  readonly serve: Uint16Array;
  readonly batchSize: Uint16Array;
  /** Layers first..last of the model, inclusive. */
  readonly firstLayer: Uint16Array;
  readonly lastLayer: Uint16Array;
  /**
   * Number of the segment's batch, counted from 1 by start of service. 0 if the segment belongs to no batch. This column and `requests` are
   * present only if the caller requested a window.
   */
  readonly batch?: Uint32Array;
  readonly requests?: TimelineRequests;
}

/**
 * Requests whose service touches a window, ascending by end of service. All columns have one length. A request waits from arrival to start; for
 * `fillSeconds` of that time a chip was free and the batch was filling. Its service is from start to end; for `switchSeconds` of that time the
 * arrays were idle during a switch.
 */
export interface TimelineRequests {
  readonly windowStartSeconds: number;
  /** Earlier than the end of the requested window if the budget of requests was exhausted. */
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
  /** Present for a language model. A request then has a number in place of a batch. */
  readonly tokens?: TokenRequests;
}

/** What a language model did for each request of a window. All columns have one length. */
export interface TokenRequests {
  readonly firstSeconds: Float64Array;
  readonly inputTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  /** How often the request lost its blocks. */
  readonly preemptions: Uint32Array;
  /** Seconds by cause: until the service starts, until the first token, and until the last one. */
  readonly queue: TokenCauseColumns;
  readonly prefill: TokenCauseColumns;
  readonly decode: TokenCauseColumns;
}

export type TokenCauseColumns = Readonly<Partial<Record<TokenCause, Float64Array>>>;

/** The chips of one kind of a run with several kinds. They are numbered after the chips of the kinds before it. */
export interface RunChips {
  readonly npu: string;
  readonly chips: number;
  /** The area of one chip. Absent if it states none. */
  readonly area?: ChipArea;
}

/** One simulated run: a scenario or one variant of it, with one seed. Columns have a fixed budget for a run of any length. */
export interface RunResult {
  readonly label: string;
  /** The name of the chip, or the number and the name of each kind. */
  readonly npu: string;
  /** The kinds of chip, two or more. Absent: all chips are equal. */
  readonly kinds?: readonly RunChips[];
  readonly scheduler: string;
  readonly seed: number;
  readonly seconds: number;
  /** The time at which the statistics start. */
  readonly warmupSeconds: number;
  readonly serves: readonly ServeResult[];
  readonly timeline: Timeline;
  /** Equal buckets of the run: bucket b covers [b, b + 1) * bucketSeconds. */
  readonly series: { readonly buckets: number; readonly bucketSeconds: number };
  /** Energy divided by time, for all chips together. null without energy constants. */
  readonly averageWatts: number | null;
  /** The area of one chip. Absent if it states none, or if there are several kinds. */
  readonly area?: ChipArea;
  /** Power of all chips. The energy of a batch counts in the slot in which it ends. Absent if `averageWatts` is null. */
  readonly wattsOverTime?: SlotColumn;
  /** Everything that was guessed, left out or cut for this result. Shown next to its verdicts. */
  readonly caveats: readonly Caveat[];
  /** Sentences: what the file states where the program would otherwise guess, and the caveats that it accepts. Absent: nothing. */
  readonly statedInputs?: readonly string[];
}

/** One step of a language model, for a roofline. */
export interface StepPoint {
  readonly mode: Mode;
  readonly kind: 'prefill' | 'decode';
  readonly tokens: number;
  readonly sequences: number;
  readonly macs: number;
  readonly offChipBytes: number;
  readonly seconds: number;
}

/** The result of a scenario's simulation. Its verdicts are those of `main`. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly origin: Origin;
  readonly main: RunResult;
  readonly variants: readonly RunResult[];
  /** For each served model: base mode and, if the chip has it, burst mode; batch 1, steady state. */
  readonly layers: readonly ModelCost[];
  /** Of a language model: a step of prompts and a step that decodes, as in the mean of `main`, in each mode. */
  readonly steps?: readonly StepPoint[];
}

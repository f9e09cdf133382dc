import type { Caveat } from './caveat.ts';
import type { Bound } from './cost.ts';
import type { MemoryNames } from './npu.ts';
import type { Slo } from './scenario.ts';
import type { TokenCauses } from './token-causes.ts';

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
 * `straddles`: the interval includes the limit.
 * `rising`: the interval is within the limit, but latency rose during the run, so another run of the same length would exceed the limit.
 * `short-run`: the run is too short compared with the memory of its queue, so the interval has no upper end.
 * `few-bursts`: the run saw too few bursts of `bursty` traffic.
 * `part-of-a-period`: the run does not consist of whole periods of `diurnal` traffic.
 * `unbounded-maximum`: the traffic has no end, so a later request can take longer than all requests of the run.
 * `drawn-tokens`: as `straddles`, and no run is longer, because a trace ends whose requests draw their tokens.
 * `trace-ends`: as `straddles`, and no run is longer, because a trace ends beside other traffic.
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
  'drawn-tokens',
  'trace-ends',
  'unmeasured',
  'caveat',
] as const;
export type UndecidedReason = (typeof undecidedReasons)[number];

/**
 * More requests arrive than the chips can complete at best, in the long run, at the peak of each period of the traffic, or in its bursts. A longer run
 * cannot decide more.
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
  /** Present for `short-run`, `few-bursts` and `part-of-a-period`: no run of fewer seconds can decide the objective. */
  readonly needsSeconds?: number;
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

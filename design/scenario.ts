import type { Caveat, CaveatCode } from './caveat.ts';
import type { Model } from './model.ts';
import type { Npu } from './npu.ts';
import type { Origin } from './origin.ts';
import type { PromptHashes, SequenceServing } from './sequences.ts';

/** Time units of a trace: the number of units in one second. */
export const traceUnits = { ns: 1e9, us: 1e6, ms: 1e3, s: 1, min: 1 / 60, h: 1 / 3600, d: 1 / 86_400 } as const;
export type TraceUnit = keyof typeof traceUnits;

/** The properties of a trace that the file states. The reader recognizes absent ones. */
export interface TraceOptions {
  /** Name of the time column, or its number, counted from 1. */
  readonly column?: string;
  readonly unit?: TraceUnit;
  /** Whether the values are times between requests. */
  readonly gaps?: boolean;
  /** Whether the times are ends of requests, from which their durations are subtracted. */
  readonly ends?: boolean;
  /** Whether rows with the same coarse time are spread evenly over its interval. */
  readonly spread?: boolean;
  /** Whether the user accepts that rows without a time are left out. */
  readonly skip?: boolean;
  /** `COLUMN=VALUE`: only rows with that value count. */
  readonly where?: string;
  /** Tokens of a block that one hash identifies. */
  readonly blockTokens?: number;
}

/** A recording of arrivals. */
export interface RecordedTrace {
  /** Seconds since the first arrival, ascending. */
  readonly timesSeconds: Float64Array;
  /** The time of the first arrival on `clock`. */
  readonly startSeconds?: number;
  readonly clock?: TraceClock;
  /**
   * The step of the clock that wrote the times: each request may have arrived up to so much later. Absent: unknown, or the file states that the times are exact, or
   * there is a caveat about it already.
   */
  readonly stepSeconds?: number;
  /** Tokens of each request. NaN if a row has none. Exact up to 2^24. Only language models use them. */
  readonly promptTokens?: Float32Array;
  readonly outputTokens?: Float32Array;
  readonly promptHashes?: PromptHashes;
  /** What the reader guessed or left out. Absent if every row was understood. */
  readonly caveats?: readonly Caveat[];
  /** What the file states about it and what that did, each a clause without a full stop; absent: nothing. */
  readonly stated?: readonly string[];
}

/**
 * What the times of a recording count from: 1970, 1970 in a time zone that the file does not state, midnight of one day, or anything that only the
 * rows of one file share. Recordings with the same clock keep their offset in a scenario. Dates without a zone are read as UTC. Absent: 1970.
 */
export type TraceClock = 'utc' | 'local' | 'day' | 'file';

/** The arrival process of requests. Rates are requests per second. */
export type Arrivals =
  | { readonly kind: 'poisson'; readonly ratePerSecond: number; readonly origin: Origin }
  | { readonly kind: 'constant'; readonly ratePerSecond: number; readonly origin: Origin }
  /** Markov-modulated Poisson process with two states. The time in each state is exponential with the stated mean. */
  | {
      readonly kind: 'bursty';
      readonly lowRatePerSecond: number;
      readonly highRatePerSecond: number;
      readonly meanLowSeconds: number;
      readonly meanHighSeconds: number;
      readonly origin: Origin;
    }
  /** rate(t) = mean * (1 + amplitude * sin(2 pi t / period)), 0 <= amplitude <= 1. */
  | {
      readonly kind: 'diurnal';
      readonly ratePerSecond: number;
      readonly amplitude: number;
      readonly periodSeconds: number;
      readonly origin: Origin;
    }
  /** MLPerf LoadGen's server schedule. `seed` is a decimal 64-bit number. */
  | { readonly kind: 'loadgen'; readonly ratePerSecond: number; readonly seed: string; readonly origin: Origin }
  /**
   * A closed loop. Each of the clients sends a query of some requests, waits until all of them are done, thinks, and sends the next query. More
   * than one client only with queries of one request.
   */
  | {
      readonly kind: 'closed';
      readonly clients: number;
      readonly requestsPerQuery: number;
      readonly thinkSeconds: number;
      readonly origin: Origin;
    }
  /** Times since the first request, ascending, already divided by the speed-up. */
  | {
      readonly kind: 'trace';
      /** The file as written. For `offline`, the arrivals as written. */
      readonly path: string;
      /** Whether this is no file: a number of requests that all arrive at the start. */
      readonly offline?: boolean;
      readonly speedup: number;
      readonly timesSeconds: Float64Array;
      readonly origin: Origin;
      /** What the reader guessed or left out. Absent if every row was understood. */
      readonly caveats?: readonly Caveat[];
      /** What the file states about the recording, each a clause without a full stop; absent: nothing. */
      readonly stated?: readonly string[];
      /** The time of the first arrival on `clock`, before the speed-up. */
      readonly startSeconds?: number;
      readonly clock?: TraceClock;
      /** The step of the clock of the recording, divided by the speed-up like the times. */
      readonly stepSeconds?: number;
      /** Tokens of each request. NaN if a row has none. Only language models use them. */
      readonly promptTokens?: Float32Array;
      readonly outputTokens?: Float32Array;
      readonly promptHashes?: PromptHashes;
    };

export interface Batching {
  readonly maxSize: number;
  /** The longest time that the oldest request waits for a batch to fill. With 0, a free chip takes the requests that are waiting. */
  readonly timeoutSeconds: number;
}

export type LatencyStatistic =
  | { readonly kind: 'percentile'; readonly fraction: number }
  | { readonly kind: 'mean' }
  | { readonly kind: 'max' };

/** The time that an objective limits, if it is not the whole latency. TPOT is (last token - first token) / (tokens - 1). */
export type TokenTime = 'ttft' | 'tpot';

/** One objective. `text` is the written text without its indentation, for messages and charts. */
export type Slo =
  | {
      readonly metric: 'latency';
      /** The time from arrival to the first token, or the time of each further token. Absent: from arrival to completion. */
      readonly of?: TokenTime;
      readonly statistic: LatencyStatistic;
      readonly limitSeconds: number;
      readonly text: string;
      readonly origin: Origin;
    }
  /** Minimum of the served accuracy, as a fraction of 1. */
  | { readonly metric: 'accuracy'; readonly limit: number; readonly text: string; readonly origin: Origin }
  /** Minimum of finished requests per second. `goodput` counts only requests that meet all of their limits. */
  | {
      readonly metric: 'throughput' | 'goodput';
      /** The throughput counts the output tokens of finished requests. Absent: requests. */
      readonly of?: 'tokens';
      readonly limitPerSecond: number;
      readonly text: string;
      readonly origin: Origin;
    };

/** The traffic of one model and its objectives. */
export interface Serve {
  /** The label. Default: the model's name. Unique within a scenario. */
  readonly name: string;
  readonly model: Model;
  readonly arrivals: Arrivals;
  /** Of a language model: one request at a time. `sequences` has the limits of its steps. */
  readonly batch: Batching;
  /** Present if the model is open in tokens. */
  readonly sequences?: SequenceServing;
  /** With `order: priority`, requests with larger values go first. */
  readonly priority: number;
  readonly slos: readonly Slo[];
  readonly origin: Origin;
}

export type QueueOrder = 'fifo' | 'edf' | 'sjf' | 'priority';

export type BurstPolicy =
  | { readonly kind: 'never' }
  | { readonly kind: 'always' }
  /** The chip bursts while at least this many requests wait. */
  | { readonly kind: 'queue'; readonly threshold: number }
  /** The paper's policy: burst only if a violation is predicted. The guard is a fraction of the latency limit. */
  | { readonly kind: 'slack'; readonly guardFraction: number; readonly holdSeconds: number }
  /** Uses future arrivals, which no real scheduler can: for comparison. */
  | { readonly kind: 'oracle' };

/** Whether chips stay in one mode: they have no burst mode, or the policy never chooses. */
export function staysInOneMode({
  canBurst,
  burst,
}: {
  readonly canBurst: boolean;
  readonly burst: BurstPolicy;
}): boolean {
  return !canBurst || burst.kind === 'never' || burst.kind === 'always';
}

export interface Scheduler {
  readonly name: string;
  readonly origin: Origin;
  readonly order: QueueOrder;
  readonly burst: BurstPolicy;
  readonly switchAt: 'layer' | 'request';
  /** Whether a more urgent batch may interrupt a running batch between two layers. */
  readonly preemption: 'none' | 'layer';
}

/** A number of equal chips. */
export interface ChipCount {
  readonly npu: Npu;
  readonly chips: number;
}

/** Chips of another kind that share the queue of a scenario. */
export interface OtherChips extends ChipCount {
  readonly origin: Origin;
}

/**
 * A comparison that is simulated in addition to the scenario: another chip or scheduler with the same traffic. A variant that names a chip has as
 * many of it as the scenario has chips of all kinds.
 */
export interface Variant {
  readonly label: string;
  readonly npu: Npu;
  /** Absent: as many as in the scenario. */
  readonly chips?: number;
  /** Absent: all chips of the variant are equal. */
  readonly also?: readonly OtherChips[];
  readonly scheduler: Scheduler;
  readonly origin: Origin;
}

/** `auto` runs until every verdict is decided or the budget of requests is exhausted. */
export type Duration =
  | { readonly kind: 'auto'; readonly maxRequests: number }
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'requests'; readonly count: number };

export interface Scenario {
  /** Caveats that the file accepts: they change no verdict. Absent: none. */
  readonly accepts?: readonly CaveatCode[];
  /** The places where it accepts them. */
  readonly acceptOrigins?: Readonly<Partial<Record<CaveatCode, Origin>>>;
  readonly name: string;
  readonly origin: Origin;
  readonly npu: Npu;
  /** Number of chips of this kind. They share one queue. */
  readonly chips: number;
  /** Chips of other kinds that share the queue, in the order of the file. Absent: none. */
  readonly also?: readonly OtherChips[];
  readonly scheduler: Scheduler;
  readonly serves: readonly Serve[];
  readonly compare: readonly Variant[];
  readonly duration: Duration;
  /** Fraction of the requests at the start of the run that the statistics exclude. */
  readonly warmupFraction: number;
  /** Confidence of the verdicts, e.g. 0.99. */
  readonly confidence: number;
  readonly seed: number;
}

import type { Caveat, CaveatCode } from './caveat.ts';
import type { Model } from './model.ts';
import type { Npu } from './npu.ts';
import type { Origin } from './origin.ts';

/** Units of the times of a trace, in one second. */
export const traceUnits = { ns: 1e9, us: 1e6, ms: 1e3, s: 1, min: 1 / 60, h: 1 / 3600 } as const;
export type TraceUnit = keyof typeof traceUnits;

/** What the language states of a trace. What is absent is recognized. */
export interface TraceOptions {
  /** Name of the column of times; its number, from 1, in a file without a header. */
  readonly column?: string;
  readonly unit?: TraceUnit;
  /** Whether the values are times between requests. */
  readonly gaps?: boolean;
  /** Whether rows that share a coarse time are spread over it. */
  readonly spread?: boolean;
  /** Whether rows without a time are left out on purpose. */
  readonly skip?: boolean;
  /** `COLUMN=VALUE`: only rows with that value count. */
  readonly where?: string;
}

/** A recording of arrivals. */
export interface RecordedTrace {
  /** Seconds since the first arrival, ascending. */
  readonly timesSeconds: Float64Array;
  /** Seconds since 1970 of the first arrival, where the recording has absolute times. */
  readonly startSeconds?: number;
  /** Tokens of each request; NaN where a row has none. Exact up to 2^24. Not used yet. */
  readonly promptTokens?: Float32Array;
  readonly outputTokens?: Float32Array;
  /** What the reader guessed or left out; absent where every row was understood. */
  readonly caveats?: readonly Caveat[];
  /** What the file states about it and what that did, each a clause without a full stop; absent: nothing. */
  readonly stated?: readonly string[];
}

/** When requests come. Rates are requests per second. */
export type Arrivals =
  | { readonly kind: 'poisson'; readonly ratePerSecond: number; readonly origin: Origin }
  | { readonly kind: 'constant'; readonly ratePerSecond: number; readonly origin: Origin }
  /** Markov-modulated Poisson process of two states; sojourns are exponential with the stated means. */
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
  /** Times since the first request, ascending, already divided by the speed-up. */
  | {
      readonly kind: 'trace';
      readonly path: string;
      readonly speedup: number;
      readonly timesSeconds: Float64Array;
      readonly origin: Origin;
      /** What the reader guessed or left out; absent where every row was understood. */
      readonly caveats?: readonly Caveat[];
      /** What the file states about the recording, each a clause without a full stop; absent: nothing. */
      readonly stated?: readonly string[];
      /** Seconds since 1970 of the first arrival, not sped up, where the recording has absolute times. */
      readonly startSeconds?: number;
      /** Tokens of each request; NaN where a row has none. Not used yet. */
      readonly promptTokens?: Float32Array;
      readonly outputTokens?: Float32Array;
    };

export interface Batching {
  readonly maxSize: number;
  /** How long the oldest request waits for a batch to fill; 0: a batch is what waits when a chip is free. */
  readonly timeoutSeconds: number;
}

export type LatencyStatistic =
  | { readonly kind: 'percentile'; readonly fraction: number }
  | { readonly kind: 'mean' }
  | { readonly kind: 'max' };

/** One constraint. `text` is as it was written, without the indent: what a message and a chart call it. */
export type Slo =
  | {
      readonly metric: 'latency';
      readonly statistic: LatencyStatistic;
      readonly limitSeconds: number;
      readonly text: string;
      readonly origin: Origin;
    }
  /** Served accuracy, a fraction of 1, at least. */
  | { readonly metric: 'accuracy'; readonly limit: number; readonly text: string; readonly origin: Origin }
  /** Finished requests per second, at least; `goodput` counts only those within the latency limit. */
  | {
      readonly metric: 'throughput' | 'goodput';
      readonly limitPerSecond: number;
      readonly text: string;
      readonly origin: Origin;
    };

/** One model's traffic, and what is promised for it. */
export interface Serve {
  /** The label, by default the model's name; unique within a scenario. */
  readonly name: string;
  readonly model: Model;
  readonly arrivals: Arrivals;
  readonly batch: Batching;
  /** Larger goes first under `order: priority`. */
  readonly priority: number;
  readonly slos: readonly Slo[];
  readonly origin: Origin;
}

export type QueueOrder = 'fifo' | 'edf' | 'sjf' | 'priority';

export type BurstPolicy =
  | { readonly kind: 'never' }
  | { readonly kind: 'always' }
  /** Burst while at least this many requests wait. */
  | { readonly kind: 'queue'; readonly threshold: number }
  /** The paper's: burst only where a violation is predicted. Guard is a fraction of the latency limit. */
  | { readonly kind: 'slack'; readonly guardFraction: number; readonly holdSeconds: number }
  /** Sees the future: an upper bound, labelled so. */
  | { readonly kind: 'oracle' };

export interface Scheduler {
  readonly name: string;
  readonly origin: Origin;
  readonly order: QueueOrder;
  readonly burst: BurstPolicy;
  readonly switchAt: 'layer' | 'request';
  /** Whether a more urgent batch may interrupt a running one at a layer border. */
  readonly preemption: 'none' | 'layer';
}

/** What is simulated beside the scenario itself: another chip or another scheduler under the same traffic. */
export interface Variant {
  readonly label: string;
  readonly npu: Npu;
  readonly scheduler: Scheduler;
  readonly origin: Origin;
}

/** `auto` runs until every verdict is decided or the request budget is spent. */
export type Duration =
  | { readonly kind: 'auto'; readonly maxRequests: number }
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'requests'; readonly count: number };

export interface Scenario {
  /** Caveats that the file accepts: they change no verdict. Absent: none. */
  readonly accepts?: readonly CaveatCode[];
  readonly name: string;
  readonly origin: Origin;
  readonly npu: Npu;
  /** Identical chips behind one queue. */
  readonly chips: number;
  readonly scheduler: Scheduler;
  readonly serves: readonly Serve[];
  readonly compare: readonly Variant[];
  readonly duration: Duration;
  /** Fraction of the requests, from the first, that statistics leave out. */
  readonly warmupFraction: number;
  /** Confidence of the verdicts, e.g. 0.99. */
  readonly confidence: number;
  readonly seed: number;
}

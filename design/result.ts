import type { ChipArea } from './area.ts';
import type { Caveat } from './caveat.ts';
import type { Mode, ModelCost } from './cost.ts';
import type { ServeIntervals } from './measured-intervals.ts';
import type { Backlog, LatencyBreakdown, SloOutcome } from './objective-outcome.ts';
import type { Origin } from './origin.ts';
import type { Timeline } from './timeline.ts';

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
  /** The share of the output tokens that steps in burst mode produced, or that read keys and values in the format of burst mode. */
  readonly burstTokenShare: number;
  /** Mean running sequences, over time. */
  readonly meanRunning: number;
  readonly kv: KvUse;
  /** The chips that divide the network and work on each step together. */
  readonly chips: number;
  /** The part without a figure. Present if the chip has figures of energy and the energy of this run is still unknown. */
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
  /** Fractions of the memory for blocks, over time. */
  readonly meanFraction: number;
  readonly maxFraction: number;
  /** Present if steps in burst mode write another format. `blocks` are those that fit if all have the format of base mode. */
  readonly burst?: {
    /** The blocks that fit if all have the format of burst mode. */
    readonly blocks: number;
    /** The fraction of the memory that blocks of this format use, over time. */
    readonly meanFraction: number;
  };
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
  /** Only if the caller requested them. `exact`: a replayed recording, whose values have no other ends. */
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

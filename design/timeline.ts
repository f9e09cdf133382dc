import type { TokenCause } from './token-causes.ts';

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
  /** The steps that computed the prompt: the number of its chunks. */
  readonly chunks: Uint32Array;
  /** How often the request lost its blocks. */
  readonly preemptions: Uint32Array;
  /** Seconds by cause: until the service starts, until the first token, and until the last one. */
  readonly queue: TokenCauseColumns;
  readonly prefill: TokenCauseColumns;
  readonly decode: TokenCauseColumns;
}

export type TokenCauseColumns = Readonly<Partial<Record<TokenCause, Float64Array>>>;

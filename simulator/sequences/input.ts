import type { RequestCauses } from './request-causes.ts';
import type { StepCost } from './step-cost.ts';
import type { StepSpans } from './step-spans.ts';

/**
 * The identities of the full blocks of each prompt. An identity identifies the tokens of a block and all tokens before it,
 * so equal identities are a shared prefix. Request r has identities[starts[r]] to identities[starts[r + 1] - 1].
 */
export interface PromptBlocks {
  readonly identities: Int32Array;
  /** One more than there are requests. */
  readonly starts: Int32Array;
}

/** Requests as columns, in the order of their arrival. */
export interface SequenceRequests {
  /** Whole nanoseconds, ascending. */
  readonly arrivalNanoseconds: Float64Array;
  /** Prompt tokens of each request, 1 or more. */
  readonly inputTokens: Int32Array;
  /** Tokens that each request produces, 1 or more. */
  readonly outputTokens: Int32Array;
  /** null: no two prompts share a prefix, except `sharedTokens`. */
  readonly promptBlocks: PromptBlocks | null;
  /** Tokens at the start of each prompt that are equal in all requests. Only without `promptBlocks`. Absent: none. */
  readonly sharedTokens?: number;
}

/** The memory of a block of each format, in whole units. */
export interface BlockUnits {
  readonly base: number;
  readonly burst: number;
}

/** The settings of the scheduler. The comments name the settings of vLLM. */
export interface SequenceLimits {
  /** Sequences that run at the same time (max_num_seqs). */
  readonly sequences: number;
  /** New tokens of one step (max_num_batched_tokens). */
  readonly tokens: number;
  /** New tokens of one prompt in one step (long_prefill_token_threshold). 0: no such limit. */
  readonly longestChunk: number;
  /** Whether a prompt can be divided among steps (enable_chunked_prefill). */
  readonly chunked: boolean;
  /** KV blocks, with the null block (num_gpu_blocks). With `blockUnits`: units of memory, with the null block as one unit. */
  readonly blocks: number;
  /** The memory of a block that a step in base mode takes, and of one that a step in burst mode takes. Absent: all blocks are equal. */
  readonly blockUnits?: BlockUnits;
  /** Tokens of one block (block_size). */
  readonly blockTokens: number;
  /** Whether sequences find cached blocks (enable_prefix_caching). */
  readonly prefixCaching: boolean;
  /** Whether blocks for the whole input must be free when a sequence is admitted (scheduler_reserve_full_isl). */
  readonly wholeInput: boolean;
  /** Whether a step is planned while the step before it runs (async_scheduling). */
  readonly lookAhead: boolean;
}

export interface SequenceInput {
  readonly requests: SequenceRequests;
  readonly limits: SequenceLimits;
  readonly cost: StepCost;
  /** The dynamic energy of a step: `picoseconds` are picojoules. Its tables have the same grid as those of `cost`. Absent: not counted. */
  readonly energy?: StepCost;
  /** The interval of the samples of KV occupancy, in whole nanoseconds. 0: no samples. */
  readonly sampleNanoseconds: number;
  /** Whether the run also returns what happened between arrival and first token, and in which mode. Absent: no. */
  readonly observes?: boolean;
}

/** The result of a run. Columns have one value for each request. */
export interface SequenceRun {
  /** When the first token of each request was produced, in whole nanoseconds (rounded down). NaN: dropped. */
  readonly firstTokenNanoseconds: Float64Array;
  readonly lastTokenNanoseconds: Float64Array;
  /** The end of the last step. */
  readonly endNanoseconds: number;
  /** Steps with at least one sequence. */
  readonly steps: number;
  /** Sequences that lost their blocks and started again. */
  readonly preemptions: number;
  /** Requests that never fit into the KV cache, or into one step without chunks. */
  readonly dropped: number;
  /** Prompt and output tokens whose computation was saved by cached blocks. */
  readonly cachedTokens: number;
  /** Blocks in use and running and waiting sequences at each sample, from time 0. Empty without samples. */
  readonly samples: SequenceSamples;
  /** Present if the input has `observes`. */
  readonly observed?: SequenceObservations;
}

/** Columns have one value for each request. */
export interface SequenceObservations {
  /** When each request was admitted for the first time, in whole nanoseconds. NaN: dropped. */
  readonly admittedNanoseconds: Float64Array;
  /** Output tokens that depend on burst mode: of its steps, or with some of their keys and values in its format. */
  readonly burstTokens: Int32Array;
  /** How often each request was preempted. */
  readonly preemptions: Int32Array;
  /** The steps that computed the prompt of each request, until its first token. */
  readonly chunks: Int32Array;
  readonly burstSteps: number;
  readonly spans: StepSpans;
  /** Absent with look-ahead. */
  readonly causes?: RequestCauses;
}

export interface SequenceSamples {
  /** The time from one sample to the next. */
  readonly intervalNanoseconds: number;
  readonly usedBlocks: Int32Array;
  /** Those in the format of burst mode. As `usedBlocks`, in units of memory if the blocks of the two modes differ. */
  readonly burstBlocks: Int32Array;
  readonly running: Int32Array;
  readonly waiting: Int32Array;
  readonly progress: StepProgress;
}

/** Counts since the start of the run at each sample, and one more value at its end. */
export interface StepProgress {
  readonly steps: Float64Array;
  /** Tokens of prompts, including those that are computed again after a preemption. */
  readonly prefillTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly preemptions: Float64Array;
  /** Dynamic energy. 0 if it is not counted. */
  readonly joules: Float64Array;
}

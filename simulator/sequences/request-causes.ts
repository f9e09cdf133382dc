/**
 * Where the time of each request went, in seconds. Columns have one value for each request, and the values of a request that never finished
 * mean nothing. For a finished request, `queue` adds up to the time from arrival to the first admission, `prefill` from there to the first
 * token, and `decode` to the last token.
 */
export interface RequestCauses {
  readonly queue: {
    /** The step that ran at the arrival. */
    readonly step: Float64Array;
    /** The token budget of the steps: earlier prompts used it up. */
    readonly budget: Float64Array;
    /** As many sequences as the limit were running. */
    readonly slots: Float64Array;
    /** Too few free KV blocks. */
    readonly blocks: Float64Array;
    readonly switching: Float64Array;
  };
  readonly prefill: {
    readonly ownPrompt: Float64Array;
    readonly otherPrompts: Float64Array;
    /** The part of the steps that other sequences needed to decode. */
    readonly otherAnswers: Float64Array;
    /** Several chips exchange partial results. */
    readonly link: Float64Array;
    /** From each preemption to the next admission. */
    readonly preemption: Float64Array;
    readonly switching: Float64Array;
  };
  readonly decode: {
    /** The shortest step: it reads the weights for one token. */
    readonly weights: Float64Array;
    /** What the further tokens of a step add, without attention. */
    readonly sequences: Float64Array;
    /** Attention of the decoding sequences, which reads the KV cache. */
    readonly kvCache: Float64Array;
    readonly link: Float64Array;
    readonly otherPrompts: Float64Array;
    /** From each preemption until the sequence decodes again: it waits, and its tokens are computed again. */
    readonly preemption: Float64Array;
    readonly switching: Float64Array;
  };
}

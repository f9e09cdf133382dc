/**
 * The causes of the time of a language model's request, with their text in messages. A request waits, computes its prompt, and then decodes.
 * Its steps also contain the prompts and answers of other requests.
 */
export const tokenCauses = {
  step: 'waiting for the running step',
  budget: 'waiting for earlier prompts',
  slots: 'waiting for a free sequence slot',
  blocks: 'waiting for free KV blocks',
  ownPrompt: 'computing its prompt',
  otherPrompts: 'waiting for the prefill of other requests',
  otherAnswers: 'waiting for the decoding of other requests',
  weights: 'reading the weights',
  sequences: 'computing the other sequences of its steps',
  kvCache: 'reading the KV cache',
  link: 'waiting for the link between its chips',
  preemption: 'waiting after a preemption',
  switching: 'waiting for mode changes',
} as const satisfies Readonly<Record<string, string>>;
export type TokenCause = keyof typeof tokenCauses;

/** Mean seconds by cause. */
export type TokenCauses = Readonly<Record<TokenCause, number>>;

export const tokenCauseNames = Object.keys(tokenCauses) as readonly TokenCause[];

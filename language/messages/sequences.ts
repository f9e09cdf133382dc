import { type MessageRegistry, message } from '../../design/index.ts';

function rowsText(count: number, total: number): string {
  return count === 1 ? `1 of ${total} rows has` : `${count} of ${total} rows have`;
}

/** Scenarios with language models: tokens, steps and the KV cache. */
export const sequenceMessages = {
  onlyOpen: message(
    'unexpected-name',
    ({ what, model }: { what: string; model: string }) =>
      `'${what}' needs a language model, whose length is open ('input: tokens'). Model '${model}' has a fixed input. Remove this, or serve a language model.`,
  ),
  requestBatch: message(
    'unexpected-name',
    ({ name, model }: { name: string; model: string }) =>
      `'${name}' is for batches of requests that start and end together. The language model '${model}' runs in steps. Write 'batch { sequences: 256, tokens: 2048 }'.`,
  ),
  closedTraffic: message(
    'unexpected-value',
    ({ model }: { model: string }) =>
      `A language model ('${model}') cannot have the traffic of a closed loop. Use poisson(...), bursty(...), another rate, offline(...) or a trace.`,
  ),
  missingTokens: message(
    'missing-property',
    ({ direction }: { direction: 'in' | 'out' }) =>
      `The tokens of the ${direction === 'in' ? 'prompts' : 'answers'} are not known: the arrivals have no such column. Write 'tokens { ${
        direction === 'in' ? 'in: 1155' : 'out: lognormal(mean: 211, sigma: 1.1)'
      } }'.`,
  ),
  rowsWithoutTokens: message(
    'missing-value',
    ({ direction, count, total, path }: { direction: 'in' | 'out'; count: number; total: number; path: string }) =>
      `${rowsText(count, total)} no ${direction === 'in' ? 'prompt' : 'output'} tokens in '${path}', and a count is never guessed. State 'tokens { ${direction}: ... }' for all requests, or remove these rows from the file.`,
  ),
  reversedRange: message(
    'out-of-range',
    ({ least, most }: { least: number; most: number }) =>
      `'least' is ${least} and 'most' is ${most}. 'least' must not be larger than 'most'.`,
  ),
  sharedTooLong: message(
    'out-of-range',
    ({ shared, tokens, which }: { shared: number; tokens: number; which: string }) =>
      `'shared' is ${shared} tokens, and ${which} has only ${tokens}. The shared tokens are part of 'in'. Write at most ${tokens}.`,
  ),
  sharedTwice: message(
    'unexpected-name',
    ({ path }: { path: string }) =>
      `The block hashes of '${path}' and 'shared' both state which tokens the prompts share. Remove 'shared', or state the length of the prompts, which ignores the hashes: 'tokens { in: ... }'.`,
  ),
  shortPrompts: message(
    'short-prompts',
    ({ shared, which }: { shared: number; which: string }) =>
      `'shared' is ${shared} tokens, and ${which}. A run assumes that they consist of shared tokens only. Write fewer tokens, or accept it: accept { short-prompts: yes } in the scenario.`,
  ),
  drawnOffline: message(
    'drawn-tokens',
    ({ count }: { count: number }) =>
      `The tokens of the ${count} requests of 'offline' are drawn once, so its results are those of one draw. State constant tokens, or accept it: accept { drawn-tokens: yes } in the scenario.`,
  ),
  bucketOrder: message(
    'out-of-range',
    ({ before, after }: { before: number; after: number }) =>
      `Bucket ${after} follows ${before}. Write the buckets in ascending order, each one once.`,
  ),
  bucketTooSmall: message(
    'out-of-range',
    ({ largest, tokens }: { largest: number; tokens: number }) =>
      `The largest bucket has ${largest} tokens, and a step can have ${tokens}. No compiled shape would fit. Add the bucket ${tokens}, or write 'tokens: ${largest}'.`,
  ),
  oneServe: message(
    'unexpected-value',
    ({ model, other }: { model: string; other: string }) =>
      `The language model '${model}' shares its scenario with '${other}'. A language model must be the only network on its chip. Put '${other}' into another scenario.`,
  ),
  oneChip: message(
    'unexpected-value',
    ({ model, chips }: { model: string; chips: number }) =>
      `The language model '${model}' has ${chips} chips. Only one chip can serve a language model. Write 'chips: 1', and divide the arrival rate by ${chips}. To divide the network itself among chips, write 'parallel { tensor: ${chips} }' in its serve.`,
  ),
  otherOrder: message(
    'unexpected-value',
    ({ name, order, model }: { name: string; order: string; model: string }) =>
      `Scheduler '${name}' has 'order: ${order}'. The language model '${model}' admits its requests in the order of their arrival. Write 'order: fifo'.`,
  ),
  layerPreemption: message(
    'unexpected-value',
    ({ name, model }: { name: string; model: string }) =>
      `Scheduler '${name}' interrupts batches between layers. The language model '${model}' runs whole steps. Write 'preemption: none'.`,
  ),
  oracle: message(
    'unexpected-value',
    ({ name, model }: { name: string; model: string }) =>
      `Scheduler '${name}' uses the policy 'oracle', which needs the length of each request in advance. The lengths of the answers of the language model '${model}' are not known. Use 'never', 'always', 'queue' or 'slack'.`,
  ),
} satisfies MessageRegistry;

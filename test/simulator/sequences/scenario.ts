import {
  type LinearCosts,
  LinearStepCost,
  type SequenceInput,
  type SequenceLimits,
} from '../../../simulator/sequences/index.ts';
import { RandomStream } from '../../../simulator/serving/index.ts';

/** A request of a test: when it arrives (nanoseconds), its tokens in and out, and the identities of its prompt's full blocks. */
export interface TestRequest {
  readonly at: number;
  readonly input: number;
  readonly output: number;
  readonly identities?: readonly number[];
}

export const plainLimits: SequenceLimits = {
  sequences: 256,
  tokens: 2048,
  longestChunk: 0,
  chunked: true,
  blocks: 100_000,
  blockTokens: 16,
  prefixCaching: true,
  wholeInput: true,
  lookAhead: false,
};

/** Requests in the order of arrival. A step takes 1 us without `cost`. */
export function scenario(
  requests: readonly TestRequest[],
  limits: Partial<SequenceLimits> = {},
  rest: Partial<Omit<SequenceInput, 'requests' | 'limits'>> = {},
): SequenceInput {
  const identities = requests.flatMap((each) => each.identities ?? []);
  const starts = [0];
  for (const each of requests) starts.push((starts.at(-1) ?? 0) + (each.identities?.length ?? 0));
  return {
    requests: {
      arrivalNanoseconds: Float64Array.from(requests, (each) => each.at),
      inputTokens: Int32Array.from(requests, (each) => each.input),
      outputTokens: Int32Array.from(requests, (each) => each.output),
      promptBlocks:
        identities.length === 0 ? null : { identities: Int32Array.from(identities), starts: Int32Array.from(starts) },
    },
    limits: { ...plainLimits, ...limits },
    cost: new LinearStepCost({ fixed: 1_000_000 }),
    sampleNanoseconds: 0,
    ...rest,
  };
}

export function linearCosts(random: RandomStream): LinearCosts {
  const whole = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1));
  return {
    fixed: whole(0, 1) * whole(1, 5_000_000),
    weights: whole(0, 20_000_000),
    perToken: whole(1, 100_000),
    perSequence: whole(0, 50_000),
    perContext: whole(0, 1) * whole(0, 5000),
    perPrefillPair: whole(0, 30),
  };
}

/** A random scenario. Most have too few blocks or slots, so that sequences wait and are preempted. */
export function randomScenario(seed: number): SequenceInput {
  const random = new RandomStream(seed, 0);
  const whole = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1));
  const one = <T>(...choices: readonly T[]): T => choices[whole(0, choices.length - 1)] as T;
  const blockTokens = one(1, 4, 16, 16);
  const longestInput = one(5, 60, 300);
  const longestOutput = one(1, 20, 200);
  const prefixes = one(0, 0, 1, 3);
  const gap = one(0, 20_000, 2_000_000, 50_000_000);
  let at = whole(0, 1000);
  const requests = Array.from({ length: whole(1, 40) }, (_, n): TestRequest => {
    if (random.uniform() < 0.8) at += whole(0, gap);
    const input = whole(1, longestInput);
    const full = Math.floor(input / blockTokens);
    // The first blocks are one of a few shared prefixes, the others are unique.
    const prefix = whole(0, Math.max(0, prefixes - 1));
    const shared = prefixes === 0 ? 0 : Math.min(full, whole(0, 12));
    const identities = Array.from({ length: full }, (_, b) => (b < shared ? prefix * 12 + b : 100 + n * 400 + b));
    return prefixes === 0
      ? { at, input, output: whole(1, longestOutput) }
      : { at, input, output: whole(1, longestOutput), identities };
  });
  const longest = Math.ceil((longestInput + longestOutput) / blockTokens);
  return scenario(
    requests,
    {
      sequences: one(1, 3, 8, 64),
      tokens: one(8, 64, 512, 2048),
      longestChunk: one(0, 0, 0, 7),
      chunked: random.uniform() < 0.8,
      blocks: 1 + whole(Math.floor(longest / 2), longest * one(1, 3, 20)),
      blockTokens,
      prefixCaching: random.uniform() < 0.7,
      wholeInput: random.uniform() < 0.7,
      lookAhead: random.uniform() < 0.6,
    },
    {
      cost: new LinearStepCost(linearCosts(random)),
      sampleNanoseconds: one(0, 100_000, 1_000_000),
    },
  );
}

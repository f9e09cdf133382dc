import type { Slo } from '../../../design/index.ts';
import { LinearStepCost, type SequenceLimits } from '../../../simulator/sequences/index.ts';
import {
  type RunInput,
  requestWork,
  type ServeInput,
  type StepsInput,
  simulateRun,
} from '../../../simulator/serving/index.ts';
import { input, origin, poisson, serve } from './fixtures.ts';

/* Runs of language models with step costs written by hand. */

/** Picoseconds. */
export const MILLISECOND = 1e9;

export const wide: SequenceLimits = {
  sequences: 64,
  tokens: 2048,
  longestChunk: 0,
  chunked: true,
  blocks: 100_001,
  blockTokens: 16,
  prefixCaching: true,
  wholeInput: true,
  lookAhead: false,
};

/** Token counts, limits of a step, and its costs by mode. */
export interface Steps {
  readonly in?: StepsInput['tokens']['inputTokens'];
  readonly out?: StepsInput['tokens']['outputTokens'];
  readonly limits?: Partial<SequenceLimits>;
  /** Picoseconds. */
  readonly base?: ConstructorParameters<typeof LinearStepCost>[0];
  readonly burst?: ConstructorParameters<typeof LinearStepCost>[0];
}

export const constant = (tokens: number) => ({ kind: 'constant', tokens }) as const;

export function tokenServe(
  { limits, base = { fixed: MILLISECOND }, burst, ...counts }: Steps,
  rest: Partial<ServeInput> = {},
): ServeInput {
  const tokens = { inputTokens: counts.in ?? constant(100), outputTokens: counts.out ?? constant(20) };
  const all = { ...wide, ...limits };
  const arrivals = rest.arrivals ?? poisson(10);
  const baseCost = new LinearStepCost(base);
  const burstCost = burst === undefined ? null : new LinearStepCost(burst);
  const steps: StepsInput = {
    tokens,
    limits: all,
    baseCost,
    burstCost,
    baseWork: requestWork(tokens, arrivals, all, baseCost),
    burstWork: burstCost === null ? null : requestWork(tokens, arrivals, all, burstCost),
  };
  return serve({ arrivals, tables: [], steps, ...rest });
}

export const tokenSlo = (of: 'ttft' | 'tpot', fraction: number, limitSeconds: number): Slo => ({
  metric: 'latency',
  of,
  statistic: { kind: 'percentile', fraction },
  limitSeconds,
  text: `p${fraction * 100} ${of} <= ${limitSeconds} s`,
  origin,
});

export function runTokens(steps: Steps, rest: Partial<ServeInput> = {}, options: Partial<RunInput> = {}) {
  const result = simulateRun(
    input({ serves: [tokenServe(steps, rest)], duration: { kind: 'requests', count: 4000 }, ...options }),
  );
  const [only] = result?.serves ?? [];
  if (result === undefined || only?.tokens === undefined) throw new Error('no result');
  return { result, serve: only, tokens: only.tokens };
}

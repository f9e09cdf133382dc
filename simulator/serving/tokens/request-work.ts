import type { Arrivals } from '../../../design/index.ts';
import { noWork, type SequenceLimits, type StepCost } from '../../sequences/index.ts';
import type { RequestWork, StepsInput } from '../input.ts';
import { RandomStream } from '../traffic/random.ts';
import { drawTokens } from './draw-requests.ts';

/** Requests whose work is computed. Our assumption: their mean differs by a few per cent from that of all requests. */
const SAMPLE = 1024;

/** Tables are within 1 % of direct pricing, and so is each of the two parts that are compared. Our assumption: 2 % together. */
const SAFETY = 0.98;

const SECONDS = 1e-12;

/**
 * A lower bound of the chip time of a request: attention, and the largest of three bounds of the rest.
 *
 * - Tokens: each token has its share of the products of the step where this share is smallest.
 * - Sequences: each step is divided among its sequences, of which there are at most as many as the limit.
 * - Blocks: each answer keeps its blocks for as many steps as it has tokens, and no step is shorter than one with one token.
 *
 * Tokens that all prompts share count in none of them: a request may find all of them in the cache.
 *
 * The bounds are compared in the mean of all requests. Attention is priced alone: in a mixed step it never costs less.
 */
export function requestWork(
  tokens: StepsInput['tokens'],
  arrivals: Arrivals,
  limits: SequenceLimits,
  cost: StepCost,
): RequestWork {
  // Of a trace, its own tokens count.
  if (arrivals.kind === 'trace') return workOf(tokens, arrivals, limits, cost);
  const known = knownWork.get(cost) ?? new Map<string, RequestWork>();
  knownWork.set(cost, known);
  const key = JSON.stringify([tokens, limits]);
  const work = known.get(key) ?? workOf(tokens, arrivals, limits, cost);
  known.set(key, work);
  return work;
}

/** By cost, tokens and limits. The load changes none of them, so a search over loads computes it once. */
const knownWork = new WeakMap<StepCost, Map<string, RequestWork>>();

function workOf(tokens: StepsInput['tokens'], arrivals: Arrivals, limits: SequenceLimits, cost: StepCost): RequestWork {
  const rows = arrivals.kind === 'trace' ? arrivals.timesSeconds.length : SAMPLE;
  const count = Math.min(SAMPLE, rows);
  const inputs = drawTokens(tokens.inputTokens, arrivals, 'in', count, new RandomStream(0, 1));
  const outputs = drawTokens(tokens.outputTokens, arrivals, 'out', count, new RandomStream(0, 2));
  const byToken = leastShare(limits.tokens, (n) => cost.contextFreePicoseconds(n, 0));
  const bySequence = leastShare(Math.min(limits.sequences, limits.tokens), (n) => cost.contextFreePicoseconds(n, n));
  const { blockUnits } = limits;
  const smallest = blockUnits === undefined ? 1 : Math.min(blockUnits.base, blockUnits.burst);
  const mostTokens = Math.floor((limits.blocks - 1) / smallest) * limits.blockTokens;
  const byBlock = cost.contextFreePicoseconds(1, 1) / Math.max(1, mostTokens);
  // Whether the whole cache has the format of burst mode. Attention over both formats is between the two.
  const caches = blockUnits === undefined ? [false] : [false, true];
  const attention = new Float64Array(count);
  const bounds = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
  for (let r = 0; r < count; r++) {
    const input = inputs[r] as number;
    const output = outputs[r] as number;
    const found = foundTokens(input, tokens.sharedTokens ?? 0, limits);
    let least = Number.POSITIVE_INFINITY;
    for (const inBurst of caches) {
      const prefill = prefillAttention(found, input, limits, cost, inBurst);
      least = Math.min(least, prefill + decodeAttention(input, output, limits, cost, inBurst));
    }
    attention[r] = least;
    bounds[0][r] = byToken * (input - found + output - 1);
    bounds[1][r] = bySequence * output;
    bounds[2][r] = byBlock * output * (input - found + output / 2);
  }
  const rest = bounds.reduce((most, one) => (sumOf(one) > sumOf(most) ? one : most));
  const work = rest.map((picoseconds, r) => (picoseconds + (attention[r] as number)) * SAFETY * SECONDS);
  const mean = sumOf(work) / count;
  const squares = sumOf(work.map((seconds) => seconds * seconds)) / count;
  return { meanSeconds: mean, relativeSquare: mean > 0 ? squares / (mean * mean) : 1 };
}

/** Tokens of a prompt that are in the cache at best: full blocks, except the last token. */
function foundTokens(input: number, shared: number, { blockTokens }: SequenceLimits): number {
  return blockTokens * Math.floor(Math.min(shared, input - 1) / blockTokens);
}

function sumOf(column: Float64Array): number {
  let sum = 0;
  for (const value of column) sum += value;
  return sum;
}

/** The smallest share of one of n, for n from 1 to `most` in doublings. */
function leastShare(most: number, picoseconds: (n: number) => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 1; ; n = Math.min(most, 2 * n)) {
    least = Math.min(least, picoseconds(n) / n);
    if (n === most) return least;
  }
}

/** Attention of the prompt from token `from` on, in chunks that are as long as possible. */
function prefillAttention(
  from: number,
  input: number,
  { tokens }: SequenceLimits,
  cost: StepCost,
  inBurst: boolean,
): number {
  const work = noWork();
  let sum = 0;
  for (let before = from; before < input; before += tokens) {
    const chunk = Math.min(tokens, input - before);
    work.tokens = chunk;
    work.sequences = 1;
    work.prefillTokens = chunk;
    work.prefillContext = chunk * before;
    work.prefillKeys = chunk * (before + chunk);
    work.burstPrefillKeys = inBurst ? work.prefillKeys : 0;
    sum += Math.max(0, cost.picoseconds(work) - cost.contextFreePicoseconds(chunk, 1));
  }
  return sum;
}

/** Attention of all further tokens at their mean context. */
function decodeAttention(
  input: number,
  output: number,
  { sequences, tokens }: SequenceLimits,
  cost: StepCost,
  inBurst: boolean,
): number {
  if (output < 2) return 0;
  const context = Math.round(input + output / 2);
  let least = Number.POSITIVE_INFINITY;
  for (const count of [1, Math.min(sequences, tokens)]) {
    const run = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };
    cost.decodeRun(count, count * context, context, run, inBurst ? count * context : 0);
    least = Math.min(least, (run.firstPicoseconds - cost.contextFreePicoseconds(count, count)) / count);
  }
  return (output - 1) * Math.max(0, least);
}

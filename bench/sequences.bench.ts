/**
 * Measures the step loop of language models in one process: `npx tsx bench/sequences.bench.ts`. 20,000 requests with
 * lognormal lengths (means of 1,155 tokens in and 211 out, about 4 million sequence-steps) arrive at 5.5 requests per
 * second. Budgets, in processor time of one core: 0.3 s with linear costs, 1 s with measured tables.
 *
 * Each time is the best of several runs, so other load on the machine has little effect.
 */
import {
  attentionGrid,
  type GridPoint,
  LinearStepCost,
  MeasuredStepCost,
  runSequences,
  type SequenceInput,
  type StepCost,
} from '../simulator/sequences/index.ts';
import { exactLog, exactPow, RandomStream } from '../simulator/serving/index.ts';
import { plainLimits } from '../test/simulator/sequences/scenario.ts';

const REQUESTS = 20_000;
const RATE_PER_SECOND = 5.5;
/** The shape of the lengths. Our assumption: the standard deviation of the logarithm in traces of chats is about 1. */
const SIGMA = 1;

function lengths(random: RandomStream, mean: number): number {
  // Box and Muller; the mean of a lognormal distribution is exp(mu + sigma^2 / 2).
  const normal = Math.sqrt(-2 * exactLog(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  return Math.max(1, Math.round(mean * exactPow(Math.E, SIGMA * normal - SIGMA ** 2 / 2)));
}

function workload(cost: StepCost, rest: Partial<SequenceInput['limits']> = {}): SequenceInput {
  const random = new RandomStream(1, 0);
  const arrivalNanoseconds = new Float64Array(REQUESTS);
  const inputTokens = new Int32Array(REQUESTS);
  const outputTokens = new Int32Array(REQUESTS);
  let at = 0;
  for (let r = 0; r < REQUESTS; r++) {
    at += Math.round((random.exponential() / RATE_PER_SECOND) * 1e9);
    arrivalNanoseconds[r] = at;
    inputTokens[r] = lengths(random, 1155);
    outputTokens[r] = lengths(random, 211);
  }
  return {
    requests: { arrivalNanoseconds, inputTokens, outputTokens, promptBlocks: null },
    limits: { ...plainLimits, blocks: 9000, lookAhead: true, ...rest },
    cost,
    sampleNanoseconds: 1e9,
  };
}

/** Llama-3.1-8B in bf16 on a chip with 1 TB/s and 150 Tflop/s: 16 GB of weights, 131,072 bytes of KV for each token. */
const linear = new LinearStepCost({
  fixed: 2e9,
  weights: 16e9,
  perToken: 107e6,
  perContext: 131_072,
  perPrefillPair: 1000,
});

/** The same as tables with the grid of a profile: every power of two. */
function tables(limits: SequenceInput['limits']): MeasuredStepCost {
  const powers = (low: number, high: number) =>
    Array.from({ length: Math.log2(high / low) + 1 }, (_, n) => low * 2 ** n);
  const points: GridPoint[] = [];
  for (const chunk of [0, ...powers(16, 2048)])
    for (const cached of chunk === 0 ? [0] : [0, ...powers(16, 16_384)])
      for (const decodes of [0, ...powers(1, 256)])
        for (const context of decodes === 0 ? [0] : powers(16, 16_384))
          if (chunk + decodes > 0) {
            const value = 9 + 0.004 * decodes * context ** 0.98 + 3e-5 * chunk * (cached + chunk / 2);
            points.push({ at: [chunk, cached, decodes, context], value });
          }
  const dense = Array.from({ length: 256 }, (_, n) => 1 + 8 * n).map((at) => ({
    at,
    value: 500 + Math.max(0, 3.3 * at - 400),
  }));
  const operators = {
    byTokens: [dense.map(({ at, value }) => ({ at, value: 32 * value }))],
    bySequences: [[{ at: 1, value: 1100 }]],
  };
  return new MeasuredStepCost(
    { ...operators, attention: attentionGrid(points), layers: 32, skew: 0 },
    limits.tokens,
    limits.sequences,
  );
}

function measure(label: string, input: SequenceInput): void {
  let best = Number.POSITIVE_INFINITY;
  let steps = 0;
  let preemptions = 0;
  for (let round = 0; round < 7; round++) {
    const before = process.cpuUsage();
    const run = runSequences(input);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
    steps = run?.steps ?? 0;
    preemptions = run?.preemptions ?? 0;
  }
  const sequenceSteps = input.requests.outputTokens.reduce((sum, tokens) => sum + tokens, 0);
  console.log(
    `${label.padEnd(34)} ${best.toFixed(3)} s, ${steps} steps (${(steps / best / 1e6).toFixed(2)} M/s), ` +
      `${(sequenceSteps / 1e6).toFixed(2)} M sequence-steps, ${preemptions} preemptions`,
  );
}

const plain = workload(linear);
measure('linear costs', plain);
measure('linear costs, few blocks', workload(linear, { blocks: 2588 }));
const quick = new LinearStepCost({ fixed: 1e9, weights: 5e9, perToken: 30e6, perContext: 40_000, perPrefillPair: 300 });
measure('linear costs, a quick chip', workload(quick));
measure('measured tables', { ...plain, cost: tables(plain.limits) });

import { describe, expect, it, test } from 'vitest';
import { LinearStepCost, noWork, runSequences } from '../../../simulator/sequences/index.ts';
import { RandomStream } from '../../../simulator/serving/index.ts';
import { scenario } from './scenario.ts';

/** Milliseconds of one decode step on chips that only have a bandwidth and an arithmetic rate, as the book below assumes. */
function decodeMilliseconds(batch: number, costs: ConstructorParameters<typeof LinearStepCost>[0]) {
  // The unit of context is all 8,192 tokens of a sequence, because the book states its KV bytes with two digits.
  const work = {
    ...noWork(),
    tokens: batch,
    sequences: batch,
    decodes: batch,
    decodeContext: batch,
    longestContext: 1,
  };
  return new LinearStepCost(costs).picoseconds(work) / 1e9;
}

const TPU_V5E = { bytesPerSecond: 820e9, flopsPerSecond: 197e12 };

/** Whole picoseconds from weights, parameters, bytes of KV for each sequence, and a number of TPU v5e. */
function onTpus(chips: number, weightBytes: number, parameters: number, kvBytesPerSequence: number) {
  const picoseconds = (bytes: number) => (bytes / (chips * TPU_V5E.bytesPerSecond)) * 1e12;
  return {
    weights: Math.round(picoseconds(weightBytes)),
    perToken: Math.round(((2 * parameters) / (chips * TPU_V5E.flopsPerSecond)) * 1e12),
    perContext: Math.round(picoseconds(kvBytesPerSequence)),
  };
}

/*
 * jax-ml/scaling-book, "All About Transformer Inference": a step takes KV / bandwidth + max(2 B P / flops, weights / bandwidth).
 */
describe('one decode step on TPU v5e', () => {
  // Llama-2-13B in bf16 on 8 chips: 6.7 GB of KV for each sequence of 8,192 tokens.
  test.each([
    [1, '4.98', '4.17'],
    [8, '12.13', '5.60'],
    [16, '20.30', '7.23'],
    [32, '36.65', '10.50'],
    [64, '69.33', '17.04'],
    [240, '249.09', '52.99'],
  ])('of Llama-2-13B with a batch of %i', (batch, whole, fifth) => {
    const kv = 6.7e9;
    const digits = (kvBytes: number) =>
      (Math.trunc(100 * decodeMilliseconds(batch, onTpus(8, 26e9, 13e9, kvBytes)) + 0.5) / 100).toFixed(2);
    expect([digits(kv), digits(kv / 5)]).toEqual([whole, fifth]);
  });

  test.each([
    [4, '2.5'],
    [256, '21'],
  ])('of a 30 B model in int8 on 16 chips with a batch of %i', (batch, milliseconds) => {
    const step = decodeMilliseconds(batch, onTpus(16, 30e9, 30e9, 8192 * 100e3));
    expect(step.toFixed(milliseconds.includes('.') ? 1 : 0)).toBe(milliseconds);
  });
});

describe('constant lengths with one slot', () => {
  const serviceSteps = 10;
  const stepNanoseconds = 1000;
  const service = serviceSteps * stepNanoseconds;

  /** Poisson arrivals with whole nanoseconds. */
  function arrivals(utilization: number, count: number): number[] {
    const random = new RandomStream(11, 0);
    let at = 0;
    return Array.from({ length: count }, () => {
      at += Math.round((random.exponential() * service) / utilization);
      return at;
    });
  }

  test.each([0.3, 0.5, 0.7])('are M/D/1 with S = prefill + the other tokens, at a utilization of %f', (utilization) => {
    const count = 100_000;
    const times = arrivals(utilization, count);
    const requests = times.map((at) => ({ at, input: 40, output: serviceSteps }));
    const cost = new LinearStepCost({ fixed: 1000 * stepNanoseconds });
    const run = runSequences(scenario(requests, { sequences: 1 }, { cost }));
    let free = 0;
    let wait = 0;
    const expected = times.map((at) => {
      const start = Math.max(at, free);
      wait += start - at;
      free = start + service;
      return free;
    });
    // To the nanosecond for each request (Lindley), and in the mean near the formula of Pollaczek and Khinchine.
    expect([...(run?.lastTokenNanoseconds ?? [])]).toEqual(expected);
    const theory = (utilization * service) / (2 * (1 - utilization));
    expect(Math.abs(wait / count / theory - 1)).toBeLessThan(0.05);
  });
});

describe('sequences that decode together', () => {
  it('take T(k) = a k + b k (k + 1) / 2 for k steps', () => {
    const costs = { fixed: 3_000_000, perToken: 70_000, perSequence: 11_000, perContext: 130 };
    const n = 7;
    const input = 100;
    const output = 1000;
    const cost = new LinearStepCost(costs);
    const run = runSequences(
      scenario(
        Array.from({ length: n }, () => ({ at: 0, input, output })),
        {},
        { cost },
      ),
    );
    const prefill = costs.fixed + costs.perToken * n * input + costs.perSequence * n;
    const a = costs.fixed + (costs.perToken + costs.perSequence) * n + costs.perContext * n * input;
    const b = costs.perContext * n;
    const k = output - 1;
    expect(run?.lastTokenNanoseconds[0]).toBe(Math.floor((prefill + a * k + (b * k * (k + 1)) / 2) / 1000));
  });
});

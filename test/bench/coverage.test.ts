import { describe, expect, test } from 'vitest';
import { loads, queues } from '../../bench/coverage/cells.ts';
import { DiscreteServiceQueue } from '../../bench/coverage/discrete-service.ts';
import { measureCell } from '../../bench/coverage/measure.ts';
import { ModulatedQueue } from '../../bench/coverage/modulated.ts';
import { truthOf } from '../../bench/coverage/truths.ts';
import { binomialTail, unlikely } from '../../bench/coverage/verdict-of-cells.ts';
import { batchQueue, modulatedQueue, priorityQueue } from '../../bench/coverage/witness.ts';
import { isNightly } from '../series.ts';
import { embedded, md1WaitQuantile } from '../simulator/serving/queueing-theory.ts';

/* A small part of bench/coverage.ts, and tests of the true values that it uses. */

describe('confidence intervals contain the true value as often as stated', () => {
  const cells: readonly (readonly [string, number])[] = [
    ['M/M/1', 0.9],
    ['M/D/1', 0.95],
    ['priority, second class', 0.8],
    ['batches of up to 8', 0.8],
    ['MMPP/D/1, rare bursts', 0.8],
  ];
  /** Cells of the same kinds that are less difficult. */
  const nightly: typeof cells = [
    ['M/M/4', 0.8],
    ['M/D/1', 0.5],
    ['M/G/1, three times', 0.8],
    ['MMPP/D/1, frequent bursts', 0.8],
  ];

  // With a confidence of 90 %, 80 runs are enough to detect a wrong method. With 99 %, a thousand would be needed.
  test.each(isNightly ? [...cells, ...nightly] : cells)('%s at load %d', (name, load) => {
    const queue = queues.find((one) => one.name === name);
    if (queue === undefined) throw new Error(`no queue ${name}`);
    const plan = { seeds: 80, duration: { kind: 'requests', count: 6000 }, confidence: 0.9 } as const;
    const found = measureCell(queue, load, truthOf(queue, load), plan);
    const counts = found.flatMap(({ statistic, runs, below, above, met }) => [
      { name: `misses ${statistic}`, trials: runs, failures: below + above },
      { name: `wrong met, ${statistic}`, trials: runs, failures: met },
    ]);
    expect(unlikely(counts, 0.1, 0.001)).toEqual([]);
  });

  test('confidence intervals at a moderate load are at most a few times wider than necessary', () => {
    const queue = queues.find(({ name }) => name === 'M/D/1');
    if (queue === undefined) throw new Error('no M/D/1');
    const plan = { seeds: 20, duration: { kind: 'requests', count: 16_384 }, confidence: 0.99 } as const;
    const [mean, p99] = measureCell(queue, 0.5, truthOf(queue, 0.5), plan);
    expect(mean?.width).toBeLessThan(0.08);
    expect(p99?.width).toBeLessThan(0.3);
  });
});

describe('the true values', () => {
  test.each([0.5, 0.8, 0.9, 0.95])('from the integral equation agree with Erlang at load %d', (load) => {
    const queue = new DiscreteServiceQueue(load, [{ seconds: 1, share: 1 }]);
    expect(queue.latencyQuantile(0.99)).toBeCloseTo(1 + md1WaitQuantile(load, 0.99), 4);
    expect(queue.meanWait).toBeCloseTo(load / (2 * (1 - load)), 12);
  });

  test('of bursts with equal rates are those of M/D/1', () => {
    const queue = new ModulatedQueue({ low: 0.8, high: 0.8 + 1e-9, quiet: 30, busy: 10 });
    expect(queue.meanLatency).toBeCloseTo(3, 6);
    expect(queue.latencyQuantile(0.99)).toBeCloseTo(1 + md1WaitQuantile(0.8, 0.99), 5);
  });

  test('from an independent loop agree with the transform', () => {
    const arrivals = { low: 0.3, high: 1.1, quiet: 30, busy: 10 };
    const found = modulatedQueue(arrivals, 2_000_000, 1).figures();
    const theory = new ModulatedQueue(arrivals);
    expect(Math.abs(found.mean - theory.meanLatency)).toBeLessThan(4 * found.meanError);
    expect(Math.abs(found.p99 - theory.latencyQuantile(0.99))).toBeLessThan(4 * found.p99Error);
  });

  test('from independent loops agree with theory, if there is one', () => {
    const seconds = (size: number) => 0.36 + 0.08 * size;
    const batches = batchQueue({ rate: 6.4, most: 8, seconds }, 1_000_000, 1).figures();
    const chain = embedded(6.4, (present) => ({ seconds: seconds(Math.min(8, present)), takes: Math.min(8, present) }));
    expect(Math.abs(batches.mean - chain.meanLatency)).toBeLessThan(4 * batches.meanError);
    // Cobham, Oper. Res. 2, 1954: residual 0.4, 1 / (1 - 0.32) for the first class, and 1 / (1 - 0.8) more for the second.
    const [high, low] = priorityQueue([0.32, 0.48], 1_000_000, 1).map((sample) => sample.figures());
    expect(Math.abs((high?.mean ?? 0) - (1 + 0.4 / 0.68))).toBeLessThan(4 * (high?.meanError ?? 0));
    expect(Math.abs((low?.mean ?? 0) - (1 + 0.4 / 0.68 / 0.2))).toBeLessThan(4 * (low?.meanError ?? 0));
  });

  test('exist for each cell', () => {
    for (const queue of queues) {
      for (const load of loads) expect(truthOf(queue, load).p99).toBeGreaterThan(truthOf(queue, load).mean);
    }
  });
});

describe('the test of many cells', () => {
  test('computes exact binomial tails', () => {
    expect(binomialTail(10, 0.5, 8)).toBeCloseTo(56 / 1024, 12);
    expect(binomialTail(1000, 0.01, 0)).toBe(1);
  });

  test('accepts a perfect method and rejects one cell that misses too often', () => {
    const counts = Array.from({ length: 80 }, (_, cell) => ({ name: `${cell}`, trials: 1000, failures: cell % 20 }));
    expect(unlikely(counts, 0.01, 0.01)).toEqual([]);
    const faulty = { name: 'faulty', trials: 1000, failures: 27 };
    expect(unlikely([...counts, faulty], 0.01, 0.01)).toEqual([faulty]);
  });
});

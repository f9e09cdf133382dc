import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { first, input, origin, run, serve } from './fixtures.ts';

/* All requests with the same arrival time are in their queues before a batch starts or priorities are compared. */

const trace = (...timesSeconds: number[]): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from(timesSeconds),
  origin,
});
const eight = (at: number) => Array.from({ length: 8 }, () => at);
const batched = { batch: { maxSize: 8, timeoutSeconds: 0 }, batchCost: (size: number) => size };
const replay = { duration: { kind: 'auto', maxRequests: 1000 }, warmupFraction: 0 } as const;

describe('requests with the same arrival time', () => {
  test.each([
    ['when a chip is idle', [...eight(1), ...eight(20)], 8],
    ['when a chip becomes idle at this time', [0, ...eight(1)], 4.5],
    ['when a timeout ends at this time', [...eight(1).slice(4), ...eight(3).slice(4)], 8],
  ])('form one batch %s', (name, times, meanBatch) => {
    const timeoutSeconds = name.includes('timeout') ? 2 : 0;
    const serves = [serve({ ...batched, batch: { maxSize: 8, timeoutSeconds }, arrivals: trace(...times) })];
    expect(first(run({ ...replay, serves }).serves).meanBatch).toBe(meanBatch);
  });

  test('start on several chips if they form several batches', () => {
    const serves = [serve({ seconds: 5, arrivals: trace(1, 1, 1) })];
    const result = run({ ...replay, serves, chips: 2 });
    expect(first(result.serves).latency.mean).toBeCloseTo((5 + 5 + 10) / 3, 6);
  });

  test.each([
    ['the serve with the higher priority starts first', 'priority'],
    ['the serve with the shorter service time starts first', 'sjf'],
  ] as const)('%s, whatever the order in the file', (_, order) => {
    const serves = [
      serve({ name: 'Long', seconds: 4, priority: 1, arrivals: trace(1) }),
      serve({ name: 'Short', seconds: 1, priority: 2, arrivals: trace(1), model: 1 }),
    ];
    const [long, short] = run({ ...replay, order, serves }).serves;
    expect(short?.latency.max).toBe(1);
    expect(long?.latency.max).toBe(5);
  });

  test('start even if the number of requests is reached before the last of them', () => {
    const serves = [serve({ ...batched, arrivals: trace(...eight(1)) })];
    const result = run(input({ ...replay, serves, duration: { kind: 'requests', count: 5 } }));
    expect(first(result.serves).counts).toMatchObject({ arrived: 5, completed: 5 });
    expect(first(result.serves).meanBatch).toBe(5);
    expect(result.seconds).toBe(6);
  });
});

describe('bursty traffic with very short phases', () => {
  test.each([1e-9, 1e-12, 1e-300])('of %s s is steady traffic with the mean rate', (seconds) => {
    const arrivals: Arrivals = {
      kind: 'bursty',
      lowRatePerSecond: 0,
      highRatePerSecond: 1,
      meanLowSeconds: seconds,
      meanHighSeconds: seconds,
      origin,
    };
    const serves = [serve({ arrivals })];
    const result = run({ serves, duration: { kind: 'requests', count: 50_000 } });
    expect(first(result.serves).counts.completed).toBe(50_000);
    expect(Math.abs(50_000 / result.seconds / 0.5 - 1)).toBeLessThan(0.03);
  });
});

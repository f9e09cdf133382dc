import { describe, expect, test } from 'vitest';
import type { RunResult, TimelineRequests, TimelineSegments } from '../../../design/index.ts';
import { type RunInput, simulateRun } from '../../../simulator/serving/index.ts';
import { first, input, poisson, serve } from './fixtures.ts';

/* Compares the single requests of a window with the statistics of the run. */

interface Looked {
  readonly run: RunResult;
  readonly segments: TimelineSegments;
  readonly requests: TimelineRequests;
}

function look(options: Partial<RunInput>, startSeconds = 0, endSeconds = 1e9): Looked {
  const run = simulateRun(input({ warmupFraction: 0, ...options }), { window: { startSeconds, endSeconds } });
  const segments = run?.timeline.segments;
  if (run === undefined || segments?.requests === undefined) throw new Error('no requests');
  return { run, segments, requests: segments.requests };
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

const busy: Partial<RunInput> = {
  duration: { kind: 'requests', count: 400 },
  burst: { kind: 'queue', threshold: 3 },
  switchLatencySeconds: 0.05,
  serves: [
    serve({
      layers: 4,
      batch: { maxSize: 4, timeoutSeconds: 2 },
      batchCost: (size) => size ** 0.5,
      arrivals: poisson(1),
    }),
  ],
};

describe('the requests of a window', () => {
  test('the log contains all requests, and their parts add up to the breakdown of the run', () => {
    const { run, requests } = look(busy);
    const result = first(run.serves);
    const count = requests.arrivalSeconds.length;
    expect(count).toBe(result.counts.completed);
    const mean = (part: (i: number) => number) => sum(Array.from({ length: count }, (_, i) => part(i))) / count;
    const at = (column: Float64Array, i: number) => column[i] ?? Number.NaN;
    expect(mean((i) => at(requests.endSeconds, i) - at(requests.arrivalSeconds, i))).toBeCloseTo(
      result.latency.mean,
      9,
    );
    expect(mean((i) => at(requests.fillSeconds, i))).toBeCloseTo(result.breakdown.batchingSeconds, 9);
    expect(mean((i) => at(requests.switchSeconds, i))).toBeCloseTo(result.breakdown.switchSeconds, 9);
    expect(
      mean((i) => at(requests.startSeconds, i) - at(requests.arrivalSeconds, i) - at(requests.fillSeconds, i)),
    ).toBeCloseTo(result.breakdown.queueSeconds, 9);
    expect(sum(requests.switchSeconds)).toBeGreaterThan(0);
    expect(sum(requests.fillSeconds)).toBeGreaterThan(0);
  });

  test('the segments and switches of a batch cover its service time without gaps', () => {
    const { segments, requests } = look(busy);
    const spent = new Map<number, number>();
    for (const [i, number] of (segments.batch ?? []).entries()) {
      const length = (segments.endSeconds[i] ?? 0) - (segments.startSeconds[i] ?? 0);
      spent.set(number, (spent.get(number) ?? 0) + length);
    }
    for (const [i, number] of requests.batch.entries()) {
      expect(spent.get(number)).toBeCloseTo((requests.endSeconds[i] ?? 0) - (requests.startSeconds[i] ?? 0), 9);
    }
  });

  test('a smaller window contains the same requests as the part of a larger window', () => {
    const whole = look(busy).requests;
    const part = look(busy, 100, 120).requests;
    const inside = [...whole.batch.keys()].filter(
      (i) => (whole.endSeconds[i] ?? 0) > 100 && (whole.startSeconds[i] ?? 0) < 120,
    );
    expect(inside.length).toBeGreaterThan(4);
    expect([...part.arrivalSeconds]).toEqual(inside.map((i) => whole.arrivalSeconds[i]));
    expect([...part.batch]).toEqual(inside.map((i) => whole.batch[i]));
  });

  test('without a requested window there is no log', () => {
    const run = simulateRun(input({ ...busy }));
    expect(run?.timeline.segments.requests).toBeUndefined();
    expect(run?.timeline.segments.batch).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import type { Arrivals, Serve, TraceClock } from '../../design/index.ts';
import { alignedArrivals } from '../../simulator/trace-offsets.ts';

const origin = { uri: '', start: 0, end: 0 };

function trace(times: readonly number[], startSeconds?: number, speedup = 1): Arrivals {
  const recorded = startSeconds === undefined ? {} : { startSeconds };
  return { kind: 'trace', path: 't.csv', speedup, timesSeconds: Float64Array.from(times), origin, ...recorded };
}

function onClock(clock: TraceClock, startSeconds: number, path = 't.csv'): Arrivals {
  return { kind: 'trace', path, speedup: 1, timesSeconds: Float64Array.of(0, 1), origin, clock, startSeconds };
}

/** The start times of the traces on the common clock. null: random traffic. */
function starts(...arrivals: readonly Arrivals[]): readonly (number | null)[] {
  const serves = arrivals.map((each) => ({ arrivals: each }) as Serve);
  return alignedArrivals(serves).map((each) => (each.kind === 'trace' ? (each.timesSeconds[0] ?? null) : null));
}

describe('traces of one scenario', () => {
  test('keep their offset if they have absolute times', () => {
    expect(starts(trace([0, 1], 1000), trace([0, 1], 1010))).toEqual([0, 10]);
    expect(starts(trace([0, 1], 1010), trace([0, 1], 1000), trace([0], 1003.5))).toEqual([10, 0, 3.5]);
  });
  test('replay an offset at the speed of their rows', () => {
    expect(starts(trace([0, 1], 1000, 4), trace([0, 1], 1010, 4))).toEqual([0, 2.5]);
  });
  test('from one file keep their offset, whatever the start of its clock', () => {
    expect(starts(onClock('file', 5), onClock('file', 45))).toEqual([0, 40]);
    expect(starts(onClock('file', 45), onClock('file', 5, './t.csv'))).toEqual([40, 0]);
    expect(starts(onClock('file', 5), onClock('file', 45, 'other.csv'))).toEqual([0, 0]);
  });
  test('with times of day belong to the same day', () => {
    expect(starts(onClock('day', 36_000), onClock('day', 36_010, 'other.csv'))).toEqual([0, 10]);
    expect(starts(onClock('day', 36_000), onClock('utc', 1e9))).toEqual([0, 0]);
  });
  test('with dates without a zone count as UTC', () => {
    expect(starts(onClock('local', 1000), onClock('utc', 1010, 'other.csv'))).toEqual([0, 10]);
  });
  test('without absolute times start together', () => {
    expect(starts(trace([0, 1]), trace([0, 1]))).toEqual([0, 0]);
    expect(starts(trace([0, 1], 1000), trace([0, 1]))).toEqual([0, 0]);
    expect(starts(trace([0, 1], 1000), { kind: 'poisson', ratePerSecond: 5, origin })).toEqual([0, null]);
  });
});

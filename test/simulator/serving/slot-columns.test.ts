import { describe, expect, test } from 'vitest';
import type { RunResult, SlotColumn } from '../../../design/index.ts';
import { first, latencySlo, poisson, run, serve, table } from './fixtures.ts';

/* The mean accuracy and power over time equal those of the run. */

const burst = { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 } as const;
const counted = { duration: { kind: 'requests', count: 20_000 } } as const;
const slos = [latencySlo(0.99, 8)];

/** The mean over the slots after the warm-up. */
function mean(result: RunResult, { slotSeconds, values }: SlotColumn, weight: (slot: number) => number): number {
  let sum = 0;
  let weights = 0;
  for (const [slot, value] of values.entries()) {
    if (slot * slotSeconds < result.warmupSeconds - slotSeconds / 2 || Number.isNaN(value)) continue;
    sum += value * weight(slot);
    weights += weight(slot);
  }
  return sum / weights;
}

describe('a column over time', () => {
  test.each([0.9, 1.2, 3])('has the accuracy of the finished requests, at %d per second', (rate) => {
    const result = run({ serves: [serve({ layers: 10, arrivals: poisson(rate), slos })], burst, ...counted });
    const { series, accuracy, accuracyOverTime, burstShare } = first(result.serves);
    if (accuracyOverTime === undefined) throw new Error('no accuracy over time');
    expect(burstShare).toBeGreaterThan(0);
    const perSlot = Math.round(accuracyOverTime.slotSeconds / result.series.bucketSeconds);
    const finished = (slot: number) =>
      series.completed.subarray(slot * perSlot, (slot + 1) * perSlot).reduce((sum, count) => sum + count, 0);
    expect(mean(result, accuracyOverTime, finished)).toBeCloseTo(accuracy ?? Number.NaN, 9);
  });

  test.each([1, 2])('has the power of %d chips', (chips) => {
    const tables = [table(1, 10, 1)].map((each) => ({ ...each, joules: new Float64Array(60).fill(0.3) }));
    const result = run({
      serves: [serve({ arrivals: poisson(1.1), slos, tables })],
      burst,
      chips,
      staticWatts: 5,
      ...counted,
    });
    const { wattsOverTime } = result;
    if (wattsOverTime === undefined) throw new Error('no power over time');
    const seconds = (slot: number) =>
      Math.min(wattsOverTime.slotSeconds, result.seconds - slot * wattsOverTime.slotSeconds);
    expect(mean(result, wattsOverTime, seconds)).toBeCloseTo(result.averageWatts ?? Number.NaN, 9);
    // Ten layers with a third of a joule each, one request after another, and the static power of each chip.
    expect(result.averageWatts).toBeGreaterThan(5 * chips);
  });

  test('is absent if the input has no accuracy or energy', () => {
    const silent = run({ serves: [serve({ accuracy: null })], ...counted });
    expect(silent.wattsOverTime).toBeUndefined();
    expect(first(silent.serves).accuracyOverTime).toBeUndefined();
    // The accuracy of burst mode is unknown, and the run used burst mode.
    const half = run({
      serves: [serve({ arrivals: poisson(1.2), slos, accuracy: { metric: 'top-1', base: 0.8, burst: null } })],
      burst,
      ...counted,
    });
    expect(first(half.serves).accuracyOverTime).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { meanRatePerSecond, RandomStream, scaleArrivals } from '../../../simulator/serving/index.ts';
import { arrivalSource } from '../../../simulator/serving/traffic/arrivals.ts';
import { origin, poisson } from './fixtures.ts';
import { chiSquare, kolmogorov } from './goodness-of-fit.ts';
import { poissonTerms } from './queueing-theory.ts';

const seeds = [1, 2, 3] as const;

function times(arrivals: Arrivals, count: number, seed: number, stream = 0): Float64Array {
  const target = new Float64Array(count);
  const source = arrivalSource(arrivals, new RandomStream(seed, stream), new RandomStream(seed, -2 - stream));
  // Blocks of odd sizes: the arrivals must not depend on the size of the blocks.
  let filled = 0;
  for (let block = 1; filled < count; block = (block % 97) + 1) {
    const wrote = source.fill(target, filled, Math.min(count, filled + block));
    filled += wrote;
    if (wrote === 0) break;
  }
  return target.slice(0, filled);
}

function gaps(of: ArrayLike<number>, every = 1): number[] {
  const result: number[] = [];
  for (let i = every; i < of.length; i += every) result.push((of[i] as number) - (of[i - 1] as number));
  return result;
}

/** The number of arrivals in each of several equal windows of time. */
function counts(of: Float64Array, windowSeconds: number): number[] {
  const windows = Math.floor((of[of.length - 1] as number) / windowSeconds);
  const result = new Array<number>(windows).fill(0);
  for (const time of of) {
    const at = Math.floor(time / windowSeconds);
    if (at < windows) result[at] = (result[at] ?? 0) + 1;
  }
  return result;
}

function dispersion(of: readonly number[]): number {
  const mean = of.reduce((sum, value) => sum + value, 0) / of.length;
  return of.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (of.length - 1) / mean;
}

const exponentialBelow = (rate: number) => (x: number) => 1 - Math.exp(-rate * x);

describe.each(seeds)('the generators, seed %d', (seed) => {
  test('exponential numbers have an exponential distribution, including the tail', () => {
    const random = new RandomStream(seed, 7);
    const sample = Array.from({ length: 400_000 }, () => random.exponential());
    expect(kolmogorov(sample, exponentialBelow(1))).toBeLessThan(1.95);
    // The last layer of the ziggurat starts at 7.697. Test the tail beyond it separately.
    const beyond = sample.filter((x) => x > 7.69711747013105);
    expect(Math.abs(beyond.length - 400_000 * Math.exp(-7.69711747013105))).toBeLessThan(50);
    expect(
      kolmogorov(
        beyond.map((x) => x - 7.69711747013105),
        exponentialBelow(1),
      ),
    ).toBeLessThan(1.95);
  });

  test('uniform numbers have a uniform distribution', () => {
    const random = new RandomStream(seed, 9);
    const cells = new Array<number>(256).fill(0);
    for (let i = 0; i < 256_000; i++) {
      const cell = Math.floor(random.uniform() * 256);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const { statistic, limit } = chiSquare(cells, new Array<number>(256).fill(1000));
    expect(statistic).toBeLessThan(limit);
  });

  test('poisson arrivals have exponential gaps and Poisson counts', () => {
    const came = times(poisson(250), 200_000, seed);
    expect(kolmogorov(gaps(came), exponentialBelow(250))).toBeLessThan(1.95);
    const perWindow = counts(came, 0.02);
    const observed = new Array<number>(12).fill(0);
    for (const count of perWindow) observed[Math.min(11, count)] = (observed[Math.min(11, count)] ?? 0) + 1;
    const terms = poissonTerms(5, 11);
    const expected = [...terms, 1 - terms.reduce((sum, value) => sum + value, 0)].map((p) => p * perWindow.length);
    const { statistic, limit } = chiSquare(observed, expected);
    expect(statistic).toBeLessThan(limit);
  });

  test('streams of the same seed are independent', () => {
    const a = gaps(times(poisson(1), 50_000, seed, 0));
    const b = gaps(times(poisson(1), 50_000, seed, 2));
    const correlation = a.reduce((sum, value, i) => sum + (value - 1) * ((b[i] as number) - 1), 0) / a.length;
    expect(Math.abs(correlation)).toBeLessThan(3.3 / Math.sqrt(a.length));
  });

  test('bursty arrivals have the gaps of a Poisson process modulated by two states', () => {
    const arrivals = {
      kind: 'bursty',
      lowRatePerSecond: 100,
      highRatePerSecond: 900,
      meanLowSeconds: 0.02,
      meanHighSeconds: 0.01,
      origin,
    } as const;
    const came = times(arrivals, 1_000_000, seed);
    const mean = meanRatePerSecond(arrivals);
    expect(mean).toBeCloseTo((100 * 0.02 + 900 * 0.01) / 0.03, 9);
    // Only each hundredth gap, because neighbouring gaps are correlated.
    expect(kolmogorov(gaps(came, 100), burstyGapBelow(arrivals))).toBeLessThan(1.95);
    // The variance over long windows: Heffes and Lucantoni, IEEE JSAC 4(6), 1986.
    const leaveLow = 1 / arrivals.meanLowSeconds;
    const leaveHigh = 1 / arrivals.meanHighSeconds;
    const swing = (900 - 100) ** 2 * leaveLow * leaveHigh;
    const index = 1 + (2 * swing) / ((leaveLow + leaveHigh) ** 2 * (100 * leaveHigh + 900 * leaveLow));
    const windows = counts(came, 1);
    // The difference to the limit is 1 / (window length times decay rate), which is below 1 % for this window.
    expect(Math.abs(dispersion(windows) / index - 1)).toBeLessThan(3.3 * Math.sqrt(2 / windows.length));
    const total = came.length / (came[came.length - 1] as number);
    expect(Math.abs(total / mean - 1)).toBeLessThan(3.3 * Math.sqrt(index / came.length));
  });

  test('diurnal arrivals are a Poisson process if time is scaled by the rate', () => {
    const arrivals = { kind: 'diurnal', ratePerSecond: 1000, amplitude: 0.8, periodSeconds: 7, origin } as const;
    const came = times(arrivals, 200_000, seed);
    const turn = (2 * Math.PI) / 7;
    const elapsed = Array.from(came, (t) => 1000 * (t + (0.8 * (1 - Math.cos(turn * t))) / turn));
    expect(kolmogorov(gaps(elapsed), exponentialBelow(1))).toBeLessThan(1.95);
  });
});

/** The distribution of the gap after an arrival: two exponentials, weighted by the share of arrivals in each phase. */
function burstyGapBelow(arrivals: Extract<Arrivals, { kind: 'bursty' }>): (x: number) => number {
  const { lowRatePerSecond: a, highRatePerSecond: b, meanLowSeconds, meanHighSeconds } = arrivals;
  const out = 1 / meanLowSeconds;
  const back = 1 / meanHighSeconds;
  const low = (a * meanLowSeconds) / (a * meanLowSeconds + b * meanHighSeconds);
  // The probability of no arrival for x is exp([[-a - out, out], [back, -b - back]] x). Compute it from the eigenvalues.
  const p = a + out;
  const q = b + back;
  const spread = Math.sqrt((p - q) ** 2 + 4 * out * back);
  const slow = (p + q - spread) / 2;
  const fast = (p + q + spread) / 2;
  const slope = low * a + (1 - low) * b;
  const share = (slope - fast) / (slow - fast);
  return (x) => 1 - share * Math.exp(-slow * x) - (1 - share) * Math.exp(-fast * x);
}

describe('arrivals that are not random', () => {
  test('the n-th constant arrival comes after n gaps, without drift', () => {
    const came = times({ kind: 'constant', ratePerSecond: 3, origin }, 3_000_000, 1);
    expect(came[0]).toBe(1 / 3);
    expect(came[2_999_999]).toBe(1_000_000);
  });

  test('a trace is replayed once, unchanged', () => {
    const timesSeconds = Float64Array.from([0, 0, 0.5, 2]);
    const came = times({ kind: 'trace', path: 'x.csv', speedup: 1, timesSeconds, origin }, 10, 1);
    expect([...came]).toEqual([0, 0, 0.5, 2]);
  });
});

describe('twice the load', () => {
  const kinds: readonly Arrivals[] = [
    poisson(10),
    { kind: 'constant', ratePerSecond: 10, origin },
    { kind: 'bursty', lowRatePerSecond: 5, highRatePerSecond: 50, meanLowSeconds: 1, meanHighSeconds: 0.1, origin },
    { kind: 'diurnal', ratePerSecond: 10, amplitude: 0.5, periodSeconds: 5, origin },
    { kind: 'loadgen', ratePerSecond: 10, seed: '12', origin },
    { kind: 'trace', path: 'x.csv', speedup: 1, timesSeconds: Float64Array.from([0, 1, 4]), origin },
  ];
  test.each(kinds.map((each) => [each.kind, each] as const))('%s arrivals have twice the mean rate', (_, arrivals) => {
    const doubled = scaleArrivals(arrivals, 2);
    expect(meanRatePerSecond(doubled) / meanRatePerSecond(arrivals)).toBeCloseTo(2, 12);
    expect(doubled.origin).toBe(arrivals.origin);
  });

  // Common random numbers: the draws are the same, so at a higher load the same requests arrive at smaller distances.
  test('poisson arrivals of the same seed have half the distances', () => {
    const slow = times(poisson(10), 1000, 5);
    const fast = times(scaleArrivals(poisson(10), 2), 1000, 5);
    for (let i = 0; i < 1000; i++) expect((slow[i] as number) / (fast[i] as number)).toBeCloseTo(2, 9);
  });

  test('bursty arrivals have the same bursts, and no request arrives later', () => {
    const bursty: Arrivals = {
      kind: 'bursty',
      lowRatePerSecond: 5,
      highRatePerSecond: 50,
      meanLowSeconds: 1,
      meanHighSeconds: 0.1,
      origin,
    };
    const slow = times(bursty, 20_000, 5);
    const fast = times(scaleArrivals(bursty, 2), 20_000, 5);
    for (let i = 0; i < 20_000; i++) expect(fast[i] as number).toBeLessThanOrEqual(slow[i] as number);
    const busiest = (came: Float64Array) => {
      const perWindow = counts(
        came.filter((t) => t < 500),
        0.5,
      );
      return perWindow.indexOf(Math.max(...perWindow));
    };
    expect(busiest(fast)).toBe(busiest(slow));
  });
});

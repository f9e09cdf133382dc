import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { RandomStream } from '../../../simulator/serving/index.ts';
import { latencySlo, origin, run, serve } from './fixtures.ts';

/** Poisson arrivals, cut to whole steps. */
function cut(ratePerSecond: number, count: number, stepSeconds: number): Arrivals {
  const random = new RandomStream(7, 1);
  let time = 0;
  const times = Array.from({ length: count }, () => {
    time += random.exponential() / ratePerSecond;
    return Math.floor(time / stepSeconds) * stepSeconds;
  });
  const timesSeconds = new Float64Array(times);
  return { kind: 'trace', path: 'a.csv', speedup: 1, timesSeconds, stepSeconds, origin };
}

const replay = (arrivals: Arrivals, seconds: number, limit: number, maxSize = 1) => {
  const slos = [latencySlo(0.9, limit)];
  const own = serve({ arrivals, seconds, slos, batch: { maxSize, timeoutSeconds: 0 } });
  return run({ serves: [own], duration: { kind: 'auto', maxRequests: 1e6 }, warmupFraction: 0 });
};

describe('the step of the clock of a recording', () => {
  test.each<[string, Arrivals, number, number, number, string]>([
    // The true 90th percentile is 1.015 s: a request that waits waits for parts of a second, which the cut times hide.
    ['as long as a request', cut(0.15, 4000, 1), 0.81, 1, 1, 'undecided'],
    ['as long as a request, far from the limit', cut(0.15, 4000, 1), 0.81, 10, 1, 'met'],
    ['as long as a request, far above the limit', cut(0.15, 4000, 1), 4, 1, 1, 'violated'],
    ['short, and the limit is near', cut(100, 20_000, 1e-3), 0.0045, 0.0128, 1, 'met'],
    ['short, and the limit is near and exceeded', cut(100, 20_000, 1e-3), 0.0045, 0.008, 1, 'violated'],
    ['short, with batches', cut(100, 20_000, 1e-3), 0.004, 0.015, 4, 'met'],
    ['as long as a request, with batches', cut(0.15, 4000, 1), 0.81, 1, 4, 'undecided'],
  ])('%s', (_, arrivals, seconds, limit, maxSize, expected) => {
    const result = replay(arrivals, seconds, limit, maxSize);
    expect(result.serves[0]?.slos[0]?.verdict).toBe(expected);
    expect(result.caveats.map(({ code }) => code)).toEqual(expected === 'undecided' ? ['trace-resolution'] : []);
  });

  test('matters beside a caveat that the file accepts', () => {
    const slos = [latencySlo(0.9, 1)];
    const own = serve({ arrivals: cut(0.15, 4000, 1), seconds: 0.81, slos });
    const caveat = { code: 'trace-counts', origin, text: 'Counts.', effect: { kind: 'any' } } as const;
    const duration = { kind: 'auto', maxRequests: 1e6 } as const;
    const accepting = run({ serves: [own], duration, warmupFraction: 0, caveats: [caveat], accepts: ['trace-counts'] });
    expect(accepting.serves[0]?.slos[0]?.open?.caveats.map(({ code }) => code)).toEqual(['trace-resolution']);
  });

  test('does not matter if the step is unknown', () => {
    const { stepSeconds: _, ...exact } = cut(0.15, 4000, 1) as Extract<Arrivals, { kind: 'trace' }>;
    expect(replay(exact, 0.81, 1).serves[0]?.slos[0]?.verdict).toBe('met');
  });
});

import { describe, expect, test } from 'vitest';
import type { Slo, SloOutcome } from '../../../design/index.ts';
import { exponentialService, first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';
import { mmk } from './queueing-theory.ts';

/* What is stated at some confidence must hold as often: over many seeds, of a queue whose truth is known. */

function meanSlo(limitSeconds: number): Slo {
  return { metric: 'latency', statistic: { kind: 'mean' }, limitSeconds, text: 'mean latency', origin };
}

function outcomes(
  rho: number,
  slos: readonly Slo[],
  seeds: number,
  options: Parameters<typeof run>[0],
): SloOutcome[][] {
  return Array.from({ length: seeds }, (_, seed) => {
    const { serves } = run({
      serves: [serve({ arrivals: poisson(rho), serviceScale: exponentialService, slos })],
      seed: seed + 1,
      ...options,
    });
    return [...first(serves).slos];
  });
}

const holds = (outcome: SloOutcome | undefined, truth: number) =>
  outcome !== undefined && outcome.measured.low <= truth && truth <= outcome.measured.high;

describe('intervals of M/M/1 hold the truth as often as they state', () => {
  // At 90 %, so that sixty seeds can tell: 3 standard errors of a share of 90 % are 12 %.
  test.each([
    [0.3, 16_384],
    [0.6, 16_384],
    [0.8, 16_384],
    [0.9, 65_536],
  ])('at utilization %d, %d requests', (rho, count) => {
    const truth = mmk(1, rho);
    const seen = outcomes(rho, [meanSlo(1e6), latencySlo(0.99, 1e6)], 60, {
      confidence: 0.9,
      duration: { kind: 'requests', count },
    });
    const mean = seen.filter(([outcome]) => holds(outcome, truth.mean)).length;
    const p99 = seen.filter(([, outcome]) => holds(outcome, truth.quantile(0.99))).length;
    expect(mean).toBeGreaterThanOrEqual(47);
    expect(p99).toBeGreaterThanOrEqual(47);
  });

  // One of the runs is no longer than a dozen of the queue's own swings: here batches are alike, and the interval has to say so.
  test('close to saturation they widen', () => {
    const truth = mmk(1, 0.95);
    const seen = outcomes(0.95, [meanSlo(1e6), latencySlo(0.99, 1e6)], 60, {
      confidence: 0.99,
      duration: { kind: 'requests', count: 16_384 },
    });
    expect(seen.filter(([outcome]) => holds(outcome, truth.mean)).length).toBeGreaterThanOrEqual(57);
    expect(seen.filter(([, outcome]) => holds(outcome, truth.quantile(0.99))).length).toBeGreaterThanOrEqual(55);
  });
});

describe('verdicts of runs that end by themselves', () => {
  const auto = { duration: { kind: 'auto', maxRequests: 65_536 }, confidence: 0.95 } as const;
  const rho = 0.7;
  const truth = mmk(1, rho);

  // Limits off the truth by a tenth: near enough to be hard, and one verdict is wrong.
  test.each([
    ['mean', 0.9, 'met'],
    ['mean', 1.1, 'violated'],
    ['p99', 0.9, 'met'],
    ['p99', 1.1, 'violated'],
  ] as const)('%s against %d of the truth: %s is rare', (statistic, factor, wrong) => {
    const slo = statistic === 'mean' ? meanSlo(truth.mean * factor) : latencySlo(0.99, truth.quantile(0.99) * factor);
    const seen = outcomes(rho, [slo], 40, auto).map((each) => first(each).verdict);
    expect(seen.filter((verdict) => verdict === wrong).length).toBeLessThanOrEqual(2);
    expect(seen.filter((verdict) => verdict === 'undecided').length).toBeLessThan(40);
  });

  test('far from the limit they come at the first look, and all alike', () => {
    for (const [factor, right] of [
      [4, 'met'],
      [0.25, 'violated'],
    ] as const) {
      const seen = outcomes(rho, [latencySlo(0.99, truth.quantile(0.99) * factor)], 20, auto);
      expect(seen.map((each) => first(each).verdict)).toEqual(new Array(20).fill(right));
    }
  });
});

describe('why a verdict is undecided', () => {
  const verdict = (rho: number, limit: number, count: number) => {
    const { serves } = run({
      serves: [serve({ arrivals: poisson(rho), serviceScale: exponentialService, slos: [latencySlo(0.99, limit)] })],
      duration: { kind: 'requests', count },
    });
    const { verdict: said, undecided } = first(first(serves).slos);
    return `${said} ${undecided ?? ''}`.trim();
  };

  test('the limit lies within the interval', () => {
    expect(verdict(0.7, mmk(1, 0.7).quantile(0.99), 20_000)).toBe('undecided straddles');
  });

  test('none in overload: latency grows without end, so every limit is violated', () => {
    expect(verdict(1.3, 1e5, 20_000)).toBe('violated');
    expect(verdict(1.3, 50, 20_000)).toBe('violated');
  });

  test('a decided one says nothing of the kind', () => {
    expect(verdict(0.5, 1000, 20_000)).toBe('met');
  });

  test('nothing was measured', () => {
    const accuracy: Slo = { metric: 'accuracy', limit: 0.5, text: 'accuracy >= 50 %', origin };
    const { serves } = run({
      serves: [serve({ accuracy: null, slos: [accuracy] })],
      duration: { kind: 'requests', count: 1000 },
    });
    expect(first(first(serves).slos)).toMatchObject({ verdict: 'undecided', undecided: 'unmeasured' });
  });
});

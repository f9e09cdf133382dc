import { describe, expect, test } from 'vitest';
import type { Slo, SloOutcome } from '../../../design/index.ts';
import { series } from '../../series.ts';
import { exponentialService, first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';
import { mmk } from './queueing-theory.ts';

/*
 * Verdicts must be right as often as their stated confidence. test/bench/coverage.test.ts tests how often the confidence
 * intervals contain the true value.
 */

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

describe('verdicts of runs with duration: auto', () => {
  const auto = { duration: { kind: 'auto', maxRequests: 65_536 }, confidence: 0.95 } as const;
  const rho = 0.7;
  const truth = mmk(1, rho);

  // The limits differ from the true value by a tenth. This is difficult to decide, and one of the verdicts is wrong.
  test.each([
    ['mean', 0.9, 'met'],
    ['mean', 1.1, 'violated'],
    ['p99', 0.9, 'met'],
    ['p99', 1.1, 'violated'],
  ] as const)('with the objective %s at %d of the true value, %s is rare', (statistic, factor, wrong) => {
    const seeds = series(20, 40);
    const slo = statistic === 'mean' ? meanSlo(truth.mean * factor) : latencySlo(0.99, truth.quantile(0.99) * factor);
    const seen = outcomes(rho, [slo], seeds, auto).map((each) => first(each).verdict);
    // A confidence of 95 % allows one wrong verdict in twenty runs.
    expect(seen.filter((verdict) => verdict === wrong).length).toBeLessThanOrEqual(series(1, 2));
    expect(seen.filter((verdict) => verdict === 'undecided').length).toBeLessThan(seeds);
  });

  test('far from the limit, all runs decide at the first interim check, with the same verdict', () => {
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

  test('the confidence interval includes the limit', () => {
    expect(verdict(0.7, mmk(1, 0.7).quantile(0.99), 20_000)).toBe('undecided straddles');
  });

  test('no reason in overload: latency grows without limit, so each latency limit is violated', () => {
    expect(verdict(1.3, 1e5, 20_000)).toBe('violated');
    expect(verdict(1.3, 50, 20_000)).toBe('violated');
  });

  test('a decided verdict has no reason', () => {
    expect(verdict(0.5, 1000, 20_000)).toBe('met');
  });

  test('no request was measured', () => {
    const accuracy: Slo = { metric: 'accuracy', limit: 0.5, text: 'accuracy >= 50 %', origin };
    const { serves } = run({
      serves: [serve({ accuracy: null, slos: [accuracy] })],
      duration: { kind: 'requests', count: 1000 },
    });
    expect(first(first(serves).slos)).toMatchObject({ verdict: 'undecided', undecided: 'unmeasured' });
  });
});

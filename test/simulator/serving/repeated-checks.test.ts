import { expect, test } from 'vitest';
import { first, latencySlo, poisson, run, serve } from './fixtures.ts';

/* A run with interim checks can end at each of them. Each check then needs a higher confidence, so that the probability of a
 * wrong verdict does not grow with the number of checks (Bonferroni correction). */

const decided = (maxRequests: number) => {
  const serves = [serve({ arrivals: poisson(0.5), slos: [latencySlo(0.9, 40)] })];
  const result = run({ serves, duration: { kind: 'auto', maxRequests } });
  const { slos, counts } = first(result.serves);
  const { measured, verdict } = first(slos);
  return { arrived: counts.arrived, verdict, width: measured.high - measured.low };
};

test('the confidence interval at the first check grows with the number of interim checks', () => {
  const [few, some, many] = [decided(40_000), decided(200_000), decided(50_000_000)];
  // All runs end at the first check, with the same requests.
  expect(new Set([few.arrived, some.arrived, many.arrived]).size).toBe(1);
  expect([few.verdict, some.verdict, many.verdict]).toEqual(['met', 'met', 'met']);
  expect(few.width).toBeLessThan(some.width);
  expect(some.width).toBeLessThan(many.width);
});

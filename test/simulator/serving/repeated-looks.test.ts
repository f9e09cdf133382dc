import { expect, test } from 'vitest';
import { first, latencySlo, poisson, run, serve } from './fixtures.ts';

/* A run that may end at each of several looks must be surer at each one, or looking often would make a wrong verdict likelier (Bonferroni). */

const decided = (maxRequests: number) => {
  const serves = [serve({ arrivals: poisson(0.5), slos: [latencySlo(0.9, 40)] })];
  const result = run({ serves, duration: { kind: 'auto', maxRequests } });
  const { slos, counts } = first(result.serves);
  const { measured, verdict } = first(slos);
  return { arrived: counts.arrived, verdict, width: measured.high - measured.low };
};

test('the more looks a run may take, the wider the interval at the first one', () => {
  const [few, some, many] = [decided(40_000), decided(200_000), decided(50_000_000)];
  // All end at the first look, with the same requests.
  expect(new Set([few.arrived, some.arrived, many.arrived]).size).toBe(1);
  expect([few.verdict, some.verdict, many.verdict]).toEqual(['met', 'met', 'met']);
  expect(few.width).toBeLessThan(some.width);
  expect(some.width).toBeLessThan(many.width);
});

import { expect, test } from 'vitest';
import { input, poisson, run, serve, table } from './fixtures.ts';

/* Each chip uses its static power for the whole run, whether it is busy or idle. */

function powered(chips: number, joulesPerLayer: number, warmupFraction = 0.1) {
  const arrivals = poisson(0.4);
  const tables = [table(1, 10, 1)].map((each) => ({ ...each, joules: new Float64Array(60).fill(joulesPerLayer) }));
  return run({
    ...input(),
    serves: [serve({ tables, arrivals }), serve({ name: 'Other', tables, arrivals })],
    chips,
    staticWatts: 5,
    duration: { kind: 'requests', count: 2000 },
    warmupFraction,
  });
}

test.each([1, 2, 4])('%d chips without dynamic energy use exactly their static power', (chips) => {
  const result = powered(chips, 0);
  expect(result.averageWatts).toBeCloseTo(5 * chips, 9);
  const overTime = result.wattsOverTime?.values.filter((watts) => !Number.isNaN(watts)) ?? [];
  expect(overTime.length).toBeGreaterThan(0);
  for (const watts of overTime) expect(watts).toBeCloseTo(5 * chips, 9);
});

test.each([1, 2, 4])('the energy of all requests on %d chips is the mean power times the time', (chips) => {
  const result = powered(chips, 0.3, 0);
  const joules = result.serves.reduce(
    (sum, { energyJoulesPerRequest, counts }) => sum + (energyJoulesPerRequest ?? Number.NaN) * counts.completed,
    0,
  );
  expect(joules / result.seconds).toBeCloseTo(result.averageWatts ?? Number.NaN, 6);
  expect(result.averageWatts).toBeGreaterThan(5 * chips);
});

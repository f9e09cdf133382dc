import { describe, expect, test } from 'vitest';
import {
  type Arrivals,
  type ExplorationMeasure,
  furtherMeasures,
  intervalKeys,
  type Scenario,
  type Slo,
} from '../../../design/index.ts';
import { designHash } from '../../../engine/index.ts';
import { exploreDesigns, runInputOf, simulateScenario, TableCache } from '../../../simulator/index.ts';
import { leastLoad } from '../../../simulator/serving/index.ts';
import { plainTpu } from '../hardware/fixtures.ts';
import { latencySlo, origin, poisson } from '../serving/fixtures.ts';
import { tinyModel, tinyScenario, tinyServe } from './fixtures.ts';

const mean: Slo = { metric: 'latency', statistic: { kind: 'mean' }, limitSeconds: 1, text: 'mean', origin };
const rate = (metric: 'throughput' | 'goodput'): Slo => ({ metric, limitPerSecond: 1, text: metric, origin });

/** Objectives that are decided with a wide margin, one for each kind of interval. */
const slos: readonly Slo[] = [latencySlo(0.99, 1), latencySlo(0.5, 1), mean, rate('throughput'), rate('goodput')];

function scenarioOf(arrivals: Arrivals, change: Partial<Scenario> = {}): Scenario {
  const serve = tinyServe({ name: 'A', model: tinyModel([128, 256]), arrivals, slos });
  return tinyScenario({ serves: [serve], duration: { kind: 'requests', count: 3000 }, ...change });
}

function rowOf(scenario: Scenario, measure: ExplorationMeasure = 'latency') {
  const goals = [{ sense: 'minimize', measure, origin }] as const;
  const details = { further: furtherMeasures(goals, false), hashOf: designHash };
  const found = exploreDesigns(goals, [{ design: 0, candidate: { kind: 'scenario', scenario } }], { details });
  const row = found?.details?.[0];
  if (found === undefined || row === undefined) throw new Error('no row');
  const names = [measure, ...details.further];
  const values = [found.measures[0]?.[0] ?? Number.NaN, ...row.further];
  const at = (name: ExplorationMeasure) => names.indexOf(name);
  return {
    row,
    value: (name: ExplorationMeasure) => values[at(name)],
    range: (name: ExplorationMeasure) => [row.lows[at(name)], row.highs[at(name)]],
  };
}

describe('the interval of a measure in a row', () => {
  const scenario = scenarioOf(poisson(20_000));
  const outcomes = simulateScenario(scenario)?.main.serves[0]?.slos ?? [];

  test.each<[ExplorationMeasure, number]>([
    ['latency', 0],
    ['p50 latency', 1],
    ['mean latency', 2],
    ['throughput', 3],
    ['goodput', 4],
  ])('is that of an objective on it: %s', (measure, objective) => {
    const { low = Number.NaN, high = Number.NaN } = outcomes[objective]?.measured ?? {};
    expect(low).toBeLessThan(high);
    expect(rowOf(scenario).range(measure)).toEqual([low, Number.isFinite(high) ? high : null]);
  });

  test('has no upper end for a maximum, and no end for an energy', () => {
    const { range, value } = rowOf(scenario);
    expect(range('max latency')).toEqual([value('max latency'), null]);
    expect(range('energy')).toEqual([null, null]);
  });

  test('has no width for a recording', () => {
    const timesSeconds = Float64Array.from({ length: 2000 }, (_, at) => at * 1e-4 * (1 + (at % 3) / 10));
    const trace = { ...scenarioOf(poisson(1)).serves[0]?.arrivals, kind: 'trace', path: 't.csv', timesSeconds, origin };
    const { range, value } = rowOf(
      scenarioOf(trace as Arrivals, { warmupFraction: 0, duration: { kind: 'auto', maxRequests: 20_000 } }),
    );
    expect(range('p95 latency')).toEqual([value('p95 latency'), value('p95 latency')]);
  });

  test('of a capacity is the largest load that meets all objectives and the smallest larger one that violates one', () => {
    const { range, value } = rowOf(scenarioOf(poisson(20_000)), 'capacity');
    const [low, high] = range('capacity');
    expect(low).toBe(value('capacity'));
    expect(high).toBeGreaterThan(Number(low));
  });

  test('of several serves: a rate has none, a time has that of the longest serve', () => {
    const [first] = scenario.serves;
    if (first === undefined) throw new Error('a scenario has serves');
    const slow = tinyServe({ name: 'B', model: tinyModel([512, 512]), arrivals: poisson(5000), slos });
    const both = { ...scenario, serves: [first, slow] };
    const serves = simulateScenario(both)?.main.serves ?? [];
    const longest = serves.toSorted((a, b) => b.latency.p99 - a.latency.p99)[0]?.slos[0]?.measured;
    const { range } = rowOf(both);
    expect(range('throughput')).toEqual([null, null]);
    expect(range('latency')).toEqual([longest?.low, Number.isFinite(longest?.high) ? longest?.high : null]);
  });
});

describe('a row', () => {
  test('has the seed and the hash of its design, which its variants and places do not change', () => {
    const scenario = scenarioOf(poisson(20_000), { seed: 11 });
    const hash = rowOf(scenario).row.designHash;
    const moved = { ...scenario, origin: { uri: 'other.npu', start: 4, end: 9 } };
    expect(rowOf(scenario).row.seed).toBe(11);
    expect(rowOf(moved).row.designHash).toBe(hash);
    expect(rowOf({ ...scenario, seed: 12 }).row.designHash).not.toBe(hash);
    expect(rowOf(scenarioOf(poisson(20_001), { seed: 11 })).row.designHash).not.toBe(hash);
  });

  test('reports no further measures of a run that ended at its first violation', () => {
    const late = scenarioOf(poisson(20_000), { duration: { kind: 'auto', maxRequests: 20_000 } });
    const serves = late.serves.map((serve) => ({ ...serve, slos: [latencySlo(0.99, 1e-9)] }));
    const { value } = rowOf({ ...late, serves }, 'capacity');
    expect(value('p50 latency')).toBeNull();
    expect(value('chips')).toBe(1);
  });
});

test.each<[ExplorationMeasure, string, string]>([
  ['latency', 'p99LatencyLowSeconds', 'p99LatencyHighSeconds'],
  ['token throughput', 'outputTokensLowPerSecond', 'outputTokensHighPerSecond'],
  ['capacity', 'capacityLowRps', 'capacityHighRps'],
  ['accuracy', 'accuracyLowFraction', 'accuracyHighFraction'],
])('the keys of the interval of %s end in the unit', (measure, low, high) => {
  expect(intervalKeys(measure)).toEqual({ low, high });
});

test('no load that was tried is reported above saturation', () => {
  const scenario = scenarioOf(poisson(20_000), { npu: plainTpu, duration: { kind: 'auto', maxRequests: 8192 } });
  const input = runInputOf(scenario, 'S', plainTpu, scenario.scheduler, new TableCache());
  const [, high] = rowOf(scenario, 'capacity').range('capacity');
  expect((high ?? Number.NaN) / (20_000 / leastLoad(input))).toBeLessThanOrEqual(1 + 1e-9);
});

import { describe, expect, test } from 'vitest';
import {
  type ExplorationConstraint,
  type ExplorationMeasure,
  exploredTimes,
  goalMeasure,
  isExclusion,
  timeMeasure,
  timeStatistics,
} from '../../../design/index.ts';
import { exploreDesigns, simulateScenario } from '../../../simulator/index.ts';
import { latencySlo, origin, poisson } from '../serving/fixtures.ts';
import { tinyModel, tinyScenario, tinyServe } from './fixtures.ts';

/** Two serves, so that the sum, the longest and the lowest differ. */
const scenario = tinyScenario({
  serves: [
    tinyServe({ name: 'A', model: tinyModel([128, 256]), arrivals: poisson(20_000), slos: [latencySlo(0.99, 1)] }),
    tinyServe({ name: 'B', model: tinyModel([512, 512]), arrivals: poisson(5000), slos: [latencySlo(0.99, 1)] }),
  ],
  duration: { kind: 'requests', count: 3000 },
});

function explore(measures: readonly ExplorationMeasure[], ...constraints: readonly ExplorationConstraint[]) {
  const goals = measures.map((measure) => ({ sense: 'minimize', measure, origin }) as const);
  const found = exploreDesigns(goals, [{ design: 0, candidate: { kind: 'scenario', scenario } }], { constraints });
  if (found === undefined) throw new Error('the exploration was cancelled');
  return found;
}

const limit = (measure: ExplorationMeasure, value: number): ExplorationConstraint => ({
  measure,
  limit: value,
  text: `${measure} at ${value}`,
  origin,
});

describe('a goal has the value of the run', () => {
  const serves = simulateScenario(scenario)?.main.serves ?? [];
  const longest = (of: (serve: (typeof serves)[number]) => number): number => Math.max(...serves.map(of));

  test.each([
    ['latency', longest(({ latency }) => latency.p99)],
    ['mean latency', longest(({ latency }) => latency.mean)],
    ['p50 latency', longest(({ latency }) => latency.p50)],
    ['p90 latency', longest(({ latency }) => latency.p90)],
    ['p95 latency', longest(({ latency }) => latency.p95)],
    ['p99.9 latency', longest(({ latency }) => latency.p999)],
    ['max latency', longest(({ latency }) => latency.max)],
    ['throughput', serves.reduce((sum, { completedRps }) => sum + completedRps, 0)],
    ['goodput', serves.reduce((sum, { goodputRps }) => sum + goodputRps, 0)],
    ['token throughput', Number.NaN],
    ['p99 ttft', Number.NaN],
    ['mean tpot', Number.NaN],
  ] as const)('%s', (measure, expected) => {
    expect(explore([measure]).measures[0]?.[0]).toBe(expected);
  });
});

describe('a constraint on a measured value', () => {
  const p90 = explore(['p90 latency']).measures[0]?.[0] ?? Number.NaN;
  const rate = explore(['throughput']).measures[0]?.[0] ?? Number.NaN;
  const capacity = explore(['capacity']).measures[0]?.[0] ?? Number.NaN;

  test.each([
    ['p90 latency', p90, p90 * 0.999],
    ['throughput', rate, rate * 1.001],
    ['capacity', capacity, capacity * 1.001],
  ] as const)('%s keeps a design at its limit and excludes one beyond it', (measure, at, beyond) => {
    expect(explore(['goodput'], limit(measure, at)).problems).toEqual([]);
    const [problem] = explore(['goodput'], limit(measure, beyond)).problems;
    expect(problem?.message).toBe(`excluded by 'subject to ${measure} at ${beyond}'`);
  });

  test('gives a goal the same value as without it', () => {
    expect(explore(['capacity'], limit('capacity', 1)).measures[0]?.[0]).toBe(capacity);
    expect(explore(['p90 latency'], limit('throughput', 1)).measures[0]?.[0]).toBe(p90);
  });

  test('that the run did not measure is never treated as met', () => {
    const [problem] = explore(['goodput'], limit('p99 ttft', 1e9)).problems;
    expect(problem?.message).toBe("The run has no value for p99 TTFT, so 'p99 ttft at 1000000000' cannot be checked.");
    expect(isExclusion(problem?.message ?? '')).toBe(false);
  });
});

test('each measure of time has its own name and key', () => {
  const all = exploredTimes.flatMap((time) => timeStatistics.map((statistic) => timeMeasure({ statistic, time })));
  const shown = all.map((measure) => goalMeasure(measure));
  expect(new Set(shown.map(({ key }) => key)).size).toBe(all.length);
  expect(new Set(shown.map(({ name }) => name)).size).toBe(all.length);
  expect(goalMeasure('p99.9 ttft')).toMatchObject({ name: 'p99.9 TTFT', key: 'p999TtftSeconds' });
  expect(goalMeasure('max tpot')).toMatchObject({ name: 'largest TPOT', key: 'maxTpotSeconds' });
});

import { describe, expect, test } from 'vitest';
import type { Arrivals, Duration, Scenario } from '../../design/index.ts';
import { ChipTables, simulatePreview, simulateScenario } from '../../simulator/index.ts';
import { shortened } from '../../simulator/preview.ts';
import { tinyScenario, tinyServe } from './explore/fixtures.ts';
import { latencySlo, origin, poisson } from './serving/fixtures.ts';

const auto = (maxRequests: number): Duration => ({ kind: 'auto', maxRequests });
const count = (requests: number): Duration => ({ kind: 'requests', count: requests });
const time = (seconds: number): Duration => ({ kind: 'time', seconds });

const trace = (requests: number): Arrivals => ({
  kind: 'trace',
  path: 'day.csv',
  speedup: 1,
  timesSeconds: Float64Array.from({ length: requests }, (_, i) => i * 1e-3),
  origin,
});
const closed: Arrivals = { kind: 'closed', clients: 1, requestsPerQuery: 1, thinkSeconds: 1, origin };

function scenarioOf(duration: Duration, arrivals: Arrivals, more: Partial<Scenario> = {}): Scenario {
  return tinyScenario({ duration, serves: [tinyServe({ arrivals })], ...more });
}

describe('a preview of 1,000 requests', () => {
  test.each<[string, Duration, Arrivals, Duration]>([
    ['shortens a run until its verdicts are decided', auto(50_000), poisson(100), auto(1000)],
    ['keeps a smaller budget', auto(500), poisson(100), auto(500)],
    ['shortens a number of requests', count(2000), poisson(100), count(1000)],
    ['keeps a smaller number', count(1000), poisson(100), count(1000)],
    ['shortens a time', time(11), poisson(100), auto(1000)],
    ['keeps a shorter time', time(10), poisson(100), time(10)],
    ['shortens a time of a closed loop, whose rate only a run shows', time(10), closed, auto(1000)],
    ['replays the beginning of a trace', auto(500), trace(1001), count(1000)],
    ['replays a whole shorter trace', auto(500), trace(1000), auto(500)],
    ['replays the beginning of a time of a trace', time(1.5), trace(4000), count(1000)],
    ['keeps a shorter time of a trace', time(0.9), trace(4000), time(0.9)],
  ])('%s', (_, duration, arrivals, expected) => {
    expect(shortened(scenarioOf(duration, arrivals), 1000).duration).toEqual(expected);
  });

  test('accepts no cut of a trace, because the whole run may not cut it', () => {
    const accepts = ['trace-cut', 'trace-rows'] as const;
    expect(shortened(scenarioOf(auto(500), trace(4000), { accepts }), 1000).accepts).toEqual(['trace-rows']);
    expect(shortened(scenarioOf(auto(500), trace(900), { accepts }), 1000).accepts).toEqual(accepts);
  });
});

const preview = (scenario: Scenario, requests: number) => {
  const run = simulatePreview(scenario, requests, new ChipTables().keep, {});
  if (run === undefined) throw new Error('cancelled without a request');
  return run;
};

const limited = (limitSeconds: number) =>
  tinyScenario({ duration: auto(50_000), serves: [tinyServe({ slos: [latencySlo(0.99, limitSeconds)] })] });

describe('the verdicts of a preview', () => {
  test('are those of the same short run', () => {
    const short = { ...limited(1e-3), duration: auto(2000) };
    expect(preview(limited(1e-3), 2000).serves).toEqual(simulateScenario(short)?.main.serves);
  });

  test('are undecided where only the whole run decides, and decided where the short run does', () => {
    const whole = (limitSeconds: number) => simulateScenario(limited(limitSeconds))?.main.serves[0]?.slos[0]?.verdict;
    const short = (limitSeconds: number, requests: number) =>
      preview(limited(limitSeconds), requests).serves[0]?.slos[0]?.verdict;
    expect([whole(5e-6), whole(1e-5)]).toEqual(['violated', 'met']);
    expect([short(5e-6, 200), short(1e-5, 200), short(1, 3000)]).toEqual(['violated', 'undecided', 'met']);
  });

  test('of the beginning of a trace are undecided, without advice for the whole run', () => {
    const scenario = scenarioOf(auto(500), trace(4000), { accepts: ['trace-cut'] });
    const run = preview(scenario, 1000);
    expect(run.caveats).toEqual([]);
    expect(run.serves[0]?.counts.arrived).toBe(1000);
    expect(run.serves[0]?.slos[0]).toMatchObject({ verdict: 'undecided', undecided: 'short-run' });
    expect(run.serves[0]?.slos[0]?.open).toBeUndefined();
  });
});

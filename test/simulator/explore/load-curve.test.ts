import { describe, expect, test } from 'vitest';
import type { LoadLine, Scenario } from '../../../design/index.ts';
import { capacity, loadCurve, simulateScenario } from '../../../simulator/index.ts';
import { latencySlo, origin } from '../serving/fixtures.ts';
import { tinyScenario, tinyServe } from './fixtures.ts';

function curveOf(of: Scenario) {
  const curve = loadCurve(of);
  if (curve === undefined) throw new Error('the computation was cancelled');
  return curve;
}

function line(lines: readonly LoadLine[], kind: LoadLine['kind']): LoadLine {
  const found = lines.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no line ${kind}`);
  return found;
}

describe('a load curve', () => {
  const curve = curveOf(tinyScenario());
  const design = line(curve.lines, 'design');
  const base = line(curve.lines, 'base-only');

  test('has ascending loads and equals the run of the panel at the load as written', () => {
    const factors = design.points.map(({ factor }) => factor);
    expect(factors).toEqual(factors.toSorted((a, b) => a - b));
    const own = design.points.find(({ factor }) => factor === 1);
    const run = simulateScenario(tinyScenario())?.main.serves[0];
    expect(own?.latencySeconds).toBe(run?.latency.p99);
    // What arrived in the run, not the stated 20,000 per second.
    expect(own?.offeredRps).toBe(run?.offeredRps);
    expect(own?.offeredRps).toBeCloseTo(20_000, -3);
    expect(own?.completedRps).toBe(run?.completedRps);
    expect(curve.serves).toEqual([
      { name: 'Tiny', origin, fraction: 0.99, limitSeconds: 1e-3, measure: 'p99 latency' },
    ]);
  });

  test('uses the same requests for both policies, and base mode overloads earlier and keeps its accuracy', () => {
    expect(base.points.map(({ factor }) => factor)).toEqual(design.points.map(({ factor }) => factor));
    expect(base.points.every(({ burstShare, accuracy }) => burstShare === 0 && accuracy === 0.76)).toBe(true);
    const carried = ({ points }: LoadLine) =>
      Math.max(...points.filter(({ latencySeconds }) => latencySeconds <= 1e-3).map(({ factor }) => factor));
    expect(carried(design)).toBeGreaterThan(carried(base));
    // In overload, base mode completes the same rate for each offered load.
    expect(Math.max(...base.points.map(({ completedRps }) => completedRps))).toBeLessThan(
      Math.max(...design.points.map(({ completedRps }) => completedRps)),
    );
  });

  test('has its knee at the largest ratio of load to latency, below overload', () => {
    for (const { points, knee } of [design, base]) {
      expect(knee).toBeGreaterThan(0);
      expect(knee).toBeLessThan(points.length - 1);
      const power = points.map(({ offeredRps, overloaded, latencySeconds }) =>
        overloaded ? 0 : offeredRps / latencySeconds,
      );
      expect(power[knee]).toBe(Math.max(...power));
    }
    expect(design.points[design.knee]?.factor).toBeGreaterThanOrEqual(base.points[base.knee]?.factor ?? Number.NaN);
  });
});

test('has one line for a policy that never uses burst mode', () => {
  const never = tinyScenario();
  const { lines } = curveOf({ ...never, scheduler: { ...never.scheduler, burst: { kind: 'never' } } });
  expect(lines.map(({ kind }) => kind)).toEqual(['design']);
});

test('reports its progress, and ends when it is cancelled', () => {
  const seen: number[] = [];
  loadCurve(tinyScenario(), { onProgress: (fraction) => seen.push(fraction) });
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
  let asked = 0;
  expect(loadCurve(tinyScenario(), { isCancelled: () => ++asked > 2 })).toBeUndefined();
});

describe('a load curve of traffic with bursts', () => {
  const bursty = tinyScenario();
  const [serve] = bursty.serves;
  if (serve === undefined) throw new Error('no serve');
  const arrivals = {
    kind: 'bursty',
    lowRatePerSecond: 15_000,
    highRatePerSecond: 35_000,
    meanLowSeconds: 0.09,
    meanHighSeconds: 0.03,
    origin,
  } as const;
  const { lines } = curveOf({ ...bursty, serves: [{ ...serve, arrivals }] });

  test('has ascending loads, which are those that arrived, and the same factors in both lines', () => {
    for (const { points } of lines) {
      expect(points.some(({ offeredRps, factor }) => Math.abs(offeredRps / (factor * 20_000) - 1) > 0.01)).toBe(true);
    }
    const [design, base] = lines.map(({ points }) => points);
    const offered = design?.map(({ offeredRps }) => offeredRps) ?? [];
    expect(offered).toEqual(offered.toSorted((a, b) => a - b));
    expect(base?.map(({ factor }) => factor)).toEqual(design?.map(({ factor }) => factor));
  });

  test('is overloaded only where more arrives than is completed, and its knee is below', () => {
    for (const { points, knee } of lines) {
      for (const { overloaded, offeredRps, completedRps } of points) {
        if (overloaded) expect(completedRps).toBeLessThan(0.98 * offeredRps);
      }
      expect(points[knee]?.overloaded).toBe(false);
    }
    // Base mode completes at most this rate, whatever is offered.
    const base = lines[1]?.points ?? [];
    const most = Math.max(...base.map(({ completedRps }) => completedRps));
    expect(base.filter(({ overloaded }) => overloaded).length).toBe(
      base.filter(({ offeredRps }) => offeredRps > 1.05 * most).length,
    );
  });
});

describe('a load curve and the search for a capacity', () => {
  const written = tinyScenario({ duration: { kind: 'auto', maxRequests: 200_000 } });
  test.each([
    ['poisson', written],
    // The 40,000 requests of a point have too few beyond it.
    ['a high percentile', { ...written, serves: [tinyServe({ slos: [latencySlo(0.9998, 1e-3)] })] }],
    ['two objectives', { ...written, serves: [tinyServe({ slos: [latencySlo(0.5, 2e-4), latencySlo(0.99, 6e-4)] })] }],
  ])('give the same answer: %s', (_, scenario) => {
    const found = capacity(scenario);
    const low = found?.low?.factor ?? Number.NaN;
    const high = found?.high?.factor ?? Number.NaN;
    const points = line(curveOf(scenario).lines, 'design').points;
    const verdictsOf = (isMeant: (factor: number) => boolean) =>
      new Set(points.filter(({ factor }) => isMeant(factor)).map(({ verdict }) => verdict));
    expect([...verdictsOf((factor) => factor <= low)]).toEqual(['met']);
    expect([...verdictsOf((factor) => factor >= high)]).toEqual(['violated']);
  });

  test('have the same caveat if the worst part of the traffic decides', () => {
    const arrivals = { kind: 'diurnal', ratePerSecond: 20_000, amplitude: 0.5, periodSeconds: 86_400, origin } as const;
    const serves = [{ ...tinyServe(), arrivals }];
    const slow = { ...written, serves, duration: { kind: 'auto', maxRequests: 20_000 } as const };
    const codes = capacity(slow)?.caveats.map(({ code }) => code) ?? [];
    expect(codes).not.toEqual([]);
    expect(curveOf(slow).caveats.map(({ code }) => code)).toEqual(codes);
  });
});

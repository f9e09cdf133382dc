import { describe, expect, test } from 'vitest';
import { exactCapacity } from '../../../bench/coverage/exact-capacity.ts';
import { type Npu, runVerdict, type Scenario, type Verdict } from '../../../design/index.ts';
import { capacity, runInputOf, simulateScenario, TableCache } from '../../../simulator/index.ts';
import { leastLoad, RandomStream, scaleArrivals, simulateRun } from '../../../simulator/serving/index.ts';
import { series } from '../../series.ts';
import { plainTpu, stimpack } from '../hardware/fixtures.ts';
import { latencySlo, origin, poisson } from '../serving/fixtures.ts';
import { tinyModel, tinyScenario, tinyServe } from './fixtures.ts';

function scenario(npu: Npu, options: Partial<Scenario> = {}): Scenario {
  return tinyScenario({ npu, duration: { kind: 'auto', maxRequests: series(8192, 32_768) }, ...options });
}

function at(base: Scenario, factor: number): Scenario {
  return {
    ...base,
    serves: base.serves.map((serve) => ({ ...serve, arrivals: scaleArrivals(serve.arrivals, factor) })),
  };
}

/** The verdict of one run, which ends at the first violation as the runs of a search do. */
function verdictOf(of: Scenario): Verdict | undefined {
  const run = simulateRun(runInputOf(of, of.name, of.npu, of.scheduler, new TableCache()), { endsAtViolation: true });
  return run === undefined ? undefined : runVerdict(run);
}

function found(of: Scenario) {
  const result = capacity(of);
  if (result === undefined) throw new Error('the search was cancelled');
  return result;
}

const accuracy = { metric: 'accuracy', limit: 0.755, text: 'accuracy >= 75.5 %', origin } as const;

describe('capacity', () => {
  const designs: readonly (readonly [string, Scenario])[] = [
    ['a conventional chip', scenario(plainTpu)],
    [
      'a chip with a burst mode and an accuracy objective',
      scenario(stimpack, { serves: [tinyServe({ slos: [latencySlo(0.99, 1e-3), accuracy] })] }),
    ],
    [
      'two chips, two networks, edf, bursty traffic',
      scenario(stimpack, {
        chips: 2,
        scheduler: { ...scenario(stimpack).scheduler, order: 'edf' },
        serves: [
          tinyServe(),
          tinyServe({
            name: 'Other',
            arrivals: {
              kind: 'bursty',
              lowRatePerSecond: 5000,
              highRatePerSecond: 20_000,
              meanLowSeconds: 2e-4,
              meanHighSeconds: 1e-4,
              origin,
            },
            slos: [latencySlo(0.95, 3e-3)],
          }),
        ],
      }),
    ],
  ];

  test.each(designs)('of %s agrees with an exhaustive search', (_, design) => {
    const { low, high, exceptions, limit } = found(design);
    if (low === null || high === null) throw new Error('these designs have a capacity');
    expect(exceptions).toEqual([]);
    expect(limit).not.toBeNull();
    const step = series(0.08, 0.04) * high.factor;
    const grid: { factor: number; verdict: string | undefined }[] = [];
    for (let factor = 0.6 * high.factor; factor < 1.1 * high.factor; factor += step) {
      grid.push({ factor, verdict: verdictOf(at(design, factor)) });
    }
    for (const { factor, verdict } of grid) {
      if (factor <= low.factor) expect(verdict).not.toBe('violated');
      if (factor >= high.factor) expect(verdict).not.toBe('met');
    }
    // The interval is as narrow as the verdicts of the grid allow. Loads that no budget can decide are between its ends.
    const unmet = grid.find(({ verdict }) => verdict !== 'met')?.factor ?? 0;
    const violated = grid.find(({ verdict }) => verdict === 'violated')?.factor ?? 0;
    expect(low.factor).toBeGreaterThanOrEqual(unmet - 3 * step);
    expect(high.factor).toBeLessThanOrEqual(violated + step);
    expect(high.factor).toBeLessThan(1.5 * low.factor);
  });

  test('is the same interval for each load as written in the scenario', () => {
    const written = found(scenario(plainTpu));
    const tenfold = found(at(scenario(plainTpu), 10));
    expect((tenfold.low?.offeredRps ?? 0) / (written.low?.offeredRps ?? 1)).toBeCloseTo(1, 2);
  });

  test('increases with more chips, with burst mode and with a higher limit', () => {
    const rps = (of: Scenario) => found(of).low?.offeredRps ?? 0;
    const plain = rps(scenario(plainTpu));
    expect(rps(scenario(plainTpu, { chips: 2 }))).toBeGreaterThan(1.9 * plain);
    expect(rps(scenario(stimpack))).toBeGreaterThan(1.1 * plain);
    expect(rps(scenario(plainTpu, { serves: [tinyServe({ slos: [latencySlo(0.99, 4e-3)] })] }))).toBeGreaterThanOrEqual(
      plain,
    );
  });

  test('reports that small loads violate the limit if batches wait for their timeout', () => {
    // At a low load, a request waits 0.9 ms for other requests. At a high load, its batch fills immediately.
    const batch = { maxSize: 4, timeoutSeconds: 9e-4 };
    const { low, exceptions, probes } = found(
      scenario(plainTpu, { serves: [tinyServe({ batch, slos: [latencySlo(0.99, 6e-4)] })] }),
    );
    expect(low).not.toBeNull();
    expect(exceptions.length).toBeGreaterThan(0);
    for (const { factor, verdict } of exceptions) {
      expect(verdict).toBe('violated');
      expect(factor).toBeLessThan(low?.factor ?? 0);
    }
    expect(probes.map(({ factor }) => factor)).toEqual(probes.map(({ factor }) => factor).sort((a, b) => a - b));
  });

  test('has no lower end if no load meets the limit', () => {
    const { low, high, limit } = found(scenario(plainTpu, { serves: [tinyServe({ slos: [latencySlo(0.99, 1e-6)] })] }));
    expect(low).toBeNull();
    expect(high).not.toBeNull();
    expect(limit).toMatchObject({ serve: 'Tiny', verdict: 'violated' });
  });

  test('does not exist without an objective', () => {
    expect(found(scenario(plainTpu, { serves: [tinyServe({ slos: [] })] }))).toMatchObject({
      low: null,
      high: null,
      probes: [],
    });
  });

  test('replays a trace faster', () => {
    const timesSeconds = Float64Array.from({ length: 5000 }, (_, i) => i * 1e-4);
    const arrivals = { kind: 'trace', path: 'x.csv', speedup: 1, timesSeconds, origin } as const;
    const { low, high } = found(scenario(plainTpu, { serves: [tinyServe({ arrivals })] }));
    expect(low?.requests).toBe(5000);
    expect(high?.factor ?? 0).toBeGreaterThan(low?.factor ?? 0);
  });

  test('never exceeds saturation, for each kind of objective', () => {
    // An overloaded chip has a throughput, but it cannot serve the load.
    const throughput = { metric: 'throughput', limitPerSecond: 1000, text: 'throughput', origin } as const;
    const design = scenario(plainTpu, { serves: [tinyServe({ slos: [throughput] })] });
    const { low, high } = found(design);
    const saturation = 20_000 / leastLoad(runInputOf(design, 'S', plainTpu, design.scheduler, new TableCache()));
    expect(low?.offeredRps ?? 0).toBeLessThan(saturation);
    expect((high?.offeredRps ?? 0) / saturation).toBeLessThan(1 + 1e-9);
  });

  test('contains the exact capacity of M/D/1', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const { truthRps, low, high } = exactCapacity(0.8, seed, 32_768);
      expect(low).toBeLessThanOrEqual(truthRps);
      expect(high).toBeGreaterThanOrEqual(truthRps);
      expect(low).toBeGreaterThan(0.6 * truthRps);
    }
  });

  test('of a closed loop is the throughput of the scenario', () => {
    const loop = { kind: 'closed', clients: 1, requestsPerQuery: 1, thinkSeconds: 0, origin } as const;
    const open = scenario(plainTpu);
    const closed: Scenario = { ...open, serves: open.serves.map((serve) => ({ ...serve, arrivals: loop })) };
    const result = capacity(closed);
    const own = simulateScenario(closed)?.main.serves.reduce((sum, serve) => sum + serve.completedRps, 0);
    expect(result?.probes.map(({ factor }) => factor)).toEqual([1]);
    expect((result?.low ?? result?.high)?.offeredRps).toBeCloseTo(own ?? Number.NaN, -1);
    expect(result?.caveats).toEqual([]);
    expect(result?.statedInputs?.join()).toContain('no load to scale');
    expect(result?.followsChips).toBe(true);
  });

  describe('of traffic whose rate changes too slowly for the budget', () => {
    const single = { batch: { maxSize: 1, timeoutSeconds: 0 }, slos: [latencySlo(0.99, 1e-3)] };
    const day = { kind: 'diurnal', ratePerSecond: 1000, amplitude: 0.5, periodSeconds: 86_400, origin } as const;
    const long = {
      kind: 'bursty',
      lowRatePerSecond: 500,
      highRatePerSecond: 2000,
      meanLowSeconds: 7200,
      meanHighSeconds: 3600,
      origin,
    } as const;
    const saturation = (design: Scenario) =>
      1000 / leastLoad(runInputOf(design, 'S', design.npu, design.scheduler, new TableCache()));

    test('of a day follows from its peak, not from its mean', () => {
      const design = scenario(plainTpu, { serves: [tinyServe({ ...single, arrivals: day })] });
      const peak = saturation(design) / 1.5;
      const { low, high, overload, caveats } = found(design);
      expect(high?.offeredRps ?? 0).toBeLessThan(1.03 * peak);
      expect(low?.offeredRps ?? 0).toBeLessThan(peak);
      expect(low?.offeredRps ?? 0).toBeGreaterThan(0.8 * peak);
      expect(overload?.periodSeconds).toBe(86_400);
      expect(low?.verdict).toBe('met');
      expect(caveats).toEqual([]);
    });

    test('with batches stays undecided, because they can be slower at a lower rate', () => {
      const design = scenario(plainTpu, { serves: [tinyServe({ arrivals: day, slos: single.slos })] });
      const { low, high, caveats } = found(design);
      expect(caveats.map(({ code }) => code)).toEqual(['steady-traffic']);
      expect(low?.verdict).toBe('undecided');
      expect(high?.offeredRps ?? 0).toBeLessThan((1.03 * saturation(design)) / 1.5);
    });

    test('includes a load with long bursts if steady traffic at their rate meets the objective', () => {
      const design = scenario(plainTpu, { serves: [tinyServe({ ...single, arrivals: long })] });
      const { low, high } = found(design);
      const mean = saturation(design);
      expect(low?.offeredRps ?? 0).toBeGreaterThan(0.4 * mean);
      expect(low?.offeredRps ?? 0).toBeLessThan(0.5 * mean);
      expect(high?.offeredRps ?? 0).toBeLessThanOrEqual(mean * (1 + 1e-9));
    });

    test('does not use the peak for a throughput', () => {
      const throughput = { metric: 'throughput', limitPerSecond: 10, text: 'throughput', origin } as const;
      const design = scenario(plainTpu, { serves: [tinyServe({ ...single, arrivals: day, slos: [throughput] })] });
      expect(found(design).low).toBeNull();
    });
  });

  test('has a caveat if the search stopped at the fastest replay of a trace', () => {
    const timesSeconds = Float64Array.from({ length: 3 }, (_, i) => i);
    const arrivals = { kind: 'trace', path: 'x.csv', speedup: 1, timesSeconds, origin } as const;
    const { high, caveats } = found(
      scenario(plainTpu, { serves: [tinyServe({ arrivals, slos: [latencySlo(0.5, 1)] })] }),
    );
    expect(high).toBeNull();
    expect(caveats).toMatchObject([{ code: 'search-limit', effect: { kind: 'none' } }]);
    expect(caveats[0]?.text).toMatch(/tried no load above .* rps/);
  });

  test('has a caveat if the search stopped at the lowest load', () => {
    const { low, caveats } = found(scenario(plainTpu, { serves: [tinyServe({ slos: [latencySlo(0.99, 1e-6)] })] }));
    expect(low).toBeNull();
    expect(caveats[0]?.text).toMatch(/tried no load below .* rps/);
  });

  describe('never exceeds the saturation of the best batch and mode', () => {
    const other = tinyModel([256]);
    const rules = tinyScenario().scheduler;
    const bursty = {
      kind: 'bursty',
      lowRatePerSecond: 5000,
      highRatePerSecond: 20_000,
      meanLowSeconds: 2e-4,
      meanHighSeconds: 1e-4,
      origin,
    } as const;
    const loose = [latencySlo(0.5, 1)];
    test.each<[string, Npu, Partial<Scenario>]>([
      [
        'of a mix',
        plainTpu,
        { serves: [tinyServe({ slos: loose }), tinyServe({ name: 'B', model: other, slos: loose })] },
      ],
      ['of four chips', plainTpu, { chips: 4, serves: [tinyServe({ slos: loose })] }],
      ['of a policy that uses burst mode', stimpack, { serves: [tinyServe({ slos: loose })] }],
      [
        'of a chip that always uses burst mode',
        stimpack,
        { scheduler: { ...rules, burst: { kind: 'always' } }, serves: [tinyServe({ slos: loose })] },
      ],
      [
        'of a threshold',
        stimpack,
        { scheduler: { ...rules, burst: { kind: 'queue', threshold: 8 } }, serves: [tinyServe({ slos: loose })] },
      ],
      ['of bursts on three chips', stimpack, { chips: 3, serves: [tinyServe({ arrivals: bursty, slos: loose })] }],
      [
        'of a serve with priority and one without an objective',
        plainTpu,
        {
          scheduler: { ...rules, order: 'priority' },
          serves: [tinyServe({ slos: loose, priority: 1 }), tinyServe({ name: 'B', slos: [] })],
        },
      ],
    ])('%s', (_, npu, options) => {
      const design = scenario(npu, { duration: { kind: 'requests', count: 3000 }, ...options });
      const { low, high, probes } = found(design);
      const load = leastLoad(runInputOf(design, 'S', npu, design.scheduler, new TableCache()));
      expect(low?.factor ?? 0).toBeLessThan(1 / load);
      expect(high?.factor ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual((1 + 1e-9) / load);
      for (const { factor, verdict } of probes) if (factor >= 1 / load) expect(verdict).toBe('violated');
    });
  });

  test('a cancelled search has no result', () => {
    expect(capacity(scenario(plainTpu), { isCancelled: () => true })).toBeUndefined();
  });
});

/** A recording at a sixth of saturation. Its clock has a step as long as a request, unless `isFine`. */
function recording(isFine: boolean, accepts: Scenario['accepts'] = []): Scenario {
  const plain = scenario(plainTpu, {
    serves: [tinyServe({ arrivals: poisson(1), batch: { maxSize: 1, timeoutSeconds: 0 } })],
  });
  const seconds = leastLoad(runInputOf(plain, 'S', plainTpu, plain.scheduler, new TableCache()));
  const random = new RandomStream(7, 1);
  let time = 0;
  const timesSeconds = Float64Array.from({ length: 2000 }, () => {
    time += 6 * seconds * random.exponential();
    return isFine ? time : Math.floor(time / seconds) * seconds;
  });
  const step = isFine ? {} : { stepSeconds: seconds };
  const arrivals = { kind: 'trace', path: 'a.csv', speedup: 1, timesSeconds, ...step, origin } as const;
  const [own] = plain.serves;
  const serves = own === undefined ? [] : [{ ...own, arrivals, slos: [latencySlo(0.9, 1.25 * seconds)] }];
  return { ...plain, serves, warmupFraction: 0, duration: { kind: 'auto', maxRequests: 1e6 }, accepts };
}

describe('the capacity of a recording with a coarse clock', () => {
  test('contains the one of the true times', () => {
    const truth = found(recording(true)).low?.factor ?? Number.NaN;
    const coarse = found(recording(false));
    expect(coarse.low?.factor).toBeLessThan(truth);
    expect(coarse.high?.factor).toBeGreaterThan(truth);
    expect([coarse.low?.verdict, coarse.high?.verdict]).toEqual(['met', 'violated']);
    expect(coarse.caveats.map(({ code }) => code)).toEqual(['trace-resolution']);
  });

  test('is that of the times as they are if the file accepts them', () => {
    const stated = found(recording(false, ['trace-resolution']));
    expect((stated.high?.factor ?? 0) / (stated.low?.factor ?? 1)).toBeLessThan(1.02);
    expect(stated.caveats).toEqual([]);
    expect(stated.statedInputs?.[0]).toMatch(/^Accepted \(trace-resolution\)/);
  });
});

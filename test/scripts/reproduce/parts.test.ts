import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../scripts/reproduce/produce.ts';
import { serviceTimes } from '../../../scripts/reproduce/service-times.ts';
import { loadSubjects, schemes } from '../../../scripts/reproduce/subjects.ts';
import { seven, spread } from '../../../scripts/reproduce/summary.ts';
import { barChart, lineChart } from '../../../scripts/reproduce/svg.ts';
import { factor, gain, list, percent, rps, three } from '../../../scripts/reproduce/text.ts';
import { atLoad, offerOf, requestShares } from '../../../scripts/reproduce/traffic.ts';
import { costModel } from '../../../simulator/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const subjects = await loadSubjects(root);

describe('the experiment', () => {
  it('has the seven networks, one more, and the mixes, each with every scheme', () => {
    const alone = subjects.filter((one) => one.scenario.serves.length === 1).map((one) => one.name);
    expect(alone).toEqual([...seven, 'ViT']);
    for (const { contenders } of subjects) {
      expect(Object.keys(contenders)).toEqual([...schemes]);
      expect(contenders.tpuv4i.npu.burst).toBeNull();
      expect(contenders['on-chip'].npu.quantizer.source).toBe('on-chip');
      expect(contenders['off-chip'].npu.quantizer.source).toBe('off-chip');
      expect(contenders.stored.npu.quantizer.source).toBe('stored');
      expect(contenders.always.scheduler.burst.kind).toBe('always');
      expect(contenders.oracle.scheduler.burst.kind).toBe('oracle');
    }
  });

  it('keeps the mean rate under both kinds of traffic', () => {
    for (const { scenario } of subjects) {
      expect(requestShares(scenario).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      for (const traffic of ['poisson', 'bursty'] as const) {
        let rate = 0;
        for (const { arrivals } of atLoad(offerOf(scenario, traffic, 1000, 1), 1000).serves) {
          if (arrivals.kind === 'poisson') rate += arrivals.ratePerSecond;
          if (arrivals.kind === 'bursty') {
            const { lowRatePerSecond, highRatePerSecond, meanLowSeconds, meanHighSeconds } = arrivals;
            const requests = lowRatePerSecond * meanLowSeconds + highRatePerSecond * meanHighSeconds;
            rate += requests / (meanLowSeconds + meanHighSeconds);
          }
        }
        expect(rate).toBeCloseTo(1000, 6);
      }
    }
  });
});

describe('one request', () => {
  it('takes the time of the layer table, in base mode and, after the first request, in burst mode', () => {
    for (const { scenario, contenders } of subjects) {
      const [serve] = scenario.serves;
      if (serve === undefined || scenario.serves.length > 1) continue;
      const { npu } = contenders['on-chip'];
      const times = serviceTimes(npu, serve.model);
      expect(times.base.seconds).toBeCloseTo(costModel(npu, serve.model, 'base', 1).seconds, 9);
      expect(times.steady.seconds).toBeCloseTo(costModel(npu, serve.model, 'burst', 1).seconds, 9);
      expect(times.first.seconds).toBeGreaterThanOrEqual(times.steady.seconds);
    }
  });
});

describe('a spread', () => {
  const values = [
    { network: 'A', factor: 1.5 },
    { network: 'B', factor: 0.9 },
    { network: 'C', factor: null },
  ];
  it('names the networks that lose and those without a value, besides the mean', () => {
    expect(spread({ name: 'm', paper: null, values })).toEqual({
      mean: 1.2,
      least: { network: 'B', factor: 0.9 },
      most: { network: 'A', factor: 1.5 },
      losers: ['B'],
      missing: ['C'],
    });
  });
});

describe('text', () => {
  const cases: readonly (readonly [string, string])[] = [
    [gain(1.484), '+48.4 %'],
    [gain(0.9), '−10.0 %'],
    [gain(null), '–'],
    [factor(1.836), '1.84'],
    [percent(0.99786, 2), '99.79 %'],
    [three(0.12345), '0.123'],
    [three(0), '0'],
    [rps(11456.4), '11456'],
    [rps(99.66), '99.7'],
    [list(['a', 'b', 'c']), 'a, b and c'],
    [list([]), ''],
  ];
  for (const [written, expected] of cases) it(expected, () => expect(written).toBe(expected));
});

describe('plots', () => {
  const plot = {
    title: 'a & b',
    yLabel: 'y',
    reference: 1,
    ticks: ['1', '2'],
    series: [
      { name: 'up', values: [1, 2] },
      { name: 'gap', values: [null, 0.5] },
    ],
  };
  it('have a bar for each value, and none for a missing value', () => {
    const svg = barChart(plot);
    expect(svg.match(/<rect/g)).toHaveLength(3 + 2);
    expect(svg).toContain('<title>a &amp; b</title>');
  });
  it('have a line and a shape for each series', () => {
    const svg = lineChart(plot, 'x');
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(2 + 1);
  });
  it('have an axis if every value is 0 or missing', () => {
    const zeros = { ...plot, reference: 0, series: [{ name: 'none', values: [0, null] }] };
    for (const svg of [barChart(zeros), lineChart(zeros, 'x')]) expect(svg).not.toMatch(/NaN|Infinity/);
  });
});

describe('the check', () => {
  const files = new Map([
    ['docs/a.md', 'one\ntwo\n'],
    ['docs/b.md', 'same\n'],
    ['docs/c.md', 'new\n'],
  ]);
  it('names the file, the line and the text that would be written', () => {
    const there = new Map([
      ['docs/a.md', 'one\nthree\n'],
      ['docs/b.md', 'same\n'],
    ]);
    expect(differences(files, (path) => there.get(path))).toEqual([
      'docs/a.md:2 disagrees with the code (npm run reproduce rewrites it): two',
      'docs/c.md is missing: npm run reproduce writes it',
    ]);
  });
});

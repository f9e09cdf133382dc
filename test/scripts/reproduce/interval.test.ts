import { describe, expect, it } from 'vitest';
import { confidenceTable, widths } from '../../../scripts/reproduce/interval.ts';
import { gainOf } from '../../../scripts/reproduce/paired-gain.ts';
import type { ServingFindings } from '../../../scripts/reproduce/serving.ts';
import type { StatedLoad } from '../../../scripts/reproduce/stated-load.ts';

const load = (metRps: number | null, violatedRps: number | null): StatedLoad => ({
  metRps,
  violatedRps,
  saturationRps: 300,
  at: null,
});
const none = load(null, null);

function found(
  subject: string,
  tpuv4i: StatedLoad,
  own: StatedLoad,
  ratios: readonly number[] | null,
): ServingFindings {
  return {
    subject,
    traffic: 'poisson',
    load: { tpuv4i, 'on-chip': own, 'off-chip': none, stored: none, always: none, oracle: none },
    accurate: none,
    gain: ratios === null ? null : gainOf(ratios, 0.99),
    atBaseline: null,
    tuned: null,
    alternatives: null,
  };
}

const all = [
  found('A', load(100, 110), load(165, 200), [1.6, 1.7]),
  found('B', load(100, 150), load(120, 180), [0.9, 1.5]),
  found('C', load(null, 50), load(40, 60), null),
];

it('reports the intervals of the loads, their saturation, and the networks with a certain gain', () => {
  const text = confidenceTable(all, 0.99);
  expect(text).toContain('at 99 % confidence');
  expect(text).toContain('| A | 100 | 110 | 10.0 % | 300 | 165 | 200 | 21.2 % | 300 | 1.65 |');
  expect(text).toContain('| C | – | 50 | – | 300 | 40 | 60 | 50.0 % | 300 | – | – | – |');
  expect(text).toContain('For C, the search found no load');
  expect(text).toContain('The gain is certain for no network.');
});

it('reports the median width', () => {
  const { half, widest } = widths(all);
  expect(half).toBeCloseTo(0.5, 12);
  expect(widest).toBeCloseTo(0.5, 12);
  expect(widths([])).toEqual({ half: null, widest: null });
});

describe('a paired gain', () => {
  it('is the mean of the ratios, with Student’s interval', () => {
    const ratios = [1.9, 2.0, 2.1, 2.0, 1.95, 2.05, 2.0, 1.9, 2.1, 2.0];
    const gain = gainOf(ratios, 0.99);
    expect(gain?.mean).toBeCloseTo(2, 12);
    // t(0.995, 9) = 3.2498, standard deviation 0.07071.
    expect((gain?.high ?? 0) - 2).toBeCloseTo((3.2498 * 0.070711) / Math.sqrt(10), 3);
    expect(2 - (gain?.low ?? 0)).toBeCloseTo((gain?.high ?? 0) - 2, 12);
  });

  it('needs two pairs', () => {
    expect(gainOf([2], 0.99)).toBeNull();
  });
});

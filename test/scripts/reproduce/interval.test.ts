import { expect, it } from 'vitest';
import type { Capacity, LoadInterval } from '../../../scripts/reproduce/capacity.ts';
import { confidenceTable, widths } from '../../../scripts/reproduce/interval.ts';
import type { ServingFindings } from '../../../scripts/reproduce/serving.ts';

const none: Capacity = { at: null, step: null };

function found(subject: string, tpuv4i: LoadInterval | null, own: LoadInterval | null): ServingFindings {
  return {
    subject,
    traffic: 'poisson',
    capacity: { tpuv4i: none, 'on-chip': none, 'off-chip': none, stored: none, always: none, oracle: none },
    interval: { tpuv4i, 'on-chip': own },
    accurate: none,
    atBaseline: null,
    runs: 0,
  };
}

const all = [
  found('A', { met: 100, violated: 110 }, { met: 165, violated: 200 }),
  // The measured load is larger, but the ranges overlap, so the gain is not certain.
  found('B', { met: 100, violated: 150 }, { met: 120, violated: 180 }),
  found('C', { met: null, violated: 50 }, { met: 40, violated: 60 }),
  found('D', null, null),
];

it('reports the range of a gain, and the networks with a certain gain', () => {
  const text = confidenceTable(all, 0.99);
  expect(text).toContain('at 99 % confidence');
  expect(text).toContain('| A | 100 | 110 | 10 % | 165 | 200 | 21 % | 1.50 | 2.00 |');
  expect(text).toContain('| B | 100 | 150 | 50 % | 120 | 180 | 50 % | 0.80 | 1.80 |');
  expect(text).toContain('| C | – | 50 | – | 40 | 60 | 50 % | 0.80 | – |');
  expect(text).toContain('| D | none | none | – | none | none | – | – | – |');
  expect(text).toContain('For C and D, no load down to half');
  expect(text).toContain('The gain is certain for A.');
});

it('reports the median width', () => {
  const { half, widest } = widths(all);
  expect(half).toBeCloseTo(0.5, 12);
  expect(widest).toBeCloseTo(0.5, 12);
  expect(widths([])).toEqual({ half: null, widest: null });
});

import { expect, test } from 'vitest';
import type { SloOutcome } from '../../../design/index.ts';
import { measuredBeside, relaxedLimits } from '../../../server/fixes/relaxed-limits.ts';

const outcome = (slo: object, value: number, low: number, high: number) =>
  ({ slo, measured: { value, low, high } }) as SloOutcome;

test.each([
  // A run that ended early has a wide interval: limits close to the value come first.
  [{ metric: 'latency' }, 0.0201, 0.0181, 0.0471, ['20.4 ms', '20.8 ms', '22.2 ms', '26.2 ms', '47.1 ms', '51.9 ms']],
  [{ metric: 'latency' }, 2, 1.9, 2.05, ['2.02 s', '2.05 s', '2.06 s', '2.2 s', '2.26 s', '2.6 s']],
  [{ metric: 'latency' }, 1e-5, 0, Number.POSITIVE_INFINITY, ['10.1 us', '10.3 us', '11 us', '13 us']],
  [{ metric: 'accuracy' }, 0.9972, 0.9969, 0.9975, ['99.71 %', '99.69 %', '99.62 %', '99.42 %']],
  [{ metric: 'goodput' }, 100, 90, 110, ['99 rps', '97 rps', '90 rps', '70 rps']],
  [
    { metric: 'throughput', of: 'tokens' },
    5000,
    0,
    6000,
    ['4950 tokens/s', '4850 tokens/s', '4500 tokens/s', '3500 tokens/s'],
  ],
])('limits that can be met, the strictest first: %j of %d', (slo, value, low, high, expected) => {
  expect(relaxedLimits(outcome(slo, value, low, high))).toEqual(expected);
});

test.each([
  // "accuracy >= 76.29 % (measured: 76.3 %)" would read as if the limit of 76.3 % had been met.
  [{ metric: 'accuracy' }, 0.763, 0.76299, '76.299 %'],
  [{ metric: 'accuracy' }, 0.77, 0.76299, '76.3 %'],
  [{ metric: 'latency', statistic: { kind: 'mean' } }, 0.015, 0.01501, '15.01 ms'],
])(
  'the measured value beside a relaxed limit differs from the violated one: %j at %d, measured %d',
  (slo, limit, value, text) => {
    const met = { ...outcome(slo, value, value, value), limit: limit - 0.001 };
    expect(measuredBeside(met, { ...met, limit })).toBe(text);
  },
);

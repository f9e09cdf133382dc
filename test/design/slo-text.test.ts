import { expect, test } from 'vitest';
import {
  isOverloaded,
  overloadLabel,
  type SloOutcome,
  sloDistance,
  sloFinding,
  sloMargin,
  undecidedReasons,
  undecidedText,
} from '../../design/index.ts';

const origin = { uri: 'file:///rush.npu', start: 0, end: 1 };
const latency = {
  metric: 'latency',
  statistic: { kind: 'mean' },
  limitSeconds: 0.015,
  text: 'mean latency <= 15 ms',
  origin,
} as const;
const accuracy = { metric: 'accuracy', limit: 0.763, text: 'accuracy >= 76.3 %', origin } as const;

test.each([
  [latency, 0.015, 0.0142, '5.3 % to spare', '5.3 % below the 15 ms limit'],
  [latency, 0.015, 0.015, 'exactly at the limit', 'exactly at the 15 ms limit'],
  [latency, 0.015, 0.0163, '8.7 % above', '8.7 % above the 15 ms limit'],
  [latency, 0.015, 1.01, '67.3 times the limit', '67.3 times the 15 ms limit'],
  [latency, 0.015, Number.NaN, '', 'no measured request finished'],
  [accuracy, 0.763, 0.7, '6.3 points below', '6.3 percentage points below the 76.3 % limit'],
  [accuracy, 0.763, 0.7646, '0.16 points to spare', '0.16 percentage points above the 76.3 % limit'],
] as const)('%o at most or at least %s, measured %s', (slo, limit, value, margin, distance) => {
  const missFraction = slo.metric === 'accuracy' ? (limit - value) / limit : (value - limit) / limit;
  const measured = { value, low: value, high: value, confidence: 0.99 };
  const outcome: SloOutcome = { slo, limit, verdict: 'undecided', measured, missFraction, breakdown: null };
  expect([sloMargin(outcome), sloDistance(outcome)]).toEqual([margin, distance]);
});

test.each([
  [0.0142, { overload: { offeredRps: 1010, saturationRps: 1006 } }, 'at most 1,006 rps in the long run'],
  [1.01, { overload: { offeredRps: 1010, saturationRps: 1006 } }, 'at most 1,006 rps in the long run'],
  [1.01, { backlog: { arrivedRps: 1010, completedRps: 1006 } }, '1,006 rps completed'],
] as const)('overload replaces a measured %d s, which depends on the length of the run: %o', (value, why, label) => {
  const outcome: SloOutcome = {
    slo: latency,
    limit: 0.015,
    verdict: 'violated',
    ...why,
    measured: { value, low: value, high: value, confidence: 0.99 },
    missFraction: value / 0.015 - 1,
    breakdown: null,
  };
  expect(sloFinding(outcome)).toBe(
    'overload' in why
      ? 'violates its 15 ms limit in overload: in the long run 1,010 rps arrive, but the chips can complete at most 1,006 rps'
      : 'violates its 15 ms limit in overload: 1,010 rps arrived and 1,006 rps were completed, so latency grows with the length of the run',
  );
  expect([sloMargin(outcome), overloadLabel(outcome)]).toEqual(['overload', `overload: 1,010 rps offered, ${label}`]);
  // A caveat that could change the verdict leaves it open whether there is an overload.
  expect(isOverloaded({ ...outcome, verdict: 'undecided' })).toBe(false);
});

test.each([
  [86_400, '24 h'],
  [5400, '1.5 h'],
  [90, '1.5 min'],
  [20, '20 s'],
])('overload at the peak of each period of %d s', (periodSeconds, text) => {
  const outcome: SloOutcome = {
    slo: latency,
    limit: 0.015,
    verdict: 'violated',
    overload: { offeredRps: 1350, saturationRps: 1006, periodSeconds },
    measured: { value: 0.002, low: 0.001, high: Number.POSITIVE_INFINITY, confidence: 0.99 },
    missFraction: 0.002 / 0.015 - 1,
    breakdown: null,
  };
  expect(sloFinding(outcome)).toBe(
    `violates its 15 ms limit over a whole period: at the peak of each period of ${text} 1,350 rps arrive, but the chips can complete at most 1,006 rps`,
  );
});

test.each(undecidedReasons)('the reason %s applies to random traffic and to closed loops', (undecided) => {
  const outcome: SloOutcome = {
    slo: latency,
    limit: 0.015,
    verdict: 'undecided',
    undecided,
    measured: { value: 0.014, low: 0.014, high: 0.016, confidence: 0.99 },
    missFraction: -0.05,
    breakdown: null,
  };
  expect(undecidedText(outcome)).not.toContain('random');
});

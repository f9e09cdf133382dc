import { expect, test } from 'vitest';
import { explainSlo } from '../../engine/explain-slo.ts';
import { serveOf } from '../cli/hand-made.ts';

const { NaN: nothing } = Number;

test.each([
  [
    'violated',
    0.0158,
    /^p99 latency of ResNet50 is 15\.8 ms, 5\.3 % over its 15 ms \(99 % sure: 15\.5 ms to 16\.1 ms\)\. A late request spends \d/,
  ],
  ['met', 0.0075, /^p99 latency of ResNet50 is 7\.5 ms, with 50 % of room to its 15 ms \(99 % sure: /],
  ['violated', nothing, /^p99 latency of ResNet50 breaks its 15 ms: no measured request finished\.$/],
  ['undecided', nothing, /^p99 latency of ResNet50 is not known; whether it holds its 15 ms is undecided: [^–]*\.$/],
] as const)('%s at %s s', (verdict, measured, says) => {
  const serve = serveOf('ResNet50', verdict, measured);
  const [outcome] = serve.slos;
  if (outcome === undefined) throw new Error('the hand-made model states an objective');
  expect(explainSlo(serve, outcome)).toMatch(says);
});

test('a percentile is named as it was written', () => {
  const serve = serveOf('ResNet50', 'met', 0.0075);
  const [outcome] = serve.slos;
  if (outcome?.slo.metric !== 'latency') throw new Error('the first objective is of latency');
  const slo = { ...outcome.slo, statistic: { kind: 'percentile', fraction: 0.9999999 } as const };
  expect(explainSlo(serve, { ...outcome, slo })).toMatch(/^p99\.99999 latency /);
});

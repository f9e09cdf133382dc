import { expect, test } from 'vitest';
import type { Caveat } from '../../design/index.ts';
import { explainSlo } from '../../engine/explain-slo.ts';
import { sloDiagnostics } from '../../engine/index.ts';
import { openOutcome, runOf, scenarioResult, serveOf } from '../cli/hand-made.ts';

const { NaN: notMeasured } = Number;

test.each([
  [
    'violated',
    0.0158,
    /^p99 latency of ResNet50 is 15\.8 ms, 5\.3 % above the 15 ms limit \(99 % confidence interval: 15\.5 ms to 16\.1 ms\)\. A late request spends \d/,
  ],
  ['met', 0.0075, /^p99 latency of ResNet50 is 7\.5 ms, 50 % below the 15 ms limit \(99 % confidence interval: /],
  ['violated', notMeasured, /^p99 latency of ResNet50 violates its 15 ms limit: no measured request finished\.$/],
  [
    'undecided',
    notMeasured,
    /^p99 latency of ResNet50 is not known; whether it meets the 15 ms limit is undecided: [^–]*\.$/,
  ],
] as const)('the sentence for an objective that is %s at %s s', (verdict, measured, says) => {
  const serve = serveOf('ResNet50', verdict, measured);
  const [outcome] = serve.slos;
  if (outcome === undefined) throw new Error('the hand-made model states an objective');
  expect(explainSlo(serve, outcome, [])).toMatch(says);
});

test('a message shows a percentile with all of its digits', () => {
  const serve = serveOf('ResNet50', 'met', 0.0075);
  const [outcome] = serve.slos;
  if (outcome?.slo.metric !== 'latency') throw new Error('the first objective is of latency');
  const slo = { ...outcome.slo, statistic: { kind: 'percentile', fraction: 0.9999999 } as const };
  expect(explainSlo(serve, { ...outcome, slo }, [])).toMatch(/^p99\.99999 latency /);
});

const rows: Caveat = {
  code: 'trace-rows',
  origin: { uri: 'test:', start: 7, end: 9 },
  text: '3 rows of the trace were left out.',
  effect: { kind: 'more-requests', count: 3 },
};

test.each([
  [
    'a message explains that a caveat makes the verdict undecided',
    'undecided',
    / is undecided \(99 % confidence interval: [^)]*\): the run met the limit, but the result depends on a caveat that could change this: 3 rows of the trace were left out\. A late request spends/,
  ],
  [
    'a message explains that a caveat cannot change the verdict',
    'violated',
    /\. The result depends on a caveat, which cannot change this verdict\.$/,
  ],
] as const)('%s', (_, verdict, says) => {
  const serve = serveOf('ResNet50', verdict, verdict === 'violated' ? 0.0158 : 0.0075);
  const slos = verdict === 'undecided' ? serve.slos.map((slo) => openOutcome(slo, [rows])) : serve.slos;
  const own = { ...serve, slos: slos.slice(0, 1) };
  const result = { ...scenarioResult(), main: { ...runOf('Rush', [own]), caveats: [rows] } };
  const [diagnostic] = sloDiagnostics(result, { serves: [] } as never);
  expect(diagnostic?.message).toMatch(says);
  expect(diagnostic?.related?.[0]).toEqual({
    message: 'caveat: 3 rows of the trace were left out. 3 requests are missing from the run.',
    origin: rows.origin,
  });
  // The message does not mention a caveat of another serve.
  const other = { ...result, main: { ...result.main, caveats: [{ ...rows, serves: ['Other'] }] } };
  expect(sloDiagnostics(other, { serves: [] } as never)[0]?.related?.[0]?.message).toMatch(/^offered /);
});

import { expect, test } from 'vitest';
import type { Caveat, Scenario, SloOutcome } from '../../design/index.ts';
import { explainSlo } from '../../engine/explain-slo.ts';
import { sloDiagnostics } from '../../engine/index.ts';
import { modelCost, openOutcome, runOf, scenarioResult, serveOf } from '../cli/hand-made.ts';

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

interface Sentence {
  readonly what: string;
  readonly change: (outcome: SloOutcome) => SloOutcome;
  readonly says: string;
}

const shown = 'p99 latency of ResNet50 is 15.8 ms, 5.3 % above the 15 ms limit';
const interval = '(99 % confidence interval: 15.5 ms to 16.1 ms)';

/** A breakdown of a second: the given fraction waits for the batch, the rest for the chip. */
const split = (batchingSeconds: number) => ({
  queueSeconds: 1 - batchingSeconds,
  batchingSeconds,
  switchSeconds: 0,
  serviceSecondsByBound: { compute: 0, vector: 0, vmem: 0, cmem: 0, hbm: 0, quantizer: 0, dispatch: 0 },
});

const sentences: readonly Sentence[] = [
  {
    what: 'without parts of the latency',
    change: (outcome) => ({ ...outcome, breakdown: null }),
    says: `${shown} ${interval}.`,
  },
  {
    what: 'with parts that are all zero',
    change: (outcome) => ({ ...outcome, breakdown: { ...split(0), queueSeconds: 0 } }),
    says: `${shown} ${interval}.`,
  },
  {
    what: 'with a part of exactly 3 %',
    change: (outcome) => ({ ...outcome, breakdown: split(0.03) }),
    says: `${shown} ${interval}. A request spends 97 % of its time waiting for the chip, 3 % waiting for the batch to fill.`,
  },
  {
    what: 'without a part below 3 %',
    change: (outcome) => ({ ...outcome, breakdown: { ...split(0.029), ofLate: true } }),
    says: `${shown} ${interval}. A late request spends 97 % of its time waiting for the chip.`,
  },
  {
    what: 'without a lower end of the interval',
    change: (outcome) => ({
      ...outcome,
      breakdown: null,
      measured: { ...outcome.measured, low: Number.NEGATIVE_INFINITY },
    }),
    says: `${shown}.`,
  },
  {
    what: 'without an upper end of the interval',
    change: (outcome) => ({
      ...outcome,
      breakdown: null,
      measured: { ...outcome.measured, high: Number.POSITIVE_INFINITY },
    }),
    says: `${shown}.`,
  },
  {
    what: 'of a recording',
    change: (outcome) => ({ ...outcome, breakdown: null, recording: { measuredRequests: 90, recordedRequests: 100 } }),
    says: `${shown} (measured over 90 of 100 requests).`,
  },
];

test.each(sentences)('the sentence $what', ({ change, says }) => {
  const serve = serveOf('ResNet50', 'violated', 0.0158);
  const [outcome] = serve.slos;
  if (outcome === undefined) throw new Error('the hand-made model states an objective');
  expect(explainSlo(serve, change(outcome), [])).toBe(says);
});

test('an accuracy names the share of burst mode as its cause, and neither parts of the latency nor a layer', () => {
  const serve = serveOf('ResNet50', 'met', 0.0075);
  const [, accuracy] = serve.slos;
  if (accuracy === undefined) throw new Error('the hand-made model states two objectives');
  const slos = [{ ...accuracy, verdict: 'violated' as const, missFraction: 0.01 }];
  const result = { ...scenarioResult(), main: runOf('Rush', [{ ...serve, slos }]), layers: [modelCost] };
  const [diagnostic] = sloDiagnostics(result, scenarioWith(['conv1']));
  expect(diagnostic?.message).toMatch(/\. 12\.3 % of the requests were computed in burst mode\.$/);
  expect(diagnostic?.related?.map(({ message }) => message)).toEqual(['offered 2,400 rps, served 2,399 rps']);
});

/** A scenario as far as messages use it: a serve of ResNet50 with these layers, and one of another network before it. */
function scenarioWith(layers: readonly string[]): Scenario {
  const modelOf = (name: string, names: readonly string[]) => ({
    model: {
      name,
      layers: names.map((layer, index) => ({ name: layer, origin: { uri: name, start: index, end: index + 1 } })),
    },
  });
  return { serves: [modelOf('Other', ['conv1']), modelOf('ResNet50', layers)] } as never;
}

const slow = 'slowest layer: 62 % of a base pass. bound by the arrays, 1.2 times the next stage';

test.each([
  ['the slowest layer of the network', [modelCost], ['pool1', 'conv1'], slow],
  [
    'that of base mode, whatever the order',
    [{ ...modelCost, mode: 'burst' as const, cycles: 1 }, modelCost],
    ['conv1'],
    slow,
  ],
  ['the slowest layer at any place', [{ ...modelCost, layers: modelCost.layers.toReversed() }], ['conv1'], slow],
  [
    'the first of two equally slow layers',
    [{ ...modelCost, layers: modelCost.layers.flatMap((layer) => [layer, { ...layer, layer: 'pool1' }]) }],
    ['pool1', 'conv1'],
    slow,
  ],
  ['no layer of another network', [{ ...modelCost, model: 'Other' }], ['conv1'], undefined],
  ['no layer without a cost', [], ['conv1'], undefined],
  ['no layer of a network without layers', [{ ...modelCost, layers: [] }], ['conv1'], undefined],
  ['no layer that the text no longer has', [modelCost], ['pool1'], undefined],
])('a violated latency names %s', (_, layers, names, expected) => {
  const [diagnostic] = sloDiagnostics({ ...scenarioResult(), layers }, scenarioWith(names));
  const [, layer] = diagnostic?.related ?? [];
  expect(diagnostic?.related).toHaveLength(expected === undefined ? 1 : 2);
  expect(layer?.message).toBe(expected);
  if (expected !== undefined)
    expect(layer?.origin).toEqual({ uri: 'ResNet50', start: names.indexOf('conv1'), end: names.indexOf('conv1') + 1 });
});

test.each([
  ['violated', ['slo-violated']],
  ['undecided', ['slo-undecided']],
  ['met', []],
] as const)('an objective that is %s has the diagnostics %j', (verdict, codes) => {
  expect(sloDiagnostics(scenarioResult(verdict), scenarioWith([])).map(({ code }) => code)).toEqual(codes);
});

test('a violated latency names no layer if the scenario does not serve the network', () => {
  const [diagnostic] = sloDiagnostics({ ...scenarioResult(), layers: [modelCost] }, { serves: [] } as never);
  expect(diagnostic?.related).toHaveLength(1);
});

test('a recording without a finished request has no extent', () => {
  const serve = serveOf('ResNet50', 'violated', notMeasured);
  const [outcome] = serve.slos;
  if (outcome === undefined) throw new Error('the hand-made model states an objective');
  const recording = { measuredRequests: 0, recordedRequests: 100 };
  expect(explainSlo(serve, { ...outcome, recording }, [])).toMatch(/: no measured request finished\.$/);
});

import { describe, expect, test } from 'vitest';
import { caveatsFor } from '../../cli/agents/caveats.ts';
import { scenarioChange } from '../../cli/diff/changes.ts';
import type { DiffSide } from '../../cli/diff/sides.ts';
import { capacityJson } from '../../cli/json/capacity.ts';
import { comparisonJson } from '../../cli/json/diff.ts';
import type { Json } from '../../cli/json/document.ts';
import { explorationJson } from '../../cli/json/exploration.ts';
import { scenarioJson } from '../../cli/json/run.ts';
import { renderCapacityReport } from '../../cli/render/capacity-report.ts';
import { renderDiffReport } from '../../cli/render/diff-report.ts';
import { renderExplorationReport } from '../../cli/render/exploration-report.ts';
import { renderRunReport } from '../../cli/render/run-report/index.ts';
import { renderReport } from '../../cli/report/index.ts';
import { resultTable } from '../../cli/result-table.ts';
import { createSources } from '../../cli/source-text.ts';
import { describeRun } from '../../client/run-description.ts';
import {
  type Caveat,
  caveatCodes,
  type Exploration,
  emptyDetails,
  exploredVerdicts,
  type Scenario,
  type ScenarioResult,
  searchCaveatCodes,
} from '../../design/index.ts';
import { sloDiagnostics } from '../../engine/index.ts';
import { caveatFields } from '../../formats/index.ts';
import { pack, packVerdicts, type RunState, unpackVerdicts, verdictsOnly } from '../../protocol/index.ts';
import { objectiveHint } from '../../server/features/objective-hint.ts';
import { objectivesOf } from '../../server/objectives.ts';
import { explorationResult } from '../../simulator/index.ts';
import { exploreFinding } from '../../webview/text/explore-findings.ts';
import { verdictSentence } from '../../webview/text/verdict-sentence.ts';
import { capacityResult, openOutcome, origin, pipe, runOf, serveOf } from '../cli/hand-made.ts';

/*
 * "Each place that shows a verdict also shows its caveats", for every kind of caveat of the registry: a new kind is tested as well. Each place
 * makes its text here from one hand-made result with a caveat of each kind. The list of the panel and of exported pages needs a browser:
 * test/webview/panel-caveats.test.ts.
 */

const kinds = [...caveatCodes, ...searchCaveatCodes];
const textOf = (code: string) => `A guess of the kind ${code} was made.`;
const caveats: readonly Caveat[] = kinds.map((code) => ({
  code,
  origin: origin(),
  text: textOf(code),
  effect: { kind: 'any' },
}));

/** A verdict that the caveats leave open, and one that they cannot change. */
const verdicts = ['open', 'violated'] as const;
type Kind = (typeof verdicts)[number];

function resultOf(kind: Kind): ScenarioResult {
  const serve = serveOf('ResNet50', 'violated', 0.0158);
  const slos = serve.slos.map((outcome) => (kind === 'open' ? openOutcome(outcome, caveats) : outcome));
  return {
    scenario: 'Rush',
    origin: origin(),
    main: { ...runOf('Rush', [{ ...serve, slos }]), caveats },
    variants: [],
    layers: [],
  };
}

const scenario = {
  name: 'Rush',
  origin: origin(),
  serves: [{ name: 'ResNet50', slos: serveOf('ResNet50', 'met', 1).slos.map(({ slo }) => slo) }],
} as unknown as Scenario;

function report(kind: Kind, format: 'junit' | 'sarif' | 'github'): string {
  const result = resultOf(kind);
  const outcomes = [{ scenario, result, diagnostics: sloDiagnostics(result, scenario) }];
  const files = [{ name: 'rush.npu', complaints: [], diagnostics: [], outcomes }];
  return renderReport({ command: 'run', files, sources: createSources(() => 'x', '/') }, format, 1);
}

function comparison(kind: Kind) {
  const side = { label: 'rush.npu', file: 'rush.npu', revision: null } as unknown as DiffSide;
  const result = resultOf(kind);
  const scenarios = [scenarioChange({ before: result, after: result })];
  return { before: side, after: side, inputs: [], hasUnnamedChanges: false, filesFromDisk: [], scenarios };
}

const exploration: Exploration = {
  name: 'Sizing',
  origin: origin(),
  scenario: 'Rush',
  axes: [],
  goals: [{ sense: 'minimize', measure: 'energy', origin: origin() }],
};
const explored = explorationResult(exploration, 0, [
  {
    designs: Uint32Array.of(0),
    measures: [Float64Array.of(1)],
    verdicts: Uint8Array.of(exploredVerdicts.indexOf('undecided')),
    problems: [],
    caveats,
    statedInputs: [],
  },
]);
const details = new Map([[0, { ...emptyDetails({ goals: exploration.goals, further: [] }), caveats: kinds }]]);
const file = { file: 'e.npu', npu: 'Chip', hash: '', shard: null, further: [], details };

function statusBar(kind: Kind): string {
  const state = { uri: 'file:///rush.npu', name: 'rush.npu', phase: 'fresh' } as unknown as RunState;
  return describeRun({ state, results: pack([resultOf(kind)]) }).tooltip;
}

function hint(kind: Kind) {
  const { main } = resultOf(kind);
  const [outcome] = main.serves[0]?.slos ?? [];
  if (outcome === undefined) throw new Error('no objective');
  return objectiveHint(outcome, 'ResNet50', main.caveats, 'fresh');
}

/** The places that show a verdict or a result, with the text that they show. */
const places: Readonly<Record<string, (kind: Kind) => unknown>> = {
  'run in a terminal': (kind) => renderRunReport(resultOf(kind), pipe),
  'run, JSON': (kind) => scenarioJson(resultOf(kind)),
  'run, JUnit': (kind) => report(kind, 'junit'),
  'run, SARIF': (kind) => report(kind, 'sarif'),
  'run, GitHub': (kind) => report(kind, 'github'),
  'the diagnostic of an objective': (kind) => sloDiagnostics(resultOf(kind), scenario),
  'capacity in a terminal': () => renderCapacityReport({ ...capacityResult(1.5), caveats }, pipe),
  'capacity, JSON': () => capacityJson({ ...capacityResult(1.5), caveats }),
  'diff in a terminal': (kind) => renderDiffReport(comparison(kind), pipe),
  'diff, JSON': (kind) => comparisonJson(comparison(kind)),
  'explore in a terminal': () => renderExplorationReport(explored, file, pipe),
  'explore, JSON': () => explorationJson(explored, file),
  'the tools for agents': (kind) => caveatsFor(scenarioJson(resultOf(kind)).caveats as Json),
  'files of results': () => caveats.map(caveatFields),
  'an inlay hint': (kind) => hint(kind).tooltip,
  'the status bar': statusBar,
  'the test view': (kind) => objectivesOf([scenario], [resultOf(kind)]),
  'verdicts before the results': (kind) => unpackVerdicts(packVerdicts([verdictsOnly(resultOf(kind))])),
  'the panel, exploration': () => exploreFinding(explored, []),
};

describe.each(Object.entries(places))('%s', (_, textAt) => {
  test.each(verdicts)('shows each kind of caveat of a verdict that is %s', (kind) => {
    const shown = textAt(kind);
    const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
    expect(kinds.filter((code) => !text.includes(textOf(code)))).toEqual([]);
  });
});

test('rows of explorations have the codes of all kinds', () => {
  const column = resultTable(explored, file).find(({ name }) => name === 'caveats');
  expect(column?.cells).toEqual([kinds.join(' ')]);
});

test('places with room for a few words state that there are caveats', () => {
  expect(hint('violated').label).toBe('15.8 ms ✗, with caveats');
  expect(hint('open').label).toBe('15.8 ms, undecided: see its caveats');
  expect(verdictSentence(resultOf('violated')).text).toContain(
    `The result depends on ${kinds.length} caveats, which cannot change this verdict.`,
  );
  for (const code of kinds) expect(verdictSentence(resultOf('open')).text).toContain(textOf(code));
});

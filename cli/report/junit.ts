import {
  affectsServe,
  caveatText,
  type Diagnostic,
  type ScenarioResult,
  type SloOutcome,
  shownMessage,
} from '../../design/index.ts';
import type { Sources } from '../source-text.ts';
import { type CommandReport, type FileReport, type Outcome, placeOf } from './file-report.ts';

interface TestCase {
  readonly className: string;
  readonly name: string;
  /** Undefined if the case passes. */
  readonly problem?: { readonly element: 'failure' | 'error'; readonly type: string; readonly text: string };
  /** The caveats of the result. Empty or undefined if there are none. */
  readonly caveats?: readonly string[];
}

interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/**
 * JUnit's XML, which CI systems show as tests: a suite for each file and each scenario. The design is one case, and so is each objective. An
 * objective that is violated or undecided fails. The caveats of a result are the output of its cases. It has no times, so that the same input gives the same bytes.
 */
export function junitReport({ command, files, sources }: CommandReport): string {
  const suites = files.flatMap((file) => [
    checkSuite(file, sources),
    ...file.outcomes.map((outcome) => objectiveSuite(file.name, outcome, sources)),
  ]);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `stimpack ${command}`, ...countsOf(suites.flatMap((suite) => suite.cases)) })}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function checkSuite({ name, complaints, diagnostics }: FileReport, sources: Sources): TestSuite {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const texts = [
    ...complaints.map(({ code, message }) => `error[${code}]: ${shownMessage(message)}`),
    ...errors.map((each) => textOf(each, sources)),
  ];
  const type = complaints[0]?.code ?? errors[0]?.code;
  const passed: TestCase = { className: name, name: 'check' };
  if (type === undefined) return { name, cases: [passed] };
  return { name, cases: [{ ...passed, problem: { element: 'error', type, text: texts.join('\n') } }] };
}

function objectiveSuite(file: string, { scenario, result, diagnostics }: Outcome, sources: Sources): TestSuite {
  const className = `${file}: ${scenario.name}`;
  const cases = servesOf(result).map(({ serve, outcome }): TestCase => {
    const name = `${serve}: ${outcome.slo.text}`;
    const caveats = result.main.caveats.filter((caveat) => affectsServe(caveat, serve)).map(caveatText);
    if (outcome.verdict === 'met') return { className, name, caveats };
    const { uri, start } = outcome.slo.origin;
    const found = diagnostics.find(({ origin }) => origin.uri === uri && origin.start === start);
    const text = found === undefined ? `the objective is ${outcome.verdict}` : textOf(found, sources);
    return { className, name, problem: { element: 'failure', type: `slo-${outcome.verdict}`, text }, caveats };
  });
  // A scenario without objectives was simulated, which is worth a case.
  const simulated: TestCase = { className, name: 'simulate', caveats: result.main.caveats.map(caveatText) };
  return { name: className, cases: cases.length > 0 ? cases : [simulated] };
}

function servesOf({ main }: ScenarioResult): readonly { readonly serve: string; readonly outcome: SloOutcome }[] {
  return main.serves.flatMap(({ name, slos }) => slos.map((outcome) => ({ serve: name, outcome })));
}

function textOf(diagnostic: Diagnostic, sources: Sources): string {
  const place = placeOf(diagnostic.origin, sources);
  const file = sources.nameOf(diagnostic.origin.uri);
  const where = place === undefined ? file : `${file}:${place.start.line}:${place.start.column}`;
  return `${diagnostic.severity}[${diagnostic.code}]: ${shownMessage(diagnostic.message)} (${shownMessage(where)})`;
}

function countsOf(cases: readonly TestCase[]): Readonly<Record<string, number>> {
  const count = (element: string): number => cases.filter(({ problem }) => problem?.element === element).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: 0 };
}

function suiteLines({ name, cases }: TestSuite): string[] {
  return [
    `  <testsuite${attributes({ name, ...countsOf(cases) })}>`,
    ...cases.flatMap(({ className, name: caseName, problem, caveats = [] }) => {
      const open = `    <testcase${attributes({ classname: className, name: caseName })}`;
      const inside = [...problemLines(problem), ...caveatLines(caveats)];
      return inside.length === 0 ? [`${open}/>`] : [`${open}>`, ...inside, '    </testcase>'];
    }),
    '  </testsuite>',
  ];
}

function problemLines(problem: TestCase['problem']): string[] {
  if (problem === undefined) return [];
  const { element, type, text } = problem;
  const [message = ''] = text.split('\n');
  return [`      <${element}${attributes({ type, message })}>${escaped(text)}</${element}>`];
}

function caveatLines(caveats: readonly string[]): string[] {
  if (caveats.length === 0) return [];
  return [`      <system-out>${escaped(caveats.map((text) => `caveat: ${text}`).join('\n'))}</system-out>`];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** XML 1.0 has no way to write these characters, so they become U+FFFD. */
const notInXml = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escaped(text: string): string {
  return text
    .replaceAll(notInXml, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

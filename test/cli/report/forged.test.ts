import { describe, expect, test } from 'vitest';
import { safeOutput } from '../../../cli/render/safe-lines.ts';
import { type ReportFormat, renderReport } from '../../../cli/report/index.ts';
import { createSources } from '../../../cli/source-text.ts';
import type { Diagnostic, Scenario } from '../../../design/index.ts';
import { scenarioResult } from '../hand-made.ts';

/* Names in a design, and names of files, cannot add a line, an element or a property to a report that another program reads. */

const forgeries = [
  '"/><testcase classname="forged" name="forged"/><testcase name="',
  '</failure></testcase><testcase name="forged"/>',
  ']]><forged/>',
  '<!-- forged',
  '&forged;',
  '\n::error file=forged::forged',
  '\r::error file=forged::forged',
  '\u2028::error::forged',
  '%0A::error::forged',
  ',line=9,title=forged::forged',
  '", "forged": "',
  '\u001b[2J\u0000\u009b\u202e\ud800',
];

/** A report whose names, messages and fixes all contain the text. */
function reportWith(text: string, format: ReportFormat): string {
  const uri = `file:///w/${encodeURIComponent(text.replaceAll(/[/\p{Surrogate}]/gu, ''))}.npu`;
  const diagnostic: Diagnostic = {
    code: 'unknown-name',
    severity: 'error',
    message: `There is no ${text}`,
    origin: { uri, start: 0, end: 1 },
    fixes: [{ title: `Replace by ${text}`, edits: [] }],
  };
  const result = scenarioResult();
  const [serve] = result.main.serves;
  if (serve === undefined) throw new Error('the result has no serve');
  const forged = { ...serve, name: text, model: text };
  const files = [
    {
      name: `${text}.npu`,
      complaints: [{ code: 'unreadable-file', message: `cannot read ${text}`, file: text } as const],
      diagnostics: [diagnostic],
      outcomes: [
        {
          scenario: { name: text, origin: diagnostic.origin } as Scenario,
          result: { ...result, scenario: text, main: { ...result.main, serves: [forged] } },
          diagnostics: [{ ...diagnostic, code: 'slo-violated' as const }],
        },
      ],
    },
  ];
  const report = renderReport({ command: 'run', files, sources: createSources(() => 'a line\n', '/w') }, format, 2);
  // The terminal escapes what is left.
  return safeOutput(report, false);
}

/** The names of all elements and their attributes, in order. Fails where the text is not XML of the few forms that reports use. */
function xmlShape(xml: string): readonly string[] {
  const shape: string[] = [];
  const markup = /<([/?]?)([\w-]+)((?: [\w-]+="[^"<>]*")*)\s?[/?]?>/gu;
  const rest = xml.replace(markup, (_, end: string, name: string, attributes: string) => {
    shape.push(`${end}${name} ${[...attributes.matchAll(/([\w-]+)="/gu)].map(([, key]) => key).join(' ')}`);
    return '';
  });
  expect(rest).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#10);)/u);
  return shape;
}

/** All keys, in order, without the values. */
function jsonShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonShape);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, each]) => [key, jsonShape(each)]);
}

/** The properties of each line. A runner also ends a line at a lone carriage return. */
function commandShape(text: string): readonly string[] {
  return text
    .split(/[\r\n]/u)
    .map((line) => /^::(\w+) ([^:]*)::/u.exec(line))
    .map((found) => (found === null ? '' : `${found[1]} ${(found[2] ?? '').replaceAll(/=[^,]*/gu, '')}`));
}

describe.each(forgeries)('the text %j', (text) => {
  test('adds no element to a JUnit report', () => {
    const shape = xmlShape(reportWith(text, 'junit'));
    expect(shape).toEqual(xmlShape(reportWith('harmless', 'junit')));
    expect(shape).toContain('failure type message');
  });
  test('adds no line to the commands of GitHub', () => {
    const shape = commandShape(reportWith(text, 'github'));
    expect(shape).toEqual(commandShape(reportWith('harmless', 'github')));
    expect(shape.filter((line) => line.startsWith('error'))).toHaveLength(3);
  });
  test('adds no property to a SARIF log', () => {
    const log = JSON.parse(reportWith(text, 'sarif'));
    expect(jsonShape(log)).toEqual(jsonShape(JSON.parse(reportWith('harmless', 'sarif'))));
  });
  test.each(['junit', 'github'] as const)('leaves no control character in %s', (format) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the report must not contain
    expect(reportWith(text, format)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

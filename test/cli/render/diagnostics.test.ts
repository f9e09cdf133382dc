import { describe, expect, test } from 'vitest';
import { countText, renderDiagnostics, sortDiagnostics } from '../../../cli/render/diagnostics.ts';
import { textWidth } from '../../../cli/render/text-width.ts';
import { createSources } from '../../../cli/source-text.ts';
import type { Diagnostic } from '../../../design/index.ts';
import { diagnosticAt, origin, pipe, terminalOf, uri } from '../hand-made.ts';

/** The place is marked in the text, between «from» and «to». */
function render(marked: string, changes: Partial<Diagnostic> = {}, look = pipe): string {
  const start = marked.indexOf('«');
  const text = marked.replace('«', '');
  const end = text.indexOf('»');
  const sources = createSources((asked) => (asked === uri ? text.replace('»', '') : undefined), '/designs');
  return renderDiagnostics([diagnosticAt(start, end, changes)], sources, look).replace(/\n\n$/u, '');
}

describe('a diagnostic', () => {
  test('states the place and marks it', () => {
    expect(render('npu A {\n  «clok»: 1 GHz\n}\n')).toBe(
      ['error[unknown-property]: no such property', ' --> rush.npu:2:3', '  |', '2 |   clok: 1 GHz', '  |   ^^^^'].join(
        '\n',
      ),
    );
  });

  const caretCases: readonly (readonly [string, string, string, string])[] = [
    ['the first character', '«a»', '1 | a', '  | ^'],
    ['an empty range', 'ab«»', '1 | ab', '  |   ^'],
    ['the end of the file', 'a\n«»', '2 |', '  | ^'],
    ['Windows line ends', 'a\r\nb: «c»\r\n', '2 | b: c', '  |    ^'],
    ['old Mac line ends', 'a\rb: «c»\r', '2 | b: c', '  |    ^'],
    ['tabs', '\t«b»: 1', '1 |   b: 1', '  |   ^'],
    ['wide characters', '日本: «x»', '1 | 日本: x', '  |       ^'],
    ['several lines', 'npu «A {\n}\n»', '1 | npu A {', '  |     ^^^'],
    ['control characters', 'a\u0007 «b»', '1 | a· b', '  |    ^'],
  ];
  test('a line of a megabyte is cut around the place, even in a pipe', () => {
    const [line = '', caret = ''] = render(`${'{'.repeat(1e6)}«x»${'}'.repeat(1e6)}`)
      .split('\n')
      .slice(3);
    expect(line.length).toBeLessThan(260);
    expect(line.charAt(caret.indexOf('^'))).toBe('x');
  });

  test.each(caretCases)('%s', (_, marked, line, caret) => {
    expect(render(marked).split('\n').slice(3)).toEqual([line, caret]);
  });

  test('is followed by related places and fixes', () => {
    const text = render('npu A {}\nnpu «A» {}\n', {
      code: 'duplicate-name',
      message: "there are two npus called 'A'",
      related: [{ message: 'the other one', origin: origin(4, 5) }],
      fixes: [{ title: "rename it to 'A2'", edits: [] }],
    });
    expect(text).toBe(
      [
        "error[duplicate-name]: there are two npus called 'A'",
        ' --> rush.npu:2:5',
        '  |',
        '2 | npu A {}',
        '  |     ^',
        '  |',
        '  = note: the other one (rush.npu:1:5)',
        '1 | npu A {}',
        '  |     -',
        '  |',
        "  = help: rename it to 'A2'",
      ].join('\n'),
    );
  });

  test('without the text, it has only the file name', () => {
    const sources = createSources(() => undefined, '/designs');
    expect(renderDiagnostics([diagnosticAt(3, 4)], sources, pipe)).toBe(
      'error[unknown-property]: no such property\n --> rush.npu\n\n',
    );
  });

  test('fits a narrow terminal and still marks the place', () => {
    const marked = `${'left '.repeat(30)}«middle» ${'right '.repeat(30)}`;
    const lines = render(
      marked,
      { message: 'a message that is too long for one line of forty columns' },
      terminalOf(40),
    ).split('\n');
    // Except for the first line, because tools read it.
    for (const line of lines.slice(1)) expect(textWidth(line)).toBeLessThanOrEqual(40);
    const [excerpt = '', caret = ''] = lines.slice(-2);
    expect(excerpt.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('middle');
  });

  test('with colour, it has the same characters', () => {
    const plain = render('npu «A» {}', {}, terminalOf(80));
    const painted = render('npu «A» {}', {}, terminalOf(80, true));
    expect(painted).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
    expect(painted.replace(/\u001b\[[\d;]+m/g, '')).toBe(plain);
  });
});

test('a long list is cut off with a count of the others', () => {
  const sources = createSources(() => 'a\n', '/designs');
  const flood = Array.from({ length: 409 }, () => diagnosticAt(0, 1));
  expect(renderDiagnostics(flood, sources, pipe)).toMatch(/\^\n\n\.\.\. and 359 more\n\n$/);
  expect(renderDiagnostics([diagnosticAt(0, 1, { severity: 'hint' })], sources, pipe)).toBe('');
});

test('diagnostics are sorted by place', () => {
  const sorted = sortDiagnostics([
    diagnosticAt(9, 10),
    diagnosticAt(2, 3, { severity: 'warning' }),
    diagnosticAt(2, 3),
  ]);
  expect(sorted.map((each) => [each.origin.start, each.severity])).toEqual([
    [2, 'error'],
    [2, 'warning'],
    [9, 'error'],
  ]);
});

test.each([
  [[], 'no problems'],
  [['error'], '1 error'],
  [['error', 'error', 'warning'], '2 errors, 1 warning'],
  [['hint'], 'no problems'],
] as const)('the count of %j', (severities, expected) => {
  expect(countText(severities.map((severity) => diagnosticAt(0, 1, { severity })))).toBe(expected);
});

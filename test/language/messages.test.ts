import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnosticCodes, maxRepeatedCharacters, message, safeText } from '../../design/index.ts';
import * as engine from '../../engine/messages.ts';
import * as formats from '../../formats/messages/index.ts';
import { compile, completionsAt, hoverAt } from '../../language/index.ts';
import * as language from '../../language/messages/index.ts';
import * as server from '../../server/messages.ts';
import { repository, testHost } from './host.ts';

const rooms = { language, formats, engine, server };

/** The text of a room's files without its registries. */
function sourcesOf(room: string): string {
  return readdirSync(`${repository}${room}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|\/)messages/u.test(name))
    .map((name) => readFileSync(`${repository}${room}/${name}`, 'utf8'))
    .join('\n');
}

const entries = Object.entries(rooms).flatMap(([room, exported]) =>
  Object.entries<unknown>(exported).flatMap(([registry, one]) =>
    typeof one === 'object' && one !== null
      ? Object.entries<unknown>({ ...one }).map(([name, entry]) => ({ room, use: `${registry}.${name}`, entry }))
      : [],
  ),
);

const codesOfEntries = new Set(
  entries.flatMap(({ entry }) =>
    typeof entry === 'function' && 'code' in entry && typeof entry.code === 'string' ? [entry.code] : [],
  ),
);

const sources = new Map(Object.keys(rooms).map((room) => [room, sourcesOf(room)]));

describe('the registries of messages', () => {
  it('have entries', () => expect(entries.length).toBeGreaterThan(140));

  it.each(entries)('$room: $use is used', ({ room, use }) => {
    expect(new RegExp(`\\b${use.replace('.', '\\.')}\\(`, 'u').test(sources.get(room) ?? '')).toBe(true);
  });

  it.each(Object.keys(diagnosticCodes))('%s is the code of a message', (code) => {
    expect(codesOfEntries).toContain(code);
  });

  it.each([...sources])('%s makes no diagnostic without the registries', (_, text) => {
    const literals = Object.keys(diagnosticCodes).filter((code) => text.includes(`code: '${code}'`));
    expect(literals).toEqual([]);
  });
});

describe('safeText', () => {
  it.each([
    ['an ordinary name', 'Größe-1', 'Größe-1'],
    ['a line break', 'a\nb\r', 'a\\nb\\r'],
    ['a terminal escape', '\u001b[31m', '\\u{1b}[31m'],
    ['a C1 control', '\u009b', '\\u{9b}'],
    ['a direction mark', '\u202e', '\\u{202e}'],
    ['an isolate', '\u2066', '\\u{2066}'],
    ['half of a pair', '\ud83d!', '\\u{d83d}!'],
    ['a whole pair', '😀', '😀'],
  ])('shows %s', (_, input, shown) => expect(safeText(input)).toBe(shown));

  it('leaves out the middle of a long text', () => expect(safeText('abcdefghijkl', 7)).toBe('abcd…kl'));

  it('keeps a text that just fits', () => expect(safeText('abcdefg', 7)).toBe('abcdefg'));

  it('does not cut a character in two', () => expect(safeText('ab😀cdefgh', 5)).toBe('ab…h'));
});

describe('a message', () => {
  const unknown = message('unknown-name', ({ name, known }: { name: string; known: readonly string[] }) =>
    [name, ...known].join(' '),
  );

  it('repeats no more than the limit of a parameter', () => {
    expect(unknown({ name: 'x'.repeat(900_000), known: [] }).text).toHaveLength(maxRepeatedCharacters);
  });

  it('escapes its parameters, lists included', () => {
    expect(unknown({ name: '\u001b', known: ['\u0007'] }).text).toBe('\\u{1b} \\u{7}');
  });

  it('has the severity of its code, unless it states another one', () => {
    expect(unknown({ name: 'a', known: [] }).severity).toBe('error');
    expect(message('unknown-name', 'a', 'hint')().severity).toBe('hint');
  });
});

describe('a name of 100,000 characters', () => {
  const long = 'L'.repeat(100_000);
  const uri = 'file:///long.npu';
  it.each([
    ['a declaration', `let ${long} = 1`],
    ['a let that is not there', `let a = ${long}`],
    ['a unit', `let a = 1 ${long}`],
    ['a top keyword', `${long} A { }`],
    ['an import', `import "${long}"`],
    ['an import of a file', `import "./${long}.npu"`],
    ['an npu', `npu ${long} extends ${long} { }`],
    ['a property', `npu A { ${long}: 1 }`],
    ['a word', `npu A { array { dataflow: ${long} } }`],
    ['a block', `npu A { ${long} { } }`],
    ['a mode', `npu A { mode ${long} { } }`],
    ['a clause', `npu A ${long} B { }`],
    ['a label, twice', `model M { input: 8, layers { ${long}: relu, ${long}: relu } }`],
    ['an input', `model M { input: 8, layers { add { inputs: [${long}, ${long}.${long}] } } }`],
    ['a layer', `model M { input: 8, layers { ${long} } }`],
    ['a parameter', `block B(${long}) { relu }\nmodel M { input: 8, layers { B(${long}: 1, other: 2) } }`],
    ['a network', `model ${long} { input: 8, layers { relu } }`],
    [
      'a served model',
      `scenario S { npu: ${long}, serve ${long} as ${long} { arrivals: ${long}(1 rps), slo { ${long} <= 1 ms } } }`,
    ],
    ['a compared npu', `scenario S { compare: [${long} with ${long}, ${long}(4)] }`],
    ['what varies', `explore E { scenario: ${long}, vary ${long}.${long} in [${long}], maximize ${long} }`],
    ['a number', `let a = ${'9'.repeat(100_000)} ms`],
    ['an objective', `scenario S { serve M { slo { p${'9'.repeat(50_000)} latency <= 1 ms } } }`],
  ])('%s is shortened in messages, fixes, hovers and hints', (_, text) => {
    const program = compile(uri, testHost({ [uri]: text }));
    for (const { message: told, related = [], fixes = [] } of program.diagnostics) {
      for (const shown of [told, ...related.map((one) => one.message), ...fixes.map(({ title }) => title)]) {
        expect(shown.length).toBeLessThan(1_500);
      }
    }
    for (let offset = 0; offset < text.length; offset += Math.ceil(text.length / 40)) {
      expect(hoverAt(program, uri, offset)?.markdown.length ?? 0).toBeLessThan(5_000);
      for (const { detail } of completionsAt(program, uri, offset, testHost())) {
        expect(detail?.length ?? 0).toBeLessThan(5_000);
      }
    }
  });
});

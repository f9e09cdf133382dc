import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxRepeatedCharacters, message, safeText } from '../../design/index.ts';
import * as messages from '../../language/messages/index.ts';
import { repository } from './host.ts';

const sources = readdirSync(`${repository}language`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('messages'))
  .map((name) => readFileSync(`${repository}language/${name}`, 'utf8'))
  .join('\n');

const entries = Object.entries(messages).flatMap(([registry, entry]) =>
  typeof entry === 'object' ? Object.keys(entry).map((name) => `${registry}.${name}`) : [],
);

describe('the registries of the language', () => {
  it('have entries', () => expect(entries.length).toBeGreaterThan(100));

  it.each(entries)('%s is used', (entry) => {
    expect(new RegExp(`\\b${entry.replace('.', '\\.')}\\(`, 'u').test(sources)).toBe(true);
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

  it('cuts no character in two', () => expect(safeText('ab😀cdefgh', 5)).toBe('ab…h'));
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

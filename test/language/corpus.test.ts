import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyChanges, compile, LineIndex } from '../../language/index.ts';
import { repository, testHost } from './host.ts';

/*
 * Broken files as users write them. Lines that start with `//!` list the expected diagnostics: line, column, code,
 * message, fixes. STIMPACK_UPDATE_CORPUS=1 writes the present diagnostics. Read the difference and check that each
 * message is clear without its context.
 */

const folder = `${repository}test/language/corpus/`;
const names = readdirSync(folder).filter((name) => name.endsWith('.npu'));
const update = process.env.STIMPACK_UPDATE_CORPUS === '1';
const uri = 'file:///corpus.npu';

function saidOf(text: string): string {
  const lines = new LineIndex(text);
  const program = compile(uri, testHost({ [uri]: text }));
  return program.diagnostics
    .filter(({ origin }) => origin.uri === uri)
    .sort((a, b) => a.origin.start - b.origin.start || a.origin.end - b.origin.end)
    .map(({ origin, code, message, severity, fixes, related }) => {
      const { line, character } = lines.positionAt(origin.start);
      const words = text.slice(origin.start, origin.end).split('\n')[0] ?? '';
      const notes = (related ?? []).map((one) => `\n//!     ${one.message}`);
      const offers = (fixes ?? []).map((fix) => `\n//!     fix: ${fix.title.replaceAll('\n', '⏎')}`);
      const level = severity === 'error' ? '' : ` ${severity}`;
      return `//! ${line + 1}:${character + 1}${level} [${words}] ${code}: ${message}${notes.join('')}${offers.join('')}`;
    })
    .join('\n');
}

describe('a broken file', () => {
  it.each(names)('%s', (name) => {
    const written = readFileSync(folder + name, 'utf8');
    const [text = '', ...expected] = written.split(/^(?=\/\/!)/mu);
    const said = saidOf(text);
    if (update) {
      writeFileSync(folder + name, `${text}${said}\n`);
      return;
    }
    expect(said).toBe(expected.join('').trimEnd());
    expect(said).not.toBe('');
  });

  it.each(names)('%s: every fix removes its diagnostic', (name) => {
    const [text = ''] = readFileSync(folder + name, 'utf8').split(/^(?=\/\/!)/mu);
    const said = (written: string) => compile(uri, testHost({ [uri]: written })).diagnostics;
    for (const { code, message, fixes } of said(text)) {
      for (const fix of fixes ?? []) {
        const edits = fix.edits.map(({ origin, newText }) => ({ start: origin.start, end: origin.end, newText }));
        const after = said(applyChanges(text, edits));
        const same = (all: typeof after): number =>
          all.filter((one) => one.code === code && one.message === message).length;
        expect(same(after), `${fix.title}: ${after.map((one) => one.message).join('; ')}`).toBeLessThan(
          same(said(text)),
        );
      }
    }
  });

  it('there are at least a hundred files', () => {
    expect(names.length).toBeGreaterThanOrEqual(100);
  });
});

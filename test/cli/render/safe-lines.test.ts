import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paintFor } from '../../../cli/render/paint.ts';
import { reportOf, safeLine, safeOutput } from '../../../cli/render/safe-lines.ts';

const paint = paintFor(true);
const painted = paint.bold(paint.red('error')) + paint.dim(': x');

describe('a line of output has no control characters', () => {
  test.each([
    ['plain, größe, 名前', 'plain, größe, 名前'],
    ['a\nerror[fake]: b', 'a\\nerror[fake]: b'],
    ['\u001b[2Jx\u0007', '\\u{1b}[2Jx\\u{7}'],
    ['\u009b31mx', '\\u{9b}31mx'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['\u001b[31mred\u001b[39m', '\\u{1b}[31mred\\u{1b}[39m'],
    [painted, painted],
  ])('%j', (text, expected) => expect(safeLine(text)).toBe(expected));

  test('reports keep only their own line breaks', () => {
    expect(reportOf(['one\ntwo', 'three'])).toBe('one\\ntwo\nthree\n');
  });
});

describe('the output of the program', () => {
  test('without colour has no control characters but line feed and tab', () => {
    const shown = safeOutput(`a\tb\n${painted}\u0000`, false);
    expect([...shown].filter((character) => character < ' ').sort()).toEqual(['\t', '\n']);
  });
  test('with colour keeps our colour codes, and no other sequences', () => {
    const codes = '\u001b[1m\u001b[31merror\u001b[39m\u001b[22m\u001b[2m: x\u001b[22m';
    expect(safeOutput(`${painted}\u001b]0;title\u0007\n`, true)).toBe(`${codes}\\u001b]0;title\\u0007\n`);
    expect(safeOutput('\u001b[31mz.npu', true)).toBe('\\u001b[31mz.npu');
    expect(safeOutput('\u001b[8mhidden', true)).toBe('\\u001b[8mhidden');
  });
  test('in JSON stays valid, with the same content', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const text = JSON.stringify({ name });
        expect(JSON.parse(safeOutput(text, false))).toEqual(JSON.parse(text));
      }),
      { seed: 1 },
    );
  });
});

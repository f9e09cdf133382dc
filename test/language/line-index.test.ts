import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../language/index.ts';

function check(text: string, offset: number, line: number, character: number): void {
  it(`${JSON.stringify(text)} at ${offset}`, () => {
    expect(new LineIndex(text).positionAt(offset)).toEqual({ line, character });
    expect(new LineIndex(text).offsetAt({ line, character })).toBe(offset);
  });
}

describe('lines', () => {
  check('', 0, 0, 0);
  check('ab', 2, 0, 2);
  check('a\nb', 2, 1, 0);
  check('a\r\nb', 3, 1, 0);
  check('a\rb', 2, 1, 0);
  check('a\n\nb', 3, 2, 0);
  check('\u{1f4a5}b\n', 2, 0, 2);
  check('a\n', 2, 1, 0);

  it('clamps offsets and positions outside of the text', () => {
    const lines = new LineIndex('ab\r\ncd');
    expect(lines.offsetAt({ line: 0, character: 99 })).toBe(2);
    expect(lines.offsetAt({ line: 9, character: 0 })).toBe(6);
    expect(lines.offsetAt({ line: -1, character: 5 })).toBe(0);
    expect(lines.positionAt(99)).toEqual({ line: 1, character: 2 });
    expect(lines.lineCount).toBe(2);
  });

  it('converts in both directions', () => {
    const text = fc
      .array(fc.constantFrom('a', '\n', '\r\n', '\r', '\t', '\u{1f4a5}'), { maxLength: 30 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.nat(40), (written, offset) => {
        const lines = new LineIndex(written);
        const at = Math.min(offset, written.length);
        const inPair = written[at - 1] === '\r' && written[at] === '\n';
        if (!inPair) expect(lines.offsetAt(lines.positionAt(at))).toBe(at);
      }),
    );
  });

  it('is the same if it is made from the index of another text', () => {
    const text = fc
      .array(fc.constantFrom('a', '\n', '\r\n', '\r', 'b\n', '\u{1f4a5}'), { maxLength: 12 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, text, text, (head, old, written, tail) => {
        const before = new LineIndex(head + old + tail);
        expect(new LineIndex(head + written + tail, before)).toEqual(new LineIndex(head + written + tail));
      }),
      { numRuns: 2000 },
    );
  });
});

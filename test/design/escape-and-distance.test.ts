import { expect, it } from 'vitest';
import { editDistance, escapeMarkup } from '../../design/index.ts';

it.each([
  ['a < b && c > "d"', 'a &lt; b &amp;&amp; c &gt; &quot;d&quot;'],
  ['&lt;', '&amp;lt;'],
])('%s is escaped for HTML and SVG', (text, expected) => expect(escapeMarkup(text)).toBe(expected));

it.each([
  ['', 'abc', 3],
  ['check', 'chekc', 1],
  ['layer', 'layers', 1],
  ['rum', 'run', 1],
  ['ab', 'ba', 1],
  ['kitten', 'sitting', 3],
])('from %s to %s are %i edits', (a, b, expected) => {
  expect(editDistance(a, b)).toBe(expected);
  expect(editDistance(b, a)).toBe(expected);
});

it.each([
  ['kitten', 'sitting', 3, 3],
  ['stimpack/resnet50', 'stimpack/resent50', 1, 1],
  ['kitten', 'sitting', 2, 3],
  ['stimpack/one', 'stimpack/xyzzyxyzzy', 2, 3],
])('from %s to %s, up to %i edits', (a, b, most, expected) => {
  // Above `most`, the number can be any larger one.
  expect(Math.min(editDistance(a, b, most), most + 1)).toBe(expected);
  expect(Math.min(editDistance(b, a, most), most + 1)).toBe(expected);
});

it('words that differ too much have an infinite distance', () => {
  expect(editDistance('stimpack/one', 'stimpack/xyzzyxyzzy', 2)).toBe(Number.POSITIVE_INFINITY);
});

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

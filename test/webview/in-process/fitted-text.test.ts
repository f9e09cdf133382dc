import { expect, test } from 'vitest';
import { fittedText } from '../../../webview/export/fitted-text.ts';
import { legendRows } from '../../../webview/export/picture-legend.ts';

/** A font in which each character is ten pixels wide. */
const context = { measureText: (text: string) => ({ width: 10 * [...text].length }) } as CanvasRenderingContext2D;

test.each<[text: string, width: number, shown: string]>([
  ['ResNet50', 80, 'ResNet50'],
  ['ResNet50', 79, 'ResNet…'],
  ['L'.repeat(1000), 100, `${'L'.repeat(9)}…`],
  ['\u{1f4a5}'.repeat(9), 30, '\u{1f4a5}\u{1f4a5}…'],
  ['ResNet50', 0, '…'],
  ['', 0, ''],
])('%s in %i pixels', (text, width, shown) => expect(fittedText(context, text, width)).toBe(shown));

test('an entry of a legend is cut in its label, and its value stays whole', () => {
  const legend = [{ key: 'a', value: 1, swatch: 'dot', label: 'L'.repeat(1000), text: '15 ms' } as const];
  const [row = []] = legendRows(context, legend, 300);
  const words = row.flatMap(({ pieces }) => pieces.flatMap((piece) => (piece.kind === 'words' ? [piece.words] : [])));
  expect(words).toEqual([expect.stringMatching(/^L+… 15 ms$/u)]);
  const [last] = row.map(({ left, pieces }) => pieces.reduce((sum, { width }) => sum + width, left));
  expect(last).toBeLessThanOrEqual(300);
});

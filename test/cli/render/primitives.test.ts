import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bar, resample, sparkline, stackedCells } from '../../../cli/render/bars.ts';
import { paintFor } from '../../../cli/render/paint.ts';
import { renderTable, type TableColumn } from '../../../cli/render/table.ts';
import { textWidth, truncate, wrap } from '../../../cli/render/text-width.ts';

describe('text width', () => {
  test.each([
    ['abc', 3],
    ['µs', 2],
    ['日本', 4],
    ['e\u0301', 1],
    ['\u001b[31mred\u001b[39m', 3],
    ['🙂', 2],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['\u001b[1m日\u001b[22m本', 4],
  ])('%s uses %i columns', (text, expected) => expect(textWidth(text)).toBe(expected));

  test.each([
    ['stage2.conv1', 20, 'stage2.conv1'],
    ['stage2.conv1', 8, 'stage2.…'],
    ['日本語', 4, '日…'],
    ['👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 5, '👨‍👩‍👧👨‍👩‍👧…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('%s cut to %i', (text, width, expected) => expect(truncate(text, width)).toBe(expected));

  test('the start of a text can be cut', () => expect(truncate('stage2.conv1', 8, 'start')).toBe('…2.conv1'));

  test('wrapping keeps every word, and exceeds the width only for longer words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }),
        fc.integer({ min: 9, max: 40 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width);
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('bars', () => {
  test.each([
    [0, 8, ''],
    [0.001, 8, '▏'],
    [0.5, 8, '████'],
    [0.53, 8, '████▎'],
    [1, 8, '████████'],
    [7, 8, '████████'],
    [Number.NaN, 8, ''],
  ])('a bar of %d of %i cells', (fraction, width, expected) => expect(bar(fraction, width, true)).toBe(expected));

  test('a bar without Unicode', () => expect([bar(0.5, 8, false), bar(0.001, 8, false)]).toEqual(['####', '#']));

  test.each([
    [[0, 1, 2, 4, 8], 8, '▁▁▂▄▇'],
    [[1, Number.NaN, 3], 2, '▄ ▇'],
    [[0, 0], 0, '▁▁'],
  ])('sparkline of %j up to %d', (values, top, expected) => expect(sparkline(values, top, true)).toBe(expected));

  test('the lengths of stacked cells add up to the width, and every part above zero is visible', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 6 }), (parts) => {
        fc.pre(parts.some((part) => part > 0));
        const cells = stackedCells(parts, 40);
        expect(cells.reduce((sum, count) => sum + count, 0)).toBe(40);
        parts.forEach((part, i) => {
          if (part > 0) expect(cells[i]).toBeGreaterThan(0);
        });
      }),
    );
  });

  test.each([
    [[1, 3, 5, 7], 2, 'mean' as const, [2, 6]],
    [[1, 3, 5, Number.NaN], 2, 'max' as const, [3, 5]],
    [[1, 2], 5, 'mean' as const, [1, 2]],
    [[Number.NaN, Number.NaN], 1, 'mean' as const, [Number.NaN]],
  ])('resample %j to %i by %s', (values, count, pick, expected) =>
    expect(resample(values, count, pick)).toEqual(expected),
  );
});

describe('tables', () => {
  const columns: readonly TableColumn[] = [
    { header: 'layer', align: 'left', shrinkTo: 6 },
    { header: 'kind', align: 'left', importance: 1 },
    { header: 'cycles', align: 'right' },
  ];
  const rows = [['convolution1', 'conv', '6,272'], undefined, ['total', '', '10,192']];
  const style = (width: number) => ({ width, paintHeader: (text: string) => text, indent: 1 });

  test('columns are aligned, with a blank row, without blanks at the end of a line', () => {
    expect(renderTable(columns, rows, style(80)).lines).toEqual([
      ' layer         kind  cycles',
      ' convolution1  conv   6,272',
      '',
      ' total               10,192',
    ]);
  });

  test('names are shortened first, then columns are hidden, the least important first', () => {
    expect(renderTable(columns, rows, style(24)).lines[1]).toBe(
      ' convolut…  conv   6,272'.replace('convolut…', `${'convoluti'.slice(0, 8)}…`),
    );
    const narrow = renderTable(columns, rows, style(16));
    expect(narrow.hidden).toEqual(['kind']);
    expect(narrow.lines[1]).toBe(' convo…   6,272');
  });

  test('colour codes use no columns', () => {
    const paint = paintFor(true);
    const painted = renderTable(columns, [['a', paint.red('conv'), '1']], style(80)).lines;
    const plain = renderTable(columns, [['a', 'conv', '1']], style(80)).lines;
    expect(painted.map(textWidth)).toEqual(plain.map(textWidth));
  });
});

import { describe, expect, test } from 'vitest';
import { type Cell, writeCsv } from '../../design/index.ts';

describe('CSV', () => {
  const cells: readonly (readonly [Cell, string])[] = [
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', 'two\\nlines'],
    ['two\r\nlines', 'two\\r\\nlines'],
    ['two\u2028lines', 'two\\u{2028}lines'],
    ['\t=1', '\\t=1'],
    ['=cmd|calc', "'=cmd|calc"],
    ['+1', "'+1"],
    ['-a', "'-a"],
    ['@SUM(1, 2)', '"\'@SUM(1, 2)"'],
    [-1, '-1'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, 'inf'],
    [null, ''],
    [true, 'true'],
  ];
  test.each(cases(cells))('%s', (_, cell, expected) => {
    expect(writeCsv(['x', 'y'], [[cell, 1]])).toBe(`x,y\r\n${expected},1\r\n`);
  });
});

function cases(rows: readonly (readonly [Cell, string])[]): [string, Cell, string][] {
  return rows.map(([cell, expected]) => [JSON.stringify(cell) ?? '', cell, expected]);
}

import { expect, test } from 'vitest';
import { type TableData, tableCsv, tableJson } from '../../../webview/model/table.ts';

/* The files that the panel saves of a plot. */

const table = (...rows: TableData['rows']): TableData => ({
  caption: 'A caption',
  columns: [
    { title: 'Name', key: 'name' },
    { title: 'Latency', key: 'latencySeconds', format: (value) => `${value} s` },
  ],
  rows,
});

test.each([
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', 'two\\nlines'],
  ['two\rlines', 'two\\rlines'],
  ['', ''],
  ['=1+1', "'=1+1"],
])('CSV: %j becomes %j', (cell, expected) => {
  expect(tableCsv(table([cell, 0.1]))).toBe(`name,latencySeconds\r\n${expected},0.1\r\n`);
});

test('numbers are saved with all digits, and a missing value is empty in CSV and null in JSON', () => {
  const data = table(['a', 1 / 3], ['b', Number.NaN]);
  expect(tableCsv(data)).toBe('name,latencySeconds\r\na,0.3333333333333333\r\nb,\r\n');
  expect(JSON.parse(tableJson(data))).toEqual({
    caption: 'A caption',
    rows: [
      { name: 'a', latencySeconds: 1 / 3 },
      { name: 'b', latencySeconds: null },
    ],
  });
});

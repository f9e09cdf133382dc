import { expect, test } from 'vitest';
import {
  formatBytes,
  formatNumber,
  formatPercent,
  formatQuantity,
  formatRate,
  formatSeconds,
} from '../../design/index.ts';

test.each([
  [0, '0'],
  [1234.5, '1,235'],
  [1e6, '1,000,000'],
  [0.12345, '0.123'],
  [99.96, '100'],
  [-2.5, '-2.5'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '∞'],
])('formatNumber %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [0.0152, '15.2 ms'],
  [0.9999, '1 s'],
  [0.00099999, '1 ms'],
  [1250, '1,250 s'],
  [2e-6, '2 µs'],
  [0, '0 s'],
  [Number.NaN, '–'],
])('formatSeconds %s', (value, text) => {
  expect(formatSeconds(value)).toBe(text);
});

test('units keep one space and their prefix', () => {
  expect(formatQuantity(614e9, 'B/s')).toBe('614 GB/s');
  expect(formatRate(9000)).toBe('9,000 rps');
  expect(formatBytes(128 * 1024 * 1024)).toBe('128 MiB');
  expect(formatPercent(0.76456, 4)).toBe('76.46 %');
});

test('a value that was not measured has no unit', () => {
  expect([formatQuantity(Number.NaN, 'J'), formatRate(Number.NaN), formatPercent(Number.NaN)]).toEqual(['–', '–', '–']);
});

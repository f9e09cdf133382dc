import { expect, test } from 'vitest';
import { stepNumber, valuesAround } from '../../protocol/index.ts';

/** The line after one step, with the cursor at `|`. null: there is no number to change. */
function step(marked: string, direction: 1 | -1): string | null {
  const column = marked.indexOf('|');
  const line = marked.replace('|', '');
  const found = stepNumber(line, column, direction);
  return found === undefined ? null : line.slice(0, found.start) + found.text + line.slice(found.end);
}

test.each<[string, string | null, string | null]>([
  ['let peak = 90|00 rps', 'let peak = 9100 rps', 'let peak = 8900 rps'],
  ['let peak = |12000 rps', 'let peak = 13000 rps', 'let peak = 11000 rps'],
  ['bandwidth: 614| GB/s', 'bandwidth: 624 GB/s', 'bandwidth: 604 GB/s'],
  ['clock: 1.0|5 GHz', 'clock: 1.15 GHz', 'clock: 0.95 GHz'],
  ['clock: 0.5|0 GHz', 'clock: 0.51 GHz', 'clock: 0.49 GHz'],
  // Upwards and downwards meet.
  ['x: 1|00', 'x: 110', 'x: 99'],
  ['x: 9|9', 'x: 100', 'x: 98'],
  ['max: |8, timeout: 1 ms', 'max: 9, timeout: 1 ms', 'max: 7, timeout: 1 ms'],
  // Stays above zero.
  ['max: |1', 'max: 2', null],
  ['guard: 0|', 'guard: 1', null],
  ['x: 0.|1', 'x: 0.2', null],
  ['array: 12|8 x 64', 'array: 138 x 64', 'array: 118 x 64'],
  ['array: 128 x |64', 'array: 128 x 65', 'array: 128 x 63'],
  ['weights: int|4', null, null],
  // A step would change the form.
  ['rps: 1_0|00', null, null],
  ['rps: |1_000', null, null],
  ['rps: |1e6', null, null],
  ['rps: 1|0e6', null, null],
  ['slo { p9|9 latency <= 15 ms }', null, null],
  ['slo { p99 latency <= |15 ms }', 'slo { p99 latency <= 16 ms }', 'slo { p99 latency <= 14 ms }'],
  ['let a = b // 1|0', null, null],
  ['arrivals: trace("day-1|.csv")', null, null],
  ['|', null, null],
])('%s', (marked, up, down) => {
  expect([step(marked, 1), step(marked, -1)]).toEqual([up, down]);
});

test.each<[steps: number, text: string | undefined]>([
  [3, '13'],
  [-3, '7'],
  // Further steps do not exist.
  [-40, '1'],
  [0, undefined],
])('%i steps at once', (steps, text) => {
  expect(stepNumber('max: 10', 5, steps)?.text).toBe(text);
});

test('many steps up and down stay finite, positive and without rounding errors', () => {
  let line = '0.05';
  for (let i = 0; i < 200; i++) line = stepNumber(line, 0, 1)?.text ?? line;
  expect(line).toMatch(/^\d+\.\d\d$/);
  for (let i = 0; i < 400; i++) line = stepNumber(line, 0, -1)?.text ?? line;
  expect(line).toBe('0.01');
});

test.each<[text: string, most: number | undefined, first: string, last: string]>([
  // A quarter to four times the value, in the steps of the keys.
  ['13000', undefined, '3300', '52000'],
  ['614', undefined, '154', '2404'],
  ['8', undefined, '2', '32'],
  ['1.05', undefined, '0.27', '4.15'],
  ['1', undefined, '1', '4'],
  ['0', undefined, '0', '0'],
  // A percentage stays within 100.
  ['76.3', 100, '19.3', '99.3'],
  ['5', 100, '2', '20'],
  ['0.999', undefined, '0.259', '3.909'],
])('a slider around %s that ends at %s goes from %s to %s', (text, most, first, last) => {
  const values = valuesAround(text, most);
  expect([values[0], values.at(-1), values.includes(text)]).toEqual([first, last, true]);
  expect(values.map(Number)).toEqual(values.map(Number).toSorted((a, b) => a - b));
});

import { expect, test } from 'vitest';
import { valueChangeText } from '../../design/index.ts';

test.each<[string, string, string]>([
  ['614 GB/s', '900 GB/s', '614 -> 900 GB/s'],
  ['8 GB', '8 GiB', '8 GB -> 8 GiB'],
  ['5s', '5ms', '5s -> 5ms'],
  ['1_000 rps', '2_000 rps', '1_000 -> 2_000 rps'],
  ['1.5 ms', '2 ms', '1.5 -> 2 ms'],
  ['TPUv4i', 'TPUv4', 'TPUv4i -> TPUv4'],
  ['8', '16', '8 -> 16'],
  ['2 * peak', '3 * peak', '2 -> 3 * peak'],
  ['poisson(8 rps)', 'poisson(9 rps)', 'poisson(8 rps) -> poisson(9 rps)'],
])('%s and %s: %s', (before, after, text) => {
  expect(valueChangeText(before, after)).toBe(text);
});

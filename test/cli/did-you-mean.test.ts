import { expect, test } from 'vitest';
import { nearest } from '../../cli/did-you-mean.ts';

const words = ['check', 'run', 'layers', 'capacity', 'explore'];

test.each([
  ['chekc', 'check'],
  ['Check', 'check'],
  ['rum', 'run'],
  ['layer', 'layers'],
  ['cap', 'capacity'],
  ['explroe', 'explore'],
  ['xyz', undefined],
  ['', undefined],
  ['simulate', undefined],
])('the suggestion for %s is %s', (word, expected) => {
  expect(nearest(word, words)).toBe(expected);
});

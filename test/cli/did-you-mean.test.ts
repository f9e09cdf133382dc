import { expect, test } from 'vitest';
import { didYouMean } from '../../cli/did-you-mean.ts';

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
  expect(didYouMean(word, words)).toBe(expected === undefined ? '' : `; did you mean '${expected}'?`);
});

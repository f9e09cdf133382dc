import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { smallestMeeting } from '../../../simulator/index.ts';

describe('the smallest value that meets', () => {
  test('is found with few tries', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { maxLength: 200 }), fc.integer(), (unsorted, threshold) => {
        const values = [...unsorted].sort((a, b) => a - b);
        let tries = 0;
        const found = smallestMeeting(values, (value) => {
          tries++;
          return value >= threshold;
        });
        expect(found).toBe(values.find((value) => value >= threshold));
        expect(tries).toBeLessThanOrEqual(2 + Math.log2(values.length + 1));
      }),
    );
  });

  test('is none where the largest does not', () => {
    expect(smallestMeeting([1, 2, 3], () => false)).toBeUndefined();
    expect(smallestMeeting([], () => true)).toBeUndefined();
  });

  test('a cancelled search has no answer', () => {
    expect(smallestMeeting([1, 2, 3], () => true, { isCancelled: () => true })).toBeUndefined();
  });
});

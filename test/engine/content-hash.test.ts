import { expect, test } from 'vitest';
import { contentHash } from '../../engine/index.ts';

const origin = { uri: 'file:///a.npu', start: 0, end: 4 };

test('the hash ignores origins and the order of keys', () => {
  expect(contentHash({ a: 1, b: 2, origin })).toBe(contentHash({ b: 2, a: 1, origin: { ...origin, start: 9 } }));
});

test.each([
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { a: '1' }],
  [
    ['ab', 'c'],
    ['a', 'bc'],
  ],
  [{ t: Float64Array.of(1, 2) }, { t: Float64Array.of(1, 2.0000000000000004) }],
  [[[], []], [[[]]]],
  [{ a: { b: 1 }, c: 1 }, { a: { b: 1, c: 1 } }],
  [null, 'null'],
])('%j and %j have different hashes', (left, right) => {
  expect(contentHash(left)).not.toBe(contentHash(right));
});

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

test.each(['origin', 'arrivalsOrigin', 'acceptOrigins'])('the hash ignores the key %s', (key) => {
  expect(contentHash({ a: 1, [key]: origin })).toBe(contentHash({ a: 1 }));
});

const bytes = Uint8Array.of(9, 1, 2, 9);
const kept = Float64Array.of(1, 2);

test.each([
  ['three keys in another order', { a: 1, b: 2, c: 3 }, { c: 3, a: 1, b: 2 }],
  ['a key without a value', { a: 1, b: undefined }, { a: 1 }],
  ['a part of a buffer, and a copy of this part', { t: bytes.subarray(1, 3) }, { t: Uint8Array.of(1, 2) }],
  [
    'an array that was hashed before, and a copy of it',
    { t: kept, again: kept },
    { t: kept.slice(), again: kept.slice() },
  ],
])('the hash is the same for %s', (_, left, right) => {
  expect(contentHash(left)).toBe(contentHash(right));
  expect(contentHash(left)).toMatch(/^[0-9a-f]{16}$/);
});

test.each([
  [[1], [1, 1]],
  [[{}], {}],
  [true, 'true'],
  [{ t: Uint8Array.of(0) }, { t: Uint8Array.of(0, 0) }],
  [{ t: Float64Array.of() }, { t: [] }],
  [{ t: Uint8Array.of(1) }, { t: { 0: 1 } }],
  [[1], { 0: 1 }],
  [
    { a: 1, b: 2 },
    { a: 2, b: 1 },
  ],
])('%o and %o have different hashes as well', (left, right) => {
  expect(contentHash(left)).not.toBe(contentHash(right));
});

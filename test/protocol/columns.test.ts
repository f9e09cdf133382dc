import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../protocol/index.ts';

/** Sends as a message does: the tree as JSON text, the buffer unchanged. */
function roundTrip<T>(value: T): T {
  const packed = pack(value);
  return unpack<T>({ tree: JSON.parse(JSON.stringify(packed.tree)), buffer: packed.buffer });
}

test('columns of every kind arrive unchanged', () => {
  const value = {
    name: 'run',
    seconds: Float64Array.of(0.1, Number.NaN, Number.POSITIVE_INFINITY),
    shares: Float32Array.of(0.5),
    counts: Uint32Array.of(1, 2 ** 32 - 1),
    chips: Uint16Array.of(65535),
    kinds: Uint8Array.of(1, 2, 3),
    nested: [{ empty: new Float64Array(0), nothing: null, flag: true }],
  };
  expect(roundTrip(value)).toEqual(value);
});

test('numbers that JSON cannot represent survive', () => {
  expect(roundTrip({ a: Number.NaN, b: Number.NEGATIVE_INFINITY })).toEqual({
    a: Number.NaN,
    b: Number.NEGATIVE_INFINITY,
  });
});

test('pack and unpack are inverse', () => {
  const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.float64Array(), fc.uint8Array());
  const key = fc.string().filter((text) => text !== '$' && text !== '__proto__');
  const anything = fc.dictionary(key, fc.array(leaf), { noNullPrototype: true });
  fc.assert(
    fc.property(anything, (value) => {
      expect(roundTrip(value)).toEqual(value);
    }),
  );
});

import { describe, expect, it } from 'vitest';
import { promptBlocksOf } from '../../../simulator/serving/tokens/prompt-blocks.ts';

/** The identities of the KV blocks of each request. */
function blocksOf(lists: readonly (readonly number[])[], blockTokens: number, inputs: readonly number[], kv: number) {
  const starts = [0];
  for (const list of lists) starts.push((starts.at(-1) ?? 0) + list.length);
  const hashes = { identities: Uint32Array.from(lists.flat()), starts: Uint32Array.from(starts), blockTokens };
  const { identities, starts: found } = promptBlocksOf(hashes, Int32Array.from(inputs), kv);
  return inputs.map((_, r) => [...identities.slice(found[r], found[r + 1])]);
}

describe('the KV blocks of a trace with block hashes', () => {
  it.each([
    [
      'equal blocks',
      16,
      [48, 40],
      [
        [0, 1, 2],
        [0, 1],
      ],
    ],
    [
      'smaller KV blocks',
      8,
      [24, 20],
      [
        [0, 1, 2],
        [0, 1],
      ],
    ],
  ] as const)('are those of its lists: %s', (_, kv, inputs, expected) => {
    const lists =
      kv === 16
        ? [
            [0, 1, 2],
            [0, 1, 3],
          ]
        : [
            [0, 1],
            [0, 2],
          ];
    const blocks = blocksOf(lists, 16, inputs, kv);
    const shared = expected[1].length;
    expect(blocks[0]?.length).toBe(expected[0].length);
    expect(blocks[1]?.length).toBe(shared);
    expect(blocks[1]?.slice(0, 2)).toEqual(blocks[0]?.slice(0, 2));
    expect(new Set(blocks[0]).size).toBe(expected[0].length);
  });

  it('of a larger size need the hash of their last token', () => {
    // KV blocks of 24 tokens: the first one ends in the second block of 16 tokens, and the second one in the third.
    const [a, b, c] = blocksOf(
      [
        [0, 1, 2],
        [0, 1, 3],
        [0, 4, 5],
      ],
      16,
      [48, 48, 48],
      24,
    );
    expect(b?.[0]).toBe(a?.[0]);
    expect(b?.[1]).not.toBe(a?.[1]);
    expect(c?.[0]).not.toBe(a?.[0]);
  });

  it('never mistake one place for another', () => {
    for (const kv of [1, 3, 16, 24, 512, 700]) {
      const lists = [Array.from({ length: 20 }, (_, n) => n)];
      const [all] = blocksOf(lists, 512, [20 * 512], kv);
      expect(all?.length).toBe(Math.floor((20 * 512) / kv));
      expect(new Set(all).size).toBe(all?.length);
    }
  });
});

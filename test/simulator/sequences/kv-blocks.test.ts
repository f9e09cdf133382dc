import { describe, expect, it } from 'vitest';
import { KvBlocks } from '../../../simulator/sequences/index.ts';
import { RandomStream } from '../../../simulator/serving/index.ts';

const take = (blocks: KvBlocks, count: number) => Array.from({ length: count }, () => blocks.take());

describe('KV blocks', () => {
  it('have one block less than the memory: the null block', () => {
    expect(new KvBlocks(2588).capacity).toBe(2587);
    expect(new KvBlocks(1).capacity).toBe(0);
  });

  it('are reused in the order of release', () => {
    const blocks = new KvBlocks(4);
    const [a = -1, b = -1, c = -1] = take(blocks, 3);
    for (const block of [b, c, a]) blocks.release(block);
    expect(take(blocks, 3)).toEqual([b, c, a]);
  });

  it('keep their content until they are reused', () => {
    const blocks = new KvBlocks(3);
    const [a = -1, b = -1] = take(blocks, 2);
    blocks.remember(a, 7);
    blocks.remember(b, 8);
    blocks.release(b);
    blocks.release(a);
    expect([blocks.find(7), blocks.find(8)]).toEqual([a, b]);
    blocks.take();
    expect([blocks.find(7), blocks.find(8)]).toEqual([a, -1]);
  });

  it('leave the free list when a sequence shares them, and return after the last user', () => {
    const blocks = new KvBlocks(3);
    const [a = -1] = take(blocks, 1);
    blocks.remember(a, 7);
    blocks.release(a);
    blocks.share(a);
    blocks.share(a);
    expect([blocks.free, blocks.isFree(a)]).toEqual([1, false]);
    blocks.release(a);
    expect(blocks.free).toBe(1);
    blocks.release(a);
    expect(blocks.free).toBe(2);
  });

  it('are found by the oldest copy of an identity, and then by the next one', () => {
    const blocks = new KvBlocks(4);
    const [a = -1, b = -1, c = -1] = take(blocks, 3);
    for (const block of [a, b, c]) blocks.remember(block, 7);
    expect(blocks.find(7)).toBe(a);
    for (const block of [b, a, c]) blocks.release(block);
    blocks.take();
    expect(blocks.find(7)).toBe(a);
    blocks.take();
    expect(blocks.find(7)).toBe(c);
    blocks.take();
    expect(blocks.find(7)).toBe(-1);
  });

  it('of two formats share the memory, and a block takes that of the least recently used free ones', () => {
    // Six units: three blocks of two, or six of one.
    const blocks = new KvBlocks(7, { base: 2, burst: 1 });
    const [a, b] = [blocks.take(true), blocks.take(true)];
    const [c, d] = [blocks.take(), blocks.take()];
    expect([blocks.free, blocks.used, blocks.usedBurst]).toEqual([0, 6, 2]);
    for (const block of [a, b, c, d]) blocks.remember(block, 10 + block);
    blocks.release(c);
    blocks.release(a);
    blocks.release(b);
    expect([blocks.free, blocks.used, blocks.usedBurst]).toEqual([4, 2, 0]);
    // One unit from the block of two: the other one stays empty and is used next.
    const e = blocks.take(true);
    expect([blocks.isBurst(e), blocks.unitsOf(e), blocks.free]).toEqual([true, 1, 3]);
    expect([10 + c, 10 + a, 10 + b].map((identity) => blocks.find(identity))).toEqual([-1, a, b]);
    blocks.take(true);
    expect(blocks.find(10 + a)).toBe(a);
    // Two units from both blocks of one.
    const f = blocks.take();
    expect([blocks.isBurst(f), blocks.free, blocks.used]).toEqual([false, 0, 6]);
    expect([10 + a, 10 + b, 10 + d].map((identity) => blocks.find(identity))).toEqual([-1, -1, d]);
  });

  it('agree with a list and a map in 20,000 random operations', () => {
    const random = new RandomStream(5, 0);
    const below = (count: number) => Math.floor(random.uniform() * count);
    const blocks = new KvBlocks(40);
    const free = Array.from({ length: 39 }, (_, block) => block);
    const users = new Map<number, number>();
    const identities = new Map<number, number>();
    for (let n = 0; n < 20_000; n++) {
      const used = [...users.keys()];
      const chosen = used[below(used.length)] ?? -1;
      const operation = below(4);
      if (operation === 0 && free.length > 0) {
        const block = blocks.take();
        expect(block).toBe(free.shift());
        users.set(block, 1);
        identities.delete(block);
      } else if (operation === 1 && chosen >= 0) {
        const left = (users.get(chosen) ?? 0) - 1;
        blocks.release(chosen);
        if (left > 0) users.set(chosen, left);
        else {
          users.delete(chosen);
          free.push(chosen);
        }
      } else if (operation === 2 && chosen >= 0) {
        // Large identities have to survive both halves of the hash.
        const identity = below(60) * 2 ** 33;
        blocks.remember(chosen, identity);
        if (!identities.has(chosen)) identities.set(chosen, identity);
      } else {
        const identity = below(60) * 2 ** 33;
        const found = blocks.find(identity);
        expect(found >= 0).toBe([...identities.values()].includes(identity));
        if (found < 0) continue;
        expect(identities.get(found)).toBe(identity);
        blocks.share(found);
        users.set(found, (users.get(found) ?? 0) + 1);
        if (free.includes(found)) free.splice(free.indexOf(found), 1);
      }
      expect(blocks.free).toBe(free.length);
      expect(blocks.free + blocks.used).toBe(blocks.capacity);
    }
  });
});

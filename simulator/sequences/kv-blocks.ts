import { IdentityMap } from './identity-map.ts';
import type { BlockUnits } from './input.ts';

const NONE = -1;

const oneUnit: BlockUnits = { base: 1, burst: 1 };

/**
 * The blocks of the KV cache, as vLLM V1 manages them. A block is free or has users. A free block keeps its content, and
 * an identity makes the content findable: it identifies the tokens of the block and all tokens before it, so blocks with
 * equal identities have equal content. A sequence whose prompt starts with a cached prefix shares the blocks.
 *
 * The free list is in the order of least recent use: the head is taken first, released blocks join the tail. A sequence
 * must therefore release its last block first: its prefix stays findable for longer than its end.
 *
 * A block has one format: that of the step that took it. Blocks of different formats need different memory, so memory is counted in units. Without
 * a second format, a block is one unit. A free block whose memory another one needs is lost, and what is left of its memory stays empty (our
 * assumption: a block can be anywhere in memory, because a table lists its parts).
 *
 * Invariant: free units + used units = capacity.
 */
export class KvBlocks {
  /** Usable memory. One unit is the null block, which no sequence can use. */
  readonly capacity: number;
  /** Memory of blocks without users, cached or not, and without a block. */
  free: number;
  /** Used memory of blocks in the format of burst mode. */
  usedBurst = 0;
  private readonly units: BlockUnits;
  /** The largest number of blocks: if all of them have the smaller format. */
  readonly count: number;
  /** Memory without a block. */
  private empty: number;
  /** Blocks without memory. The last one is used next. */
  private readonly idle: Int32Array;
  private idleCount: number;
  /** The free list is a ring through `count`, which is no block. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly users: Int32Array;
  private readonly inBurst: Uint8Array;
  private readonly identities: Float64Array;
  private readonly firstOf: IdentityMap;
  /** The next block with the same identity. Two sequences that compute the same prefix at the same time make copies. */
  private readonly copy: Int32Array;

  /** `blocks` includes the null block. */
  constructor(blocks: number, units: BlockUnits = oneUnit) {
    this.capacity = Math.max(0, blocks - 1);
    this.free = this.capacity;
    this.empty = this.capacity;
    this.units = units;
    const count = Math.floor(this.capacity / Math.min(units.base, units.burst));
    this.count = count;
    this.idle = Int32Array.from({ length: count }, (_, n) => count - 1 - n);
    this.idleCount = count;
    this.next = new Int32Array(count + 1);
    this.previous = new Int32Array(count + 1);
    this.next[count] = count;
    this.previous[count] = count;
    this.users = new Int32Array(count);
    this.inBurst = new Uint8Array(count);
    this.identities = new Float64Array(count).fill(NONE);
    this.copy = new Int32Array(count).fill(NONE);
    this.firstOf = new IdentityMap(count);
  }

  get used(): number {
    return this.capacity - this.free;
  }

  /**
   * Takes a block in the format of a mode: from empty memory, or else from that of the least recently used free blocks, which lose their
   * content. The caller has checked `free`.
   */
  take(isBurst = false): number {
    const needed = isBurst ? this.units.burst : this.units.base;
    while (this.empty < needed) {
      const lost = this.next[this.count] as number;
      this.unlink(lost);
      this.forget(lost);
      this.empty += this.unitsOf(lost);
      this.idle[this.idleCount++] = lost;
    }
    const block = this.idle[--this.idleCount] as number;
    this.inBurst[block] = isBurst ? 1 : 0;
    this.users[block] = 1;
    this.empty -= needed;
    this.use(block);
    return block;
  }

  /** Whether a block has the format of burst mode. */
  isBurst(block: number): boolean {
    return this.inBurst[block] === 1;
  }

  /** The memory of a block. */
  unitsOf(block: number): number {
    return this.inBurst[block] === 1 ? this.units.burst : this.units.base;
  }

  private use(block: number): void {
    const units = this.unitsOf(block);
    this.free -= units;
    if (this.inBurst[block] === 1) this.usedBurst += units;
  }

  /** The first cached block with this identity, or -1. */
  find(identity: number): number {
    return this.firstOf.get(identity);
  }

  isFree(block: number): boolean {
    return this.users[block] === 0;
  }

  /** Adds a user to a cached block. */
  share(block: number): void {
    if (this.users[block] === 0) {
      this.unlink(block);
      this.use(block);
    }
    this.users[block] = (this.users[block] as number) + 1;
  }

  /** Removes a user. A block without users joins the tail of the free list and keeps its identity. */
  release(block: number): void {
    const users = (this.users[block] as number) - 1;
    this.users[block] = users;
    if (users > 0) return;
    const { next, previous, count } = this;
    const tail = previous[count] as number;
    next[tail] = block;
    previous[block] = tail;
    next[block] = count;
    previous[count] = block;
    const units = this.unitsOf(block);
    this.free += units;
    if (this.inBurst[block] === 1) this.usedBurst -= units;
  }

  /** Makes the content of a block findable. A block that has an identity keeps it. */
  remember(block: number, identity: number): void {
    if (this.identities[block] !== NONE) return;
    this.identities[block] = identity;
    let last = this.firstOf.get(identity);
    if (last === NONE) {
      this.firstOf.set(identity, block);
      return;
    }
    while (this.copy[last] !== NONE) last = this.copy[last] as number;
    this.copy[last] = block;
  }

  private forget(block: number): void {
    const identity = this.identities[block] as number;
    if (identity === NONE) return;
    const { copy, firstOf } = this;
    const after = copy[block] as number;
    const first = firstOf.get(identity);
    if (first === block) {
      if (after === NONE) firstOf.delete(identity);
      else firstOf.set(identity, after);
    } else {
      let before = first;
      while (copy[before] !== block) before = copy[before] as number;
      copy[before] = after;
    }
    copy[block] = NONE;
    this.identities[block] = NONE;
  }

  private unlink(block: number): void {
    const before = this.previous[block] as number;
    const after = this.next[block] as number;
    this.next[before] = after;
    this.previous[after] = before;
  }
}

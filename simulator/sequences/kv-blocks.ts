import { IdentityMap } from './identity-map.ts';

const NONE = -1;

/**
 * The blocks of the KV cache, as vLLM V1 manages them. A block is free or has users. A free block keeps its content, and
 * an identity makes the content findable: it identifies the tokens of the block and all tokens before it, so blocks with
 * equal identities have equal content. A sequence whose prompt starts with a cached prefix shares the blocks.
 *
 * The free list is in the order of least recent use: the head is taken first, released blocks join the tail. A sequence
 * must therefore release its last block first: its prefix stays findable for longer than its end.
 *
 * Invariant: free blocks + used blocks = capacity.
 */
export class KvBlocks {
  /** Usable blocks. One block of the memory is the null block, which no sequence can use. */
  readonly capacity: number;
  /** Blocks without users, cached or not. */
  free: number;
  /** The free list is a ring through `capacity`, which is no block. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly users: Int32Array;
  private readonly identities: Float64Array;
  private readonly firstOf: IdentityMap;
  /** The next block with the same identity. Two sequences that compute the same prefix at the same time make copies. */
  private readonly copy: Int32Array;

  /** `blocks` includes the null block. */
  constructor(blocks: number) {
    const capacity = Math.max(0, blocks - 1);
    this.capacity = capacity;
    this.free = capacity;
    this.next = new Int32Array(capacity + 1);
    this.previous = new Int32Array(capacity + 1);
    this.users = new Int32Array(capacity);
    this.identities = new Float64Array(capacity).fill(NONE);
    this.copy = new Int32Array(capacity).fill(NONE);
    this.firstOf = new IdentityMap(capacity);
    for (let block = 0; block <= capacity; block++) {
      this.next[block] = block === capacity ? 0 : block + 1;
      this.previous[block] = block === 0 ? capacity : block - 1;
    }
  }

  get used(): number {
    return this.capacity - this.free;
  }

  /** Takes the least recently used free block, which loses its content. The caller has checked `free`. */
  take(): number {
    const block = this.next[this.capacity] as number;
    this.unlink(block);
    this.forget(block);
    this.users[block] = 1;
    this.free--;
    return block;
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
      this.free--;
    }
    this.users[block] = (this.users[block] as number) + 1;
  }

  /** Removes a user. A block without users joins the tail of the free list and keeps its identity. */
  release(block: number): void {
    const users = (this.users[block] as number) - 1;
    this.users[block] = users;
    if (users > 0) return;
    const { next, previous, capacity } = this;
    const tail = previous[capacity] as number;
    next[tail] = block;
    previous[block] = tail;
    next[block] = capacity;
    previous[capacity] = block;
    this.free++;
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

/** Marks a free place. Identities are whole numbers, 0 or greater. */
const FREE = -1;

/**
 * The first cached block of each identity: a hash table of fixed size with linear probing. It never grows, because a block
 * has at most one identity. Removal moves later entries back, so that no marks of removed entries remain.
 */
export class IdentityMap {
  private readonly keys: Float64Array;
  private readonly values: Int32Array;
  private readonly mask: number;

  /** A table for at most `entries` identities. It is at most a quarter full, so a search reads about one place. */
  constructor(entries: number) {
    let size = 16;
    while (size < 4 * entries) size *= 2;
    this.keys = new Float64Array(size).fill(FREE);
    this.values = new Int32Array(size);
    this.mask = size - 1;
  }

  /** The block of an identity, or -1. */
  get(identity: number): number {
    const at = this.placeOf(identity);
    return this.keys[at] === FREE ? -1 : (this.values[at] as number);
  }

  set(identity: number, block: number): void {
    const at = this.placeOf(identity);
    this.keys[at] = identity;
    this.values[at] = block;
  }

  delete(identity: number): void {
    const { keys, values, mask } = this;
    let hole = this.placeOf(identity);
    if (keys[hole] === FREE) return;
    for (let at = (hole + 1) & mask; keys[at] !== FREE; at = (at + 1) & mask) {
      const home = this.homeOf(keys[at] as number);
      // An entry moves back if its home is not between the hole and its place.
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      keys[hole] = keys[at] as number;
      values[hole] = values[at] as number;
      hole = at;
    }
    keys[hole] = FREE;
  }

  /** The place of an identity, or the free place where it would be inserted. */
  private placeOf(identity: number): number {
    const { keys, mask } = this;
    let at = this.homeOf(identity);
    while (keys[at] !== FREE && keys[at] !== identity) at = (at + 1) & mask;
    return at;
  }

  /** Both halves of the number are mixed by multiplication (Knuth, The Art of Computer Programming, volume 3, 6.4). */
  private homeOf(identity: number): number {
    const high = (identity / 4294967296) | 0;
    const mixed = Math.imul((identity | 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & this.mask;
  }
}

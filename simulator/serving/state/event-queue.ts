/** Up to this number of slots, a linear search is faster than a tree. */
const FEW_SLOTS = 12;

/**
 * The next event of each of a fixed number of slots. Of two events at the same time, the one in the lower slot is first.
 * With many slots, the queue is a tournament tree, and a change of one event costs log2(slots) comparisons.
 */
export class EventQueue {
  /** The time of the event of each slot. Infinity: no event. Change it with `set`, or write it and then call `moved`. */
  readonly seconds: Float64Array;
  private readonly slots: number;
  private readonly leaves: number;
  /** The tournament tree: winners[1] is the slot of the earliest event. Empty if there are few slots. */
  private readonly winners: Int32Array;

  constructor(slots: number) {
    let leaves = 2;
    while (leaves < slots) leaves *= 2;
    this.slots = slots;
    this.leaves = leaves;
    this.seconds = new Float64Array(leaves).fill(Number.POSITIVE_INFINITY);
    this.winners = new Int32Array(slots <= FEW_SLOTS ? 0 : 2 * leaves);
    if (this.winners.length === 0) return;
    for (let i = 0; i < leaves; i++) this.winners[leaves + i] = i;
    for (let i = leaves - 1; i >= 1; i--) this.winners[i] = this.winners[2 * i] as number;
  }

  /** The slot of the earliest event. */
  earliest(): number {
    if (this.winners.length !== 0) return this.winners[1] as number;
    const { seconds, slots } = this;
    let best = 0;
    let bestSeconds = seconds[0] as number;
    for (let slot = 1; slot < slots; slot++) {
      const at = seconds[slot] as number;
      if (at < bestSeconds) {
        best = slot;
        bestSeconds = at;
      }
    }
    return best;
  }

  /** Updates the tree after a change of seconds[slot]. */
  moved(slot: number): void {
    if (this.winners.length !== 0) this.replay(slot);
  }

  /** Sets the time of the event of a slot. */
  set(slot: number, seconds: number): void {
    this.seconds[slot] = seconds;
    this.moved(slot);
  }

  /** Removes the event of a slot. */
  clear(slot: number): void {
    this.seconds[slot] = Number.POSITIVE_INFINITY;
    this.moved(slot);
  }

  private replay(slot: number): void {
    const { winners, seconds } = this;
    let node = (slot + this.leaves) >> 1;
    while (node >= 1) {
      const left = winners[2 * node] as number;
      const right = winners[2 * node + 1] as number;
      winners[node] = (seconds[right] as number) < (seconds[left] as number) ? right : left;
      node >>= 1;
    }
  }
}

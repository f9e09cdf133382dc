/**
 * The next event of each of a fixed number of slots, and the earliest of all at the root: a tournament tree in two columns.
 * At equal times the lower slot goes first, which is the whole of the tie order. Moving a slot costs log2(slots) comparisons.
 */
export class EventTree {
  /** Seconds per slot; Infinity: nothing to come. */
  readonly seconds: Float64Array;
  /** winners[1] is the slot of the earliest event. */
  readonly winners: Int32Array;
  private readonly leaves: number;

  constructor(slots: number) {
    let leaves = 2;
    while (leaves < slots) leaves *= 2;
    this.leaves = leaves;
    this.seconds = new Float64Array(leaves).fill(Number.POSITIVE_INFINITY);
    this.winners = new Int32Array(2 * leaves);
    for (let i = 0; i < leaves; i++) this.winners[leaves + i] = i;
    for (let i = leaves - 1; i >= 1; i--) this.winners[i] = this.winners[2 * i] as number;
  }

  set(slot: number, seconds: number): void {
    const { winners, seconds: keys } = this;
    keys[slot] = seconds;
    let node = (slot + this.leaves) >> 1;
    while (node >= 1) {
      const left = winners[2 * node] as number;
      const right = winners[2 * node + 1] as number;
      winners[node] = (keys[right] as number) < (keys[left] as number) ? right : left;
      node >>= 1;
    }
  }
}

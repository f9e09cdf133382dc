/**
 * The waiting requests of one serve, the oldest first. It is a ring buffer with the arrival time of each request and the
 * value of `Simulation.idleClock` at its arrival. From this value, `storeWaits` computes how long the request waited for
 * its batch to fill.
 */
export class RequestQueue {
  arrivals = new Float64Array(64);
  idleClocks = new Float64Array(64);
  mask = 63;
  head = 0;
  length = 0;

  /**
   * Adds a place for a new request and returns its index. The caller writes the arrival time and the idle clock there.
   */
  push(): number {
    if (this.length > this.mask) this.grow();
    return (this.head + this.length++) & this.mask;
  }

  /** The arrival time of a request. Place 0 is the oldest. */
  arrivalAt(place: number): number {
    return this.arrivals[(this.head + place) & this.mask] as number;
  }

  /** The idle clock at the arrival of a request. Place 0 is the oldest. */
  idleClockAt(place: number): number {
    return this.idleClocks[(this.head + place) & this.mask] as number;
  }

  /** Removes the oldest requests. */
  drop(count: number): void {
    this.head = (this.head + count) & this.mask;
    this.length -= count;
  }

  private grow(): void {
    const size = (this.mask + 1) * 2;
    const arrivals = new Float64Array(size);
    const idleClocks = new Float64Array(size);
    for (let i = 0; i < this.length; i++) {
      arrivals[i] = this.arrivalAt(i);
      idleClocks[i] = this.idleClockAt(i);
    }
    this.arrivals = arrivals;
    this.idleClocks = idleClocks;
    this.mask = size - 1;
    this.head = 0;
  }
}

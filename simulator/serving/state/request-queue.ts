/**
 * What waits for one serve, oldest first: a ring of arrival times and, beside each, the idle clock at its arrival (see
 * `idleClock` in the simulation), from which the part of the wait that was spent filling a batch comes.
 */
export class RequestQueue {
  arrivals = new Float64Array(64);
  idleClocks = new Float64Array(64);
  mask = 63;
  head = 0;
  length = 0;

  /** Makes room for one more behind the youngest and returns where: the caller writes its arrival, and its idle clock. */
  push(): number {
    if (this.length > this.mask) this.grow();
    return (this.head + this.length++) & this.mask;
  }

  /** Seconds of the request `place` places behind the oldest. */
  arrivalAt(place: number): number {
    return this.arrivals[(this.head + place) & this.mask] as number;
  }

  idleClockAt(place: number): number {
    return this.idleClocks[(this.head + place) & this.mask] as number;
  }

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

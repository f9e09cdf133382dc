/**
 * The time of the loop: whole nanoseconds, and whole picoseconds below one. Arrivals are whole nanoseconds, so comparisons
 * are exact. Picoseconds alone would exceed 2^53 after 2.5 hours.
 */
export class StepClock {
  nanoseconds = 0;
  private picoseconds = 0;

  advance(picoseconds: number): void {
    const sum = this.picoseconds + picoseconds;
    const whole = Math.floor(sum / 1000);
    this.nanoseconds += whole;
    this.picoseconds = sum - 1000 * whole;
  }

  jumpTo(nanoseconds: number): void {
    this.nanoseconds = nanoseconds;
    this.picoseconds = 0;
  }

  /** Picoseconds until a time. Exact up to 2^53; later times give a large number. */
  until(nanoseconds: number): number {
    return (nanoseconds - this.nanoseconds) * 1000 - this.picoseconds;
  }
}

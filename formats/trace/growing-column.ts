import { sharedFloats } from '../../design/index.ts';

/** A column of numbers that grows. Its buffer doubles when it is full, so that most rows allocate nothing. */
export class GrowingColumn {
  private values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** A copy with exactly the numbers that were pushed, which threads can share. */
  done(): Float64Array {
    const exact = sharedFloats(this.length);
    exact.set(this.values.subarray(0, this.length));
    return exact;
  }
}

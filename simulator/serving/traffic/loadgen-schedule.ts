import { exactLog } from '../exact-math.ts';
import { MersenneTwister } from './mersenne-twister.ts';

/**
 * The schedule of the Server scenario of MLPerf LoadGen, equal to the nanosecond. LoadGen seeds std::mt19937 with the low
 * 32 bits of the seed. The gaps come from std::exponential_distribution<double>(rate) of libstdc++, which is
 * -log(1 - u) / rate seconds. LoadGen truncates each gap to a nanosecond before it adds it. u is
 * std::generate_canonical<double, 53>: two 32-bit draws (the first is the low half), divided by 2^64. The first query
 * arrives at 0.
 */
export class LoadgenSchedule {
  private readonly twister: MersenneTwister;
  private readonly ratePerSecond: number;
  private nanoseconds = 0;

  /** `seed`: a decimal number with up to 64 bits. */
  constructor(seed: string, ratePerSecond: number) {
    this.twister = new MersenneTwister(Number(BigInt(seed) & 0xffffffffn));
    this.ratePerSecond = ratePerSecond;
  }

  /** The time of the next query in nanoseconds. An integer, exact up to 2^53 (104 days). */
  next(): number {
    const now = this.nanoseconds;
    const low = this.twister.next();
    const high = this.twister.next();
    let u = (low + high * 4294967296) / 2 ** 64;
    // The standard library does the same: u must stay below 1 after rounding.
    if (u >= 1) u = 1 - 2 ** -53;
    const seconds = -exactLog(1 - u) / this.ratePerSecond;
    this.nanoseconds = now + Math.trunc(seconds * 1e9);
    return now;
  }
}

import { exactLog } from '../exact-math.ts';
import { MersenneTwister } from './mersenne-twister.ts';

/**
 * MLPerf LoadGen's schedule of its Server scenario, to the nanosecond: std::mt19937 seeded with the low 32 bits of the seed, gaps from
 * libstdc++'s std::exponential_distribution<double>(rate) = -log(1 - u) / rate seconds, each truncated to a nanosecond before it is
 * added. u is std::generate_canonical<double, 53>: two 32-bit draws, the first one low, over 2^64. The first query comes at 0.
 */
export class LoadgenSchedule {
  private readonly twister: MersenneTwister;
  private readonly ratePerSecond: number;
  private nanoseconds = 0;

  /** `seed`: a decimal number of up to 64 bits. */
  constructor(seed: string, ratePerSecond: number) {
    this.twister = new MersenneTwister(Number(BigInt(seed) & 0xffffffffn));
    this.ratePerSecond = ratePerSecond;
  }

  /** Nanoseconds of the next query; integers, exact up to 2^53 (104 days). */
  next(): number {
    const now = this.nanoseconds;
    const low = this.twister.next();
    const high = this.twister.next();
    let u = (low + high * 4294967296) / 2 ** 64;
    // As the standard library does: rounding must not reach the open end.
    if (u >= 1) u = 1 - 2 ** -53;
    const seconds = -exactLog(1 - u) / this.ratePerSecond;
    this.nanoseconds = now + Math.trunc(seconds * 1e9);
    return now;
  }
}

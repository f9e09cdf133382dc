/** The mt19937 generator (Matsumoto and Nishimura, ACM TOMACS 8(1), 1998). Its numbers equal those of std::mt19937. */
export class MersenneTwister {
  private readonly state = new Uint32Array(624);
  private position = 624;

  constructor(seed: number) {
    const state = this.state;
    state[0] = seed >>> 0;
    for (let i = 1; i < 624; i++) {
      const previous = state[i - 1] as number;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next number, uniform over the 32-bit unsigned integers. */
  next(): number {
    if (this.position === 624) this.twist();
    let y = this.state[this.position++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  private twist(): void {
    const state = this.state;
    for (let i = 0; i < 624; i++) {
      const y = ((state[i] as number) & 0x80000000) | ((state[(i + 1) % 624] as number) & 0x7fffffff);
      const mixed = (state[(i + 397) % 624] as number) ^ (y >>> 1);
      state[i] = (y & 1) !== 0 ? mixed ^ 0x9908b0df : mixed;
    }
    this.position = 0;
  }
}

/**
 * The xoshiro128++ generator (Blackman and Vigna, ACM Trans. Math. Softw. 47(4), 2021). The loops of witness.ts must share no
 * code with the simulator, so they use another generator.
 */
export class Xoshiro128 {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(seed: number) {
    // SplitMix32 distributes the seed over the state.
    let state = seed | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next();
  }

  /** Uniform in (0, 1), with 32 bits. */
  uniform(): number {
    const { a, b, c, d } = this;
    const sum = (a + d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) | 0;
    const e = c ^ a;
    const f = d ^ b;
    this.a = a ^ f;
    this.b = b ^ e;
    this.c = e ^ (b << 9);
    this.d = (f << 11) | (f >>> 21);
    return ((result >>> 0) + 0.5) / 4294967296;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }
}

/**
 * A Poisson process that is modulated by a Markov chain with two states. The rate is `low` for an exponential time with the mean
 * `quiet`, then `high` for an exponential time with the mean `busy`.
 */
export interface Modulated {
  readonly low: number;
  readonly high: number;
  readonly quiet: number;
  readonly busy: number;
}

type Complex = readonly [re: number, im: number];
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const minus = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
const over = (x: Complex, [c, d]: Complex): Complex => {
  const size = c * c + d * d;
  return times(x, [c / size, -d / size]);
};

/**
 * MMPP/D/1 with service time 1. The transform v(s) of the workload V and the phase satisfies v(s) M(s) = s v0 with
 * M(s) = s I + Q - L (1 - exp(-s)). Q contains the rates between the phases, L the arrival rates, and v0 the probabilities of an
 * empty server (Heffes and Lucantoni, IEEE Journal on Selected Areas in Communications 4, 1986). The sum of v0 is 1 - load, and
 * v(s) must be finite at the positive root of det M. An arrival waits for the workload that it finds.
 */
export class ModulatedQueue {
  readonly meanLatency: number;
  private readonly arrivals: Modulated;
  private readonly meanRate: number;
  private readonly empty: readonly [number, number];

  constructor(arrivals: Modulated) {
    this.arrivals = arrivals;
    const { low, high, quiet, busy } = arrivals;
    const [toHigh, toLow] = [1 / quiet, 1 / busy];
    const shareHigh = busy / (quiet + busy);
    const shareLow = 1 - shareHigh;
    this.meanRate = shareLow * low + shareHigh * high;
    const root = this.positiveRoot();
    // At the root, the right null vector of M is (toHigh, -M[0][0]), and v0 is orthogonal to it.
    const first = root - toHigh - low * (1 - Math.exp(-root));
    const ratio = first / toHigh;
    const emptyHigh = (1 - this.meanRate) / (1 + ratio);
    this.empty = [ratio * emptyHigh, emptyHigh];
    // Two equations for m = E[V; phase]. The terms of order s of the transform give m Q = p (I - L) - v0. The terms of
    // order s^2,
    // summed over the phases, give m (I - L) 1 = p L 1 / 2.
    const flow = shareLow * (1 - low) - this.empty[0];
    // The first column of m Q is -toHigh m0 + toLow m1.
    const m1 = (this.meanRate / 2 + ((1 - low) * flow) / toHigh) / (((1 - low) * toLow) / toHigh + (1 - high));
    const m0 = (toLow * m1 - flow) / toHigh;
    this.meanLatency = 1 + (low * m0 + high * m1) / this.meanRate;
  }

  latencyQuantile(p: number): number {
    let least = 1;
    let most = 2;
    while (this.waitAbove(most - 1) > 1 - p) most *= 2;
    for (let i = 0; i < 60; i++) {
      const middle = (least + most) / 2;
      if (this.waitAbove(middle - 1) > 1 - p) least = middle;
      else most = middle;
    }
    return (least + most) / 2;
  }

  /**
   * The probability that an arrival waits longer than t, with the Euler method (Abate and Whitt, ORSA J. Computing 7,
   * 1995).
   */
  private waitAbove(t: number): number {
    const A = 22;
    const terms = 200;
    const averaged = 14;
    const at = (k: number): number => this.tailTransform([A / (2 * t), (k * Math.PI) / t])[0];
    let sum = at(0) / 2;
    let sign = -1;
    let weight = 2 ** -averaged;
    let result = 0;
    for (let k = 1; k <= terms + averaged; k++) {
      sum += sign * at(k);
      sign = -sign;
      if (k < terms) continue;
      result += weight * sum;
      weight *= (averaged - (k - terms)) / (k - terms + 1);
    }
    return (Math.exp(A / 2) / t) * result;
  }

  /** The Laplace transform of the tail of the wait, (1 - w(s)) / s. */
  private tailTransform(s: Complex): Complex {
    const { low, high, quiet, busy } = this.arrivals;
    const decay = Math.exp(-s[0]);
    const served: Complex = [1 - decay * Math.cos(s[1]), decay * Math.sin(s[1])];
    const a = minus(minus(s, [1 / quiet, 0]), times([low, 0], served));
    const d = minus(minus(s, [1 / busy, 0]), times([high, 0], served));
    const determinant = minus(times(a, d), [1 / quiet / busy, 0]);
    const [e0, e1] = this.empty;
    // s v0 times the adjugate of M. Each phase has the weight of its share of the arrivals.
    const lowPart = times([low, 0], minus(times([e0, 0], d), [e1 / busy, 0]));
    const highPart = times([high, 0], minus(times([e1, 0], a), [e0 / quiet, 0]));
    const sum: Complex = [lowPart[0] + highPart[0], lowPart[1] + highPart[1]];
    const wait = over(times(s, sum), times(determinant, [this.meanRate, 0]));
    return over(minus([1, 0], wait), s);
  }

  private positiveRoot(): number {
    const { low, high, quiet, busy } = this.arrivals;
    const determinant = (s: number) => {
      const served = 1 - Math.exp(-s);
      return (s - 1 / quiet - low * served) * (s - 1 / busy - high * served) - 1 / quiet / busy;
    };
    // det M is 0 at s = 0 and decreases there, because the load is below 1. For large s it grows like s^2.
    let least = 1e-9;
    let most = 1;
    while (determinant(most) < 0) most *= 2;
    for (let i = 0; i < 200; i++) {
      const middle = (least + most) / 2;
      if (determinant(middle) < 0) least = middle;
      else most = middle;
    }
    return (least + most) / 2;
  }
}

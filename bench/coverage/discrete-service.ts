/** A service time and its probability. */
export interface ServiceChoice {
  readonly seconds: number;
  readonly share: number;
}

/** Steps of the grid per second of service time. With this number, the relative error of a quantile is about 1e-5. */
const STEPS = 400;

/**
 * M/G/1, first come, first served, with a few constant service times. The wait W is a geometric sum of residual service times.
 * So its tail G(x) = P(W > x) satisfies G(x) = load (R(x) + integral of G(x - u) r(u) du) (Pollaczek and Khinchine). The density
 * r of the residual service time is constant between two service times. So the integral needs only running sums of G, and each
 * step of the grid needs only a few operations.
 */
export class DiscreteServiceQueue {
  readonly meanWait: number;
  private readonly rate: number;
  private readonly choices: readonly ServiceChoice[];

  constructor(rate: number, choices: readonly ServiceChoice[]) {
    const moment = (power: number) => choices.reduce((sum, { seconds, share }) => sum + share * seconds ** power, 0);
    this.rate = rate;
    this.choices = choices.toSorted((a, b) => a.seconds - b.seconds);
    this.meanWait = (rate * moment(2)) / (2 * (1 - rate * moment(1)));
  }

  /** The p-quantile of the latency (wait and service). With `only`: of the requests with this service time. */
  latencyQuantile(p: number, only?: number): number {
    const { rate, choices } = this;
    const h = 1 / STEPS;
    const mean = choices.reduce((sum, { seconds, share }) => sum + share * seconds, 0);
    const load = rate * mean;
    // r(u) is the share of service times longer than u, divided by the mean. It is constant between two service times.
    const pieces = choices.map(({ seconds }, at) => ({
      from: Math.round((choices[at - 1]?.seconds ?? 0) * STEPS),
      to: Math.round(seconds * STEPS),
      density: choices.slice(at).reduce((sum, { share }) => sum + share, 0) / mean,
    }));
    const residualAbove = (step: number) =>
      pieces.reduce((sum, { from, to, density }) => sum + density * h * Math.max(0, to - Math.max(from, step)), 0);
    const tail: number[] = [load];
    /** integral[n]: the integral of the tail from 0 to n h, with the trapezoidal rule. */
    const integral: number[] = [0];
    const integralTo = (step: number) => integral[Math.max(0, step)] ?? 0;
    const wanted = only === undefined ? choices : [{ seconds: only, share: 1 }];
    const latencyAbove = (step: number) =>
      wanted.reduce((sum, { seconds, share }) => {
        const at = step - Math.round(seconds * STEPS);
        return sum + share * (at < 0 ? 1 : (tail[at] ?? 0));
      }, 0);
    let above = 1;
    for (let step = 1; ; step++) {
      let known = residualAbove(step);
      let own = 0;
      for (const { from, to, density } of pieces) {
        if (from >= step) continue;
        // The last step of the integral contains half of the unknown value.
        const newest =
          from === 0 ? (integral[step - 1] ?? 0) + (h / 2) * (tail[step - 1] ?? 0) : integralTo(step - from);
        known += density * (newest - integralTo(step - to));
        if (from === 0) own = (density * h) / 2;
      }
      tail.push((load * known) / (1 - load * own));
      integral.push((integral[step - 1] ?? 0) + (h / 2) * ((tail[step - 1] ?? 0) + (tail[step] ?? 0)));
      const next = latencyAbove(step);
      if (next <= 1 - p) return h * (step - 1 + (above - (1 - p)) / (above - next));
      above = next;
    }
  }
}

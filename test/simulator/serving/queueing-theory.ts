/* Exact solutions of queues from queueing theory. See Kleinrock, Queueing Systems, volume 1, and the papers below. */

/**
 * Erlang's C formula: the probability that a request waits. Each of the `servers` has the utilization `load / servers`.
 */
export function erlangC(servers: number, load: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) {
    term *= load / k;
    sum += term;
  }
  const full = (term * load) / servers / (1 - load / servers);
  return full / (sum + full);
}

/** The mean and a quantile of the latency of M/M/k, in mean service times. */
export function mmk(servers: number, load: number): { mean: number; quantile: (p: number) => number } {
  const waits = erlangC(servers, load);
  const drain = servers - load;
  const beyond = (t: number) => {
    // With probability `waits`, a request waits for an exponential time with rate `drain`. Its service has rate 1.
    const sum =
      Math.abs(drain - 1) < 1e-9 ? (1 + t) * Math.exp(-t) : (drain * Math.exp(-t) - Math.exp(-drain * t)) / (drain - 1);
    return (1 - waits) * Math.exp(-t) + waits * sum;
  };
  return { mean: 1 + waits / drain, quantile: (p) => root((t) => 1 - p - beyond(t), 0, 1e4) };
}

/** The zero of an increasing function. */
function root(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The mean wait of M/G/1 (Pollaczek and Khinchine), from the first two moments of the service time. */
export function pollaczekKhinchine(rate: number, mean: number, square: number): number {
  return (rate * square) / (2 * (1 - rate * mean));
}

/**
 * P(wait <= t) of M/D/1 with service time 1 (Erlang, 1909), in a numerically stable form: Franx, Operations Research
 * Letters 29 (2001), equation 5.
 */
export function md1WaitBelow(rho: number, t: number): number {
  const k = Math.floor(t);
  // The stationary number of requests in the system, from a recursion over the arrivals in one service time.
  const arrivals = poissonTerms(rho, k + 2);
  const q = [1 - rho];
  for (let n = 0; n <= k; n++) {
    let sum = q[n] ?? 0;
    sum -= (q[0] ?? 0) * (arrivals[n] ?? 0);
    for (let i = 1; i <= n; i++) sum -= (q[i] ?? 0) * (arrivals[n - i + 1] ?? 0);
    q.push(sum / (arrivals[0] ?? 1));
  }
  // At most n waiting requests means at most n + 1 requests in the system.
  const below = (n: number) => q.slice(0, n + 2).reduce((sum, value) => sum + value, 0);
  const left = rho * (k + 1 - t);
  let term = Math.exp(-left);
  let total = 0;
  for (let j = 0; j <= k; j++) {
    total += below(k - j) * term;
    term *= left / (j + 1);
  }
  return total;
}

export function md1WaitQuantile(rho: number, p: number): number {
  return root((t) => md1WaitBelow(rho, t) - p, 0, 60);
}

/** P(Poisson(mean) = n) for n = 0 .. count - 1. */
export function poissonTerms(mean: number, count: number): number[] {
  const terms = [Math.exp(-mean)];
  for (let n = 1; n < count; n++) terms.push(((terms[n - 1] ?? 0) * mean) / n);
  return terms;
}

/** One kind of service of a queue that is observed at its departures. */
export interface Service {
  readonly seconds: number;
  /** The number of requests that it serves. */
  readonly takes: number;
}

/**
 * A queue with Poisson arrivals. The service time is constant and depends on the number of requests at its start. We solve the
 * embedded Markov chain at departures by iteration, and compute time averages with the semi-Markov formula. This includes bulk
 * service (Bailey, 1954: a constant time for up to b requests) and a chip that is faster while the queue is long.
 */
export function embedded(rate: number, service: (present: number) => Service, states = 400) {
  let chances: number[] = new Array<number>(states).fill(0);
  chances[0] = 1;
  const steps = Array.from({ length: states }, (_, left) => {
    const present = Math.max(1, left);
    const chosen = service(present);
    return { ...chosen, waiting: present - chosen.takes, arrivals: poissonTerms(rate * chosen.seconds, 40) };
  });
  for (let round = 0; round < 20000; round++) {
    const next = new Array<number>(states).fill(0);
    for (const [left, step] of steps.entries()) {
      const chance = chances[left] ?? 0;
      if (chance < 1e-15) continue;
      for (const [came, share] of step.arrivals.entries()) {
        const at = Math.min(states - 1, step.waiting + came);
        next[at] = (next[at] ?? 0) + chance * share;
      }
    }
    const change = next.reduce((most, value, i) => Math.max(most, Math.abs(value - (chances[i] ?? 0))), 0);
    chances = next;
    if (change < 1e-13) break;
  }
  let seconds = 0;
  let waiting = 0;
  let inService = 0;
  let served = 0;
  for (const [left, step] of steps.entries()) {
    const chance = chances[left] ?? 0;
    seconds += chance * (step.seconds + (left === 0 ? 1 / rate : 0));
    waiting += chance * (step.waiting * step.seconds + (rate * step.seconds ** 2) / 2);
    inService += chance * step.takes * step.seconds;
    served += chance * step.takes;
  }
  return {
    /** The mean latency, by Little's law from the mean number of requests in the system. */
    meanLatency: (waiting + inService) / seconds / rate,
    meanTaken: served,
    /** The fraction of requests whose kind of service satisfies `which`. */
    share: (which: (step: Service) => boolean) =>
      steps.reduce((sum, step, left) => sum + (which(step) ? (chances[left] ?? 0) * step.takes : 0), 0) / served,
  };
}

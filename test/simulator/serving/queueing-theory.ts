/* What queueing theory says of queues that can be solved; see Kleinrock, Queueing Systems, volume 1, and the papers named. */

/** Erlang's C: the chance to wait among `servers`, each `load / servers` busy. */
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

/** Sojourn of M/M/k in mean service times: its mean and its quantile. */
export function mmk(servers: number, load: number): { mean: number; quantile: (p: number) => number } {
  const waits = erlangC(servers, load);
  const drain = servers - load;
  const beyond = (t: number) => {
    // A wait that is exponential with rate `drain`, with chance `waits`, and a service with rate 1.
    const sum =
      Math.abs(drain - 1) < 1e-9 ? (1 + t) * Math.exp(-t) : (drain * Math.exp(-t) - Math.exp(-drain * t)) / (drain - 1);
    return (1 - waits) * Math.exp(-t) + waits * sum;
  };
  return { mean: 1 + waits / drain, quantile: (p) => root((t) => 1 - p - beyond(t), 0, 1e4) };
}

/** Where a rising function crosses 0. */
function root(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Mean wait of M/G/1 by Pollaczek and Khinchine, from the service time's first two moments. */
export function pollaczekKhinchine(rate: number, mean: number, square: number): number {
  return (rate * square) / (2 * (1 - rate * mean));
}

/** P(wait <= t) of M/D/1 with service time 1 (Erlang, 1909), in its stable form: Franx, Oper. Res. Letters 29 (2001), equation 5. */
export function md1WaitBelow(rho: number, t: number): number {
  const k = Math.floor(t);
  // Stationary numbers in the system by their upward recursion over arrivals in one service time.
  const arrivals = poissonTerms(rho, k + 2);
  const q = [1 - rho];
  for (let n = 0; n <= k; n++) {
    let sum = q[n] ?? 0;
    sum -= (q[0] ?? 0) * (arrivals[n] ?? 0);
    for (let i = 1; i <= n; i++) sum -= (q[i] ?? 0) * (arrivals[n - i + 1] ?? 0);
    q.push(sum / (arrivals[0] ?? 1));
  }
  // At most n waiting is at most n + 1 inside.
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

/** One kind of service of a queue that is seen at its departures. */
export interface Service {
  readonly seconds: number;
  /** Requests that it takes along. */
  readonly takes: number;
}

/**
 * A queue with Poisson arrivals and constant services that depend on how many are there when one begins: the embedded Markov chain
 * at departures, solved by iteration; time averages by the semi-Markov formula. Covers bulk service (Bailey, 1954: constant time for
 * up to b) and a chip that is faster while the queue is long.
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
    /** By Little's law, from the time average of those inside. */
    meanLatency: (waiting + inService) / seconds / rate,
    meanTaken: served,
    /** Fraction of the requests whose service is one that `which` picks. */
    share: (which: (step: Service) => boolean) =>
      steps.reduce((sum, step, left) => sum + (which(step) ? (chances[left] ?? 0) * step.takes : 0), 0) / served,
  };
}

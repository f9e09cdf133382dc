import type { Probe } from './probe.ts';

/** Neighbouring loads of the grid that is searched differ by this fraction: the same grid for every network and scheme. */
export const resolution = 0.01;

/** The `step`th load of the grid, requests a second. */
export function loadAt(step: number): number {
  return (1 + resolution) ** step;
}

/** The step of the smallest load of the grid that is at least `rps`. */
export function stepFrom(rps: number): number {
  return Math.ceil(Math.log(rps) / Math.log(1 + resolution) - 1e-9);
}

/** The largest load within the objectives, as far as a search saw it. */
export interface Capacity {
  /** The run at that load; null where no load was within them. */
  readonly at: Probe | null;
  readonly step: number | null;
}

/** What confidence leaves of a largest load. */
export interface Sureness {
  /** Every objective met for sure at this load; null where it was at none of those that were tried, down to half of the largest load. */
  readonly met: number | null;
  /** One violated for sure: here, or where the chip would have to be faster than it is. */
  readonly violated: number;
}

/** Runs at steps of the grid, each once. */
export class Runs {
  private readonly known = new Map<number, Probe>();
  private readonly run: (rps: number) => Probe;
  /** A step that no chip of this kind can carry; nothing is run from there on. */
  readonly ceiling: number;

  constructor(run: (rps: number) => Probe, ceilingRps: number) {
    this.run = run;
    this.ceiling = stepFrom(ceilingRps);
  }

  at(step: number): Probe {
    let probe = this.known.get(step);
    if (probe === undefined) {
      probe = this.run(loadAt(step));
      this.known.set(step, probe);
    }
    return probe;
  }

  get count(): number {
    return this.known.size;
  }

  /** Steps that were run, the smallest first. */
  steps(): readonly number[] {
    return [...this.known.keys()].sort((a, b) => a - b);
  }
}

/** No load is looked for below this fraction of the ceiling. */
const lowest = 1 / 64;
/** Strides grow by this factor, and by no more than half of the load: far above what a chip can do, runs are slow and say little. */
const stride = 3;
const longestStride = 50;

/**
 * The largest step that holds, where all above it do not: away from `guess` in strides that grow, then by bisection between the last two. A
 * good guess saves runs and, as long as smaller loads are easier, changes nothing else.
 */
export function findCapacity(
  runs: Runs,
  guessRps: number,
  holds: (probe: Probe) => boolean = (probe) => probe.within,
  ceiling = runs.ceiling,
): Capacity {
  const floor = stepFrom(loadAt(runs.ceiling) * lowest);
  let held: number | null = null;
  let failed = ceiling;
  const test = (step: number): boolean => {
    const found = holds(runs.at(step));
    if (found) held = step;
    else failed = step;
    return found;
  };
  const guess = Math.max(floor, Math.min(stepFrom(guessRps), ceiling - 1));
  const up = test(guess);
  for (let by = 1; up ? guess + by < ceiling : failed > floor; by = Math.min(by * stride, by + longestStride)) {
    const next: number = up ? guess + by : Math.max(floor, guess - by);
    if (test(next) !== up) break;
  }
  if (held === null) return { at: null, step: null };
  for (let from: number = held; failed - from > 1; from = held) test(Math.floor((from + failed) / 2));
  return { at: runs.at(held), step: held };
}

/** Looks below and above a largest load, in strides that double, for loads where confidence leaves no doubt. */
export function findSureness(runs: Runs, step: number): Sureness {
  const half = stepFrom(loadAt(step) / 2);
  const isSure = (at: number, verdict: 'met' | 'violated') => runs.at(at).sure === verdict;
  const below = runs.steps().findLast((at) => at <= step && isSure(at, 'met')) ?? half - 1;
  let met: number | null = below >= half ? below : null;
  for (let by = 1; step - by > below && step - by >= half; by *= 2) {
    if (!isSure(step - by, 'met')) continue;
    met = step - by;
    break;
  }
  let violated = runs.steps().find((at) => at > step && isSure(at, 'violated')) ?? runs.ceiling;
  for (let by = 2; step + by < violated; by *= 2) {
    if (isSure(step + by, 'violated')) violated = step + by;
  }
  return { met: met === null ? null : loadAt(met), violated: loadAt(violated) };
}

import type { Probe } from './probe.ts';

/**
 * The relative step between neighbouring loads of the searched grid. The grid is the same for every network and scheme.
 */
export const resolution = 0.01;

/** The load at a step of the grid, in requests per second. */
export function loadAt(step: number): number {
  return (1 + resolution) ** step;
}

/** The step of the smallest load of the grid that is at least `rps`. */
export function stepFrom(rps: number): number {
  return Math.ceil(Math.log(rps) / Math.log(1 + resolution) - 1e-9);
}

/** The largest load within the objectives that a search found. */
export interface Capacity {
  /** The run at that load; null if no load was within the objectives. */
  readonly at: Probe | null;
  readonly step: number | null;
}

/** Runs at steps of the grid, each at most once. */
export class Runs {
  private readonly known = new Map<number, Probe>();
  private readonly run: (rps: number) => Probe;
  /** The first step that no chip of this kind can serve. Nothing is run from there on. */
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
}

/** The search ends at this fraction of the ceiling. Our assumption. */
const lowest = 1 / 64;
/**
 * Each stride is this many times the last one, up to half of the load. Far above the capacity of a chip, runs are slow
 * and add little information. Our assumption.
 */
const stride = 3;
const longestStride = 50;

/**
 * The largest step that is within the objectives while all steps above are not. The search moves away from `guess` in
 * growing steps and then bisects between the last two. A good guess saves runs. It does not change the result as long
 * as smaller loads are easier.
 */
export function findCapacity(
  runs: Runs,
  guessRps: number,
  isWithin: (probe: Probe) => boolean = (probe) => probe.within,
  ceiling = runs.ceiling,
): Capacity {
  const floor = stepFrom(loadAt(runs.ceiling) * lowest);
  let met: number | null = null;
  let failed = ceiling;
  const test = (step: number): boolean => {
    const found = isWithin(runs.at(step));
    if (found) met = step;
    else failed = step;
    return found;
  };
  const guess = Math.max(floor, Math.min(stepFrom(guessRps), ceiling - 1));
  const up = test(guess);
  for (let by = 1; up ? guess + by < ceiling : failed > floor; by = Math.min(by * stride, by + longestStride)) {
    const next: number = up ? guess + by : Math.max(floor, guess - by);
    if (test(next) !== up) break;
  }
  if (met === null) return { at: null, step: null };
  for (let from: number = met; failed - from > 1; from = met) test(Math.floor((from + failed) / 2));
  return { at: runs.at(met), step: met };
}

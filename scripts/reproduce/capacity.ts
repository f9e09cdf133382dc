import type { Probe } from './probe.ts';

/** The largest load within the objectives, as far as a search saw it. */
export interface Capacity {
  /** The run at that load; null where no load was within them. */
  readonly at: Probe | null;
  /** Every objective met for sure up to here; one violated for sure from here on: what confidence leaves of the load. */
  readonly surelyMet: number;
  readonly surelyViolated: number;
  readonly runs: number;
}

/** Relative width at which a search ends. */
export const resolution = 0.01;
const mostRuns = 12;

/**
 * Bisects between a load that should hold and one that cannot. The same seed throughout: loads differ, and nothing else. `holds`: what
 * else is asked than to be within the objectives.
 */
export function findCapacity(
  run: (rps: number) => Probe,
  low: number,
  high: number,
  holds: (probe: Probe) => boolean = (probe) => probe.within,
): Capacity {
  const probes: Probe[] = [];
  const test = (rps: number): Probe => {
    const result = run(rps);
    probes.push(result);
    return result;
  };
  let best: Probe | null = null;
  let least = high;
  for (let rps = low; best === null && probes.length < 6; rps /= 2) {
    const result = test(rps);
    if (holds(result)) best = result;
    else least = rps;
  }
  while (best !== null && least / best.rps - 1 > resolution && probes.length < mostRuns) {
    const result = test((best.rps + least) / 2);
    if (holds(result)) best = result;
    else least = result.rps;
  }
  const met = probes.filter((one) => one.sure === 'met').map((one) => one.rps);
  const violated = probes.filter((one) => one.sure === 'violated').map((one) => one.rps);
  return {
    at: best,
    surelyMet: Math.max(0, ...met.filter((rps) => rps < Math.min(...violated, Number.POSITIVE_INFINITY))),
    surelyViolated: Math.min(high, ...violated),
    runs: probes.length,
  };
}

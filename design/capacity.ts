import type { Caveat } from './caveat.ts';
import type { Origin } from './origin.ts';
import type { Overload, Verdict } from './result.ts';
import type { Slo } from './scenario.ts';

/** One load that was tried. */
export interface CapacityProbe {
  /** On all arrivals of the scenario; 1: as written. */
  readonly factor: number;
  /** Requests per second of all models together that the factor stands for. */
  readonly offeredRps: number;
  /** Of all objectives together: violated if one is, else undecided if one is. */
  readonly verdict: Verdict;
  readonly requests: number;
}

/** The objective that ends the capacity: the first that the load at the upper end does not surely meet. */
export interface CapacityLimit {
  readonly serve: string;
  readonly slo: Slo;
  /** At the upper end, in the unit of the limit. */
  readonly measured: number;
  readonly verdict: Verdict;
}

/**
 * The largest load that meets every objective, as an interval: at `low` all were met, from `high` on one was violated, each as surely as
 * the scenario asks; in between the runs' budget did not suffice to tell, or the search stopped at its tolerance. null: no such load was found.
 */
export interface Capacity {
  readonly scenario: string;
  readonly origin: Origin;
  readonly npu: string;
  readonly scheduler: string;
  readonly low: CapacityProbe | null;
  readonly high: CapacityProbe | null;
  readonly limit: CapacityLimit | null;
  /** Present if more requests arrive at `high` than the chips can complete. */
  readonly overload?: Overload;
  /**
   * Loads below `low` that violate an objective (a batch that waits for its timeout, a throughput that is asked for), or above `high` that meet
   * all: where there are any, capacity is no plain limit, and says so.
   */
  readonly exceptions: readonly CapacityProbe[];
  /** All loads that were tried, ascending. */
  readonly probes: readonly CapacityProbe[];
  /**
   * What the runs rest on. The search itself takes the runs at their word; where a caveat could change a verdict, `low`, `high` and the probes
   * are `undecided`, and the interval holds only if the caveats are accepted. `search-limit` says that the search stopped at a load of its own choice.
   */
  readonly caveats: readonly Caveat[];
  /** As of a run; absent: nothing. */
  readonly statedInputs?: readonly string[];
}

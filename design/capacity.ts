import type { Caveat } from './caveat.ts';
import type { Overload, Verdict } from './objective-outcome.ts';
import type { Origin } from './origin.ts';
import type { Slo } from './scenario.ts';

/** One load of the search. */
export interface CapacityProbe {
  /** The factor for all arrivals of the scenario. 1 is the written load. */
  readonly factor: number;
  /** Requests per second of all models together at this factor. */
  readonly offeredRps: number;
  /** The common verdict of all objectives: violated if one is violated, otherwise undecided if one is undecided. */
  readonly verdict: Verdict;
  readonly requests: number;
}

/** The objective that limits the capacity: the first one that is not met at the upper end. */
export interface CapacityLimit {
  readonly serve: string;
  readonly slo: Slo;
  /** The value at the upper end, in the unit of the limit. */
  readonly measured: number;
  readonly verdict: Verdict;
}

/**
 * The largest load that meets every objective, as an interval. At `low` all objectives were met, and at `high` one was violated, both with the
 * confidence of the scenario. Between them, the budget of the runs was too small to decide, or the search stopped at its tolerance. null if no
 * such load was found.
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
   * Loads below `low` that violate an objective (because a batch waits for its timeout, or because of a minimum throughput), and loads above
   * `high` that meet all. If there are any, the capacity is not a simple limit, and its text states that.
   */
  readonly exceptions: readonly CapacityProbe[];
  /** Present if the chips set the pace of the traffic. Then the only load is the throughput that the scenario itself reaches. */
  readonly followsChips?: true;
  /** All loads of the search, ascending. */
  readonly probes: readonly CapacityProbe[];
  /**
   * The caveats of the runs. The search itself ignores them. If a caveat could change a verdict, `low`, `high` and the probes are `undecided`,
   * and the interval is valid only if the caveats are accepted. `search-limit` means that the search stopped at a fixed limit.
   */
  readonly caveats: readonly Caveat[];
  /** What the scenario states instead of a caveat, as in the result of a run. Absent: nothing. */
  readonly statedInputs?: readonly string[];
}

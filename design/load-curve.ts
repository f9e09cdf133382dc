import type { Caveat } from './caveat.ts';
import type { Verdict } from './objective-outcome.ts';
import type { Origin } from './origin.ts';

/** The result for one load. The latency is the time that the serve's `measure` names. */
export interface LoadPoint {
  /** The factor for all arrivals of the scenario. 1 is the written load. */
  readonly factor: number;
  /** The rate at which requests arrived in this run. It differs from the stated mean if the rate changes over time. */
  readonly offeredRps: number;
  readonly completedRps: number;
  /** More requests arrived than the chips completed, by more than chance explains. */
  readonly overloaded: boolean;
  /** In overload the queue grows, so this value depends on the length of the run and is not a property of the chip. */
  readonly latencySeconds: number;
  /** The common verdict of all objectives of the run. */
  readonly verdict: Verdict;
  /** null if the model states no accuracy. */
  readonly accuracy: number | null;
  readonly energyJoulesPerRequest: number | null;
  readonly burstShare: number;
}

/** The points of one serve under one policy, ascending by load. */
export interface LoadLine {
  /** `design`: the scenario's policy. `base-only`: the same chip without burst mode. */
  readonly kind: 'design' | 'base-only';
  readonly label: string;
  readonly serve: string;
  readonly points: readonly LoadPoint[];
  /** Index of the knee: the point with the largest ratio of load to latency. -1 if there is none. */
  readonly knee: number;
}

/** Latency versus offered load for every serve of a scenario. All loads and policies use the same random numbers. */
export interface LoadCurve {
  readonly scenario: string;
  readonly origin: Origin;
  readonly serves: readonly {
    readonly name: string;
    /** The shown percentile of latency: that of the strictest percentile objective, otherwise 0.99. */
    readonly fraction: number;
    readonly limitSeconds: number | null;
    /** What the curve shows: "p99 latency", or of a language model "p95 TPOT", the first time that exceeds its limit as the load grows. */
    readonly measure: string;
    readonly origin: Origin;
  }[];
  readonly lines: readonly LoadLine[];
  /** The caveats of the runs. Verdicts that a caveat could change are undecided. */
  readonly caveats: readonly Caveat[];
}

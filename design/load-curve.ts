import type { Caveat } from './caveat.ts';
import type { Origin } from './origin.ts';
import type { Verdict } from './result.ts';

/** One load, simulated. Latency is that of `fraction` of the line's serve. */
export interface LoadPoint {
  /** On all arrivals of the scenario; 1: as written. */
  readonly factor: number;
  readonly offeredRps: number;
  readonly completedRps: number;
  /** Where less is completed than offered, it grows with the run: a mark of overload, not a figure of the chip. */
  readonly latencySeconds: number;
  /** Of all objectives of the run together. */
  readonly verdict: Verdict;
  /** null where the model states none. */
  readonly accuracy: number | null;
  readonly energyJoulesPerRequest: number | null;
  readonly burstShare: number;
}

/** One serve's points over load, under one policy; ascending by load. */
export interface LoadLine {
  /** `design`: the scenario's own policy. `base-only`: the same chip that never bursts. */
  readonly kind: 'design' | 'base-only';
  readonly label: string;
  readonly serve: string;
  readonly points: readonly LoadPoint[];
  /** Index of the knee among the points: where load over latency is largest; -1 where there is none. */
  readonly knee: number;
}

/** Latency against offered load of every serve of a scenario, all loads and policies under the same random numbers. */
export interface LoadCurve {
  readonly scenario: string;
  readonly origin: Origin;
  readonly serves: readonly {
    readonly name: string;
    /** Of the latency that is shown: that of the tightest objective on a percentile, else 0.99. */
    readonly fraction: number;
    readonly limitSeconds: number | null;
    readonly origin: Origin;
  }[];
  readonly lines: readonly LoadLine[];
  /** What the runs rest on; verdicts that a caveat could change are undecided. */
  readonly caveats: readonly Caveat[];
}

import type { Caveat } from './caveat.ts';
import type { Origin } from './origin.ts';
import type { Scenario } from './scenario.ts';

/**
 * What a design is judged by. `capacity`, `throughput`, `goodput`: requests per second of all models together. `latency`: seconds, the 99th
 * percentile of the serve where it is longest. `accuracy`: fraction of 1, of the serve where it is lowest. `energy`: joules per
 * request. `power`: watts.
 */
export type ExplorationMeasure = 'capacity' | 'latency' | 'throughput' | 'goodput' | 'accuracy' | 'energy' | 'power';

/** One value that a varied property takes. */
export interface ExplorationValue {
  /** For people: `400 GB/s`, `weight-stationary`. */
  readonly text: string;
  /** In SI base units; null where it is no quantity. */
  readonly value: number | null;
}

/** One property that varies. */
export interface ExplorationAxis {
  /** As written: `Stimpack.HBM.bandwidth`. */
  readonly path: string;
  /** In the order in which they are written, ascending in a range. */
  readonly values: readonly ExplorationValue[];
  /** Of the whole `vary`. */
  readonly origin: Origin;
}

export interface ExplorationGoal {
  readonly sense: 'maximize' | 'minimize';
  readonly measure: ExplorationMeasure;
  readonly origin: Origin;
}

/** A sweep: every combination of the axes' values, tried on one scenario. */
export interface Exploration {
  readonly name: string;
  readonly origin: Origin;
  /** Name of the scenario. */
  readonly scenario: string;
  readonly axes: readonly ExplorationAxis[];
  readonly goals: readonly ExplorationGoal[];
}

/** One combination of an exploration's values: its scenario with them put in, or why they make none. */
export type CandidateDesign =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'problem'; readonly message: string };

/**
 * The designs of an exploration, each made when it is asked for: complete and checked by the language's own rules. Their order is that of the
 * axes, the last one running fastest.
 */
export interface Candidates {
  readonly exploration: Exploration;
  readonly count: number;
  /** Which design is the scenario's as it is written; -1 where none of them is. */
  readonly asWritten: () => number;
  readonly design: (index: number) => CandidateDesign;
}

/** `unbuilt`: these values make no chip (`problems` says why), or this design was not tried yet. */
export const exploredVerdicts = ['met', 'violated', 'undecided', 'unbuilt'] as const;

/** What a sweep found, design by design, in the order of the axes with the last one running fastest. */
export interface ExplorationResult {
  readonly exploration: Exploration;
  /** Designs of the whole sweep; every column is as long. */
  readonly count: number;
  /** How many of them were tried so far; equal to `count` at the end. */
  readonly tried: number;
  /** Per axis: which of its values. */
  readonly choices: readonly Uint16Array[];
  /** Per goal, in the unit of its measure; NaN where there is none: not tried, no load that meets all, no accuracy stated, no energy constants. */
  readonly measures: readonly Float64Array[];
  /** Index into `exploredVerdicts`: all objectives of the scenario as written together. */
  readonly verdicts: Uint8Array;
  /**
   * 1: no other design is at least as good in every goal and better in one. Where a design keeps the objectives (none is violated), those that
   * violate one are never in front; designs without all measures never are.
   */
  readonly front: Uint8Array;
  /** Why designs make no chip. */
  readonly problems: readonly { readonly design: number; readonly message: string }[];
  /** Which design is the scenario's chip as it is written; -1 where none of them is. */
  readonly asWritten: number;
  /** What the runs rest on, each caveat once. A design whose verdict one of them could change is undecided. */
  readonly caveats: readonly Caveat[];
}

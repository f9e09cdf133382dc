import type { Caveat } from './caveat.ts';
import type { ExplorationMeasure } from './exploration-measures.ts';
import type { Origin } from './origin.ts';
import type { Scenario } from './scenario.ts';

/** One value of a varied property. */
export interface ExplorationValue {
  /** As shown to people: `400 GB/s`, `weight-stationary`. */
  readonly text: string;
  /** In SI base units. null if it is not a quantity. */
  readonly value: number | null;
}

/** One property that varies. */
export interface ExplorationAxis {
  /** As written: `Stimpack.HBM.bandwidth`. */
  readonly path: string;
  /** In written order; a range is ascending. */
  readonly values: readonly ExplorationValue[];
  /** The place of the whole `vary` line. */
  readonly origin: Origin;
}

export interface ExplorationGoal {
  readonly sense: 'maximize' | 'minimize';
  readonly measure: ExplorationMeasure;
  readonly origin: Origin;
}

/** A limit of a measure: the largest value, or the smallest one if more is better (`isLowerLimit`). `text`: as written, `area <= 400 mm2`. */
export interface ExplorationConstraint {
  readonly measure: ExplorationMeasure;
  /** In the unit of the measure. */
  readonly limit: number;
  readonly text: string;
  readonly origin: Origin;
}

/** How to choose designs, instead of trying all of them. */
export const searchKinds = ['random', 'sobol', 'nsga2'] as const;
export type SearchKind = (typeof searchKinds)[number];

export interface ExplorationSearch {
  readonly kind: SearchKind;
  /** The largest number of designs. */
  readonly budget: number;
  readonly seed: number;
}

const exclusion = 'excluded by ';

/** The problem of a design that a constraint excludes. */
export function exclusionText({ text }: ExplorationConstraint): string {
  return `${exclusion}'subject to ${text}'`;
}

/** Whether a problem is the text of a constraint that excludes the design. */
export function isExclusion(problem: string): boolean {
  return problem.startsWith(exclusion);
}

/** A sweep: combinations of the axes' values, for one scenario. */
export interface Exploration {
  readonly name: string;
  readonly origin: Origin;
  /** Name of the scenario. */
  readonly scenario: string;
  readonly axes: readonly ExplorationAxis[];
  readonly goals: readonly ExplorationGoal[];
  /** Absent if the file states none. A design beyond a limit is excluded: it is `unbuilt`, with the reason in `problems`. */
  readonly constraints?: readonly ExplorationConstraint[];
  /** Absent: all designs are tried. */
  readonly search?: ExplorationSearch;
}

/** The number of designs that an exploration tries. `count`: that of all combinations. */
export function designsToTry({ search }: Pick<Exploration, 'search'>, count: number): number {
  return search === undefined ? count : Math.min(search.budget, count);
}

/** The scenario with one combination of an exploration's values, or the reason why they make no valid scenario. */
export type CandidateDesign =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'problem'; readonly message: string };

/**
 * The designs of an exploration. Each is built on request and checked with the rules of the language. Their order follows the axes; the last
 * axis changes fastest.
 */
export interface Candidates {
  readonly exploration: Exploration;
  readonly count: number;
  /** Index of the design that equals the written one. -1 if there is none. */
  readonly asWritten: () => number;
  readonly design: (index: number) => CandidateDesign;
}

/** `unbuilt`: these values make no valid chip (`problems` gives the reason), or this design was not tried yet. */
export const exploredVerdicts = ['met', 'violated', 'undecided', 'unbuilt'] as const;

/** The results of a sweep for each design, in the order of the axes; the last axis changes fastest. */
export interface ExplorationResult {
  readonly exploration: Exploration;
  /** Number of designs of the whole sweep, and length of every column. */
  readonly count: number;
  /** Number of designs that were tried so far. Equal to `count` at the end. */
  readonly tried: number;
  /** For each axis, the index of the value. */
  readonly choices: readonly Uint16Array[];
  /**
   * For each goal, in the unit of its measure. NaN without a value: not tried, no load that meets all objectives, no stated accuracy, no
   * energy constants.
   */
  readonly measures: readonly Float64Array[];
  /** Index into `exploredVerdicts`: the common verdict of all objectives of the written scenario. */
  readonly verdicts: Uint8Array;
  /**
   * 1 if no other design is at least as good in every goal and better in one. If any design violates no objective, designs that violate one are
   * never in the front. A design without a value for every goal is never in the front.
   */
  readonly front: Uint8Array;
  /** The reasons why designs make no valid chip. */
  readonly problems: readonly { readonly design: number; readonly message: string }[];
  /** Index of the design that equals the written chip. -1 if there is none. */
  readonly asWritten: number;
  /** The caveats of the runs, each once. A design is undecided if one of them could change its verdict. */
  readonly caveats: readonly Caveat[];
  /** Sentences, each once: what the file states where the program would otherwise guess, and the caveats that it accepts. */
  readonly statedInputs: readonly string[];
}

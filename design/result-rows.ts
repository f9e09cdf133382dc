import type { Caveat } from './caveat.ts';
import type { ExplorationSearch, exploredVerdicts } from './exploration.ts';
import type { ExplorationMeasure } from './exploration-measures.ts';

/*
 * The results of many designs in files. A plan lists the designs, and each row is the result of one design. Everything that runs designs
 * writes rows, and everything that shows or merges designs reads them.
 */

/** One axis of a plan. `values` are as written. `numbers` are the same values in SI base units, null for a value that is not a quantity. */
export interface PlanAxis {
  /** As written: `Stimpack.HBM.bandwidth`. */
  readonly path: string;
  readonly values: readonly string[];
  readonly numbers: readonly (number | null)[];
}

export interface PlanGoal {
  readonly sense: 'maximize' | 'minimize';
  readonly measure: ExplorationMeasure;
}

/** A list of designs: every combination of the values of its axes. The last axis changes fastest. */
export interface Plan {
  /** The file that contains the exploration, as written on the command line. */
  readonly file: string;
  readonly exploration: string;
  readonly scenario: string;
  /** The chip of the scenario as written. */
  readonly npu: string;
  /** Hash of everything that the designs depend on. Rows of plans with different hashes cannot be joined. */
  readonly hash: string;
  readonly axes: readonly PlanAxis[];
  readonly goals: readonly PlanGoal[];
  /** The measures that each row has in addition to those of the goals (`furtherMeasures`). */
  readonly further: readonly ExplorationMeasure[];
  /** The design that equals the scenario as written; null if there is none. */
  readonly asWritten: number | null;
  /** Absent: all designs of the plan are tried. */
  readonly search?: ExplorationSearch;
}

/** The part of a plan that one process works on: the designs whose number leaves `index - 1` when divided by `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The result of one design of a plan. */
export interface ResultRow {
  /** Number of the design within the plan, from 0. */
  readonly design: number;
  readonly verdict: (typeof exploredVerdicts)[number];
  /** One value for each goal, in the unit of its measure. null if there is no value. */
  readonly measures: readonly (number | null)[];
  /** The reason why the values of this design make no valid chip. null if they make one. */
  readonly problem: string | null;
  readonly details: RowDetails;
}

/** What a row has in addition to the values of the goals. */
export interface RowDetails {
  /** One value for each further measure of the plan, in its unit. null without a value, and for a run that ended at its first violation. */
  readonly further: readonly (number | null)[];
  /**
   * The ends of the confidence intervals, for each of `rowMeasures`. null if no such end is known. Of a capacity: the largest load that met all
   * objectives, and the smallest larger one that violated one.
   */
  readonly lows: readonly (number | null)[];
  readonly highs: readonly (number | null)[];
  /** Of the random streams of the run. null: the values make no valid chip. */
  readonly seed: number | null;
  /** Of everything that the run of this design depends on: equal designs have equal hashes, in every plan. null: as above. */
  readonly designHash: string | null;
  /** The codes of the caveats of this design. */
  readonly caveats: readonly string[];
}

/** The measures of a row: those of the goals, then the further ones. */
export function rowMeasures({ goals, further }: Pick<Plan, 'goals' | 'further'>): readonly ExplorationMeasure[] {
  return [...goals.map(({ measure }) => measure), ...further];
}

/** The rows that one process wrote. */
export interface ResultPart {
  readonly plan: Plan;
  /** null: the whole plan. */
  readonly shard: Shard | null;
  /** Version of the program that computed the rows. */
  readonly toolVersion: string;
  /** The caveats of the rows, each once. */
  readonly caveats: readonly Caveat[];
  /** Sentences, each once: what the file states where the program would otherwise guess, and the caveats that it accepts. */
  readonly statedInputs: readonly string[];
  readonly rows: readonly ResultRow[];
}

/** A part that is being written. Its rows are made one by one, because all of them together may need more memory than everything else. */
export interface WrittenPart extends Omit<ResultPart, 'rows'> {
  readonly rows: Iterable<ResultRow>;
}

/** The number of designs of a plan. */
export function planSize({ axes }: Pick<Plan, 'axes'>): number {
  return axes.reduce((product, { values }) => product * values.length, 1);
}

/** The value of each axis in one design, as an index into the values of the axis. */
export function planChoices({ axes }: Pick<Plan, 'axes'>, design: number): readonly number[] {
  const choices: number[] = [];
  let rest = design;
  for (const { values } of [...axes].reverse()) {
    choices.unshift(rest % values.length);
    rest = Math.floor(rest / values.length);
  }
  return choices;
}

/** The details of a design without a run. */
export function emptyDetails(plan: Pick<Plan, 'goals' | 'further'>): RowDetails {
  const ends = rowMeasures(plan).map(() => null);
  return { further: plan.further.map(() => null), lows: ends, highs: ends, seed: null, designHash: null, caveats: [] };
}

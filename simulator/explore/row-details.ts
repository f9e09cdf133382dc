import {
  type CandidateDesign,
  type Caveat,
  type ExplorationGoal,
  type ExplorationMeasure,
  emptyDetails,
  type Interval,
  type RowDetails,
  type RunResult,
  type Scenario,
} from '../../design/index.ts';
import { intervalOf, measuredOf } from './measured.ts';

/** What the rows of an exploration have in addition to the values of its goals. */
export interface DetailOptions {
  /** The measures of a row in addition to those of the goals (`furtherMeasures`). */
  readonly further: readonly ExplorationMeasure[];
  /** A hash of everything that the run of a scenario depends on. */
  readonly hashOf: (scenario: Scenario) => string;
}

/** What only a run can give. */
export type MeasuredDetails = Pick<RowDetails, 'further' | 'lows' | 'highs' | 'caveats'>;

/** The details of a design that has no run: its values make no valid chip, a limit excludes it, or its run is still to come. */
export function untriedDetails(
  goals: readonly ExplorationGoal[],
  { further, hashOf }: DetailOptions,
  candidate: CandidateDesign,
): RowDetails {
  const empty = emptyDetails({ goals, further });
  if (candidate.kind === 'problem') return empty;
  const { scenario } = candidate;
  return { ...empty, seed: scenario.seed, designHash: hashOf(scenario) };
}

interface Measured {
  readonly goals: readonly ExplorationGoal[];
  readonly further: readonly ExplorationMeasure[];
  /** Of the goals. */
  readonly values: readonly number[];
  readonly capacityRange: Interval;
}

interface MeasuredRun {
  readonly run: RunResult;
  readonly scenario: Scenario;
  readonly caveats: readonly Caveat[];
  /** Whether the run ended at its first violation. Its values are those of a part of the traffic, so they are not reported. */
  readonly isCut: boolean;
}

/** The values and intervals of all measures of a row, from its run. */
export function measuredDetails(
  { goals, further, values, capacityRange }: Measured,
  { run, scenario, caveats, isCut }: MeasuredRun,
): MeasuredDetails {
  const all = [
    ...goals.map(({ measure }, goal) => ({ measure, value: values[goal] ?? Number.NaN })),
    ...further.map((measure) => ({ measure, value: furtherValue(measure, run, scenario, isCut) })),
  ];
  const ranges = all.map(({ measure, value }) => {
    if (measure === 'capacity') return capacityRange;
    return isCut ? { low: Number.NaN, high: Number.NaN } : intervalOf(measure, run, value);
  });
  return {
    further: all.slice(goals.length).map(({ value }) => finite(value)),
    lows: ranges.map(({ low }) => finite(low)),
    highs: ranges.map(({ high }) => finite(high)),
    caveats: [...new Set(caveats.map(({ code }) => code))].sort(),
  };
}

function furtherValue(measure: ExplorationMeasure, run: RunResult, scenario: Scenario, isCut: boolean): number {
  if (measure === 'capacity' || (isCut && measure !== 'area' && measure !== 'chips')) return Number.NaN;
  return measuredOf(measure, run, scenario);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

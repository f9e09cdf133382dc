import { runVerdict, type ScenarioResult, type Verdict } from '../design/index.ts';
import type { EncodedColumns } from './columns.ts';
import { figuresOf, type RunFigures } from './run-figures.ts';

/** An earlier run of a document, as the panel lists it. */
export interface HistoryEntry {
  readonly id: string;
  /** When it ended, in milliseconds of the machine's clock. */
  readonly atMilliseconds: number;
  /** What changed since the run before it: "HBM.bandwidth 614 -> 900 GB/s". */
  readonly name: string;
  readonly isStarred: boolean;
  /** Packed `HistoryFigures`. */
  readonly figures: EncodedColumns;
}

/** The figures of each scenario, without its variants. */
export type HistoryFigures = readonly HistoryScenario[];

export interface HistoryScenario {
  readonly scenario: string;
  readonly verdict: Verdict;
  readonly run: RunFigures;
}

export function historyFigures(results: readonly ScenarioResult[]): HistoryFigures {
  return results.map(({ scenario, main }) => ({
    scenario,
    verdict: runVerdict(main),
    run: figuresOf(main, main.label),
  }));
}

/** What a person can do with an entry. `restore`: puts its text into the editor, as an edit. */
export type HistoryAction = 'star' | 'delete' | 'restore';

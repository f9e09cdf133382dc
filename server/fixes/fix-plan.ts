import type { Scenario, ScenarioResult, SloOutcome } from '../../design/index.ts';
import type { ServePlace, TextChange } from '../../language/index.ts';

/** One design that a search may try, as a change of the text. */
export interface Candidate {
  readonly changes: readonly TextChange[];
  /** The title of the offer, which includes the outcome of the objective and of its whole serve. */
  readonly title: (outcome: SloOutcome, serve: readonly SloOutcome[]) => string;
}

/**
 * Designs in order, from the smallest change to the change that helps most. The first design that meets the objective
 * is the fix.
 */
export interface FixPlan {
  readonly count: number;
  /** True if every design after one that meets the objective meets it too. The search then tries only a few of them. */
  readonly isMonotone: boolean;
  /** True if a design must meet every objective of the serve, not only this one. */
  readonly meetsAll: boolean;
  /** True if a design must only decide the objective, in either way. The other objectives and scenarios are not considered. */
  readonly decidesOnly?: true;
  /** Undefined if the text has a form that this change cannot edit. */
  candidate(place: number): Candidate | undefined;
}

/** An objective that is violated, and its design. */
export interface BrokenObjective {
  readonly place: ServePlace;
  readonly scenario: Scenario;
  readonly outcome: SloOutcome;
  /** The index of the objective among those of its serve. */
  readonly objective: number;
  /** The run in which the objective was violated. */
  readonly before: ScenarioResult;
}

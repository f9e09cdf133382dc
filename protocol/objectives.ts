import type { Verdict } from '../design/index.ts';

/** One objective of a scenario, and its verdict in the newest run. Offsets are UTF-16 code units of the document's text. */
export interface Objective {
  /** Unique within the scenario. It does not change when the text around the objective is edited. */
  readonly id: string;
  /** "ResNet50: p99 latency <= 15 ms" */
  readonly label: string;
  readonly start: number;
  readonly end: number;
  /** null if no run of the current text has ended. */
  readonly verdict: Verdict | null;
  /** The measured value, its distance to the limit, and the reason; null if there is no verdict. */
  readonly message: string | null;
}

export interface ScenarioObjectives {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly objectives: readonly Objective[];
}

/** Client to server: the objectives in a document itself, not in its imports. The answer has one ScenarioObjectives for each scenario. */
export interface ObjectivesRequest {
  readonly uri: string;
}

export const objectivesRequest = 'stimpack/objectives';

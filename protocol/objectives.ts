import type { Verdict } from '../design/index.ts';

/** One promise of a scenario, and how it stood in the newest run. Offsets are UTF-16 code units of the document's text. */
export interface Objective {
  /** Unique within the scenario: it stays while the text around it is edited. */
  readonly id: string;
  /** "ResNet50: p99 latency <= 15 ms" */
  readonly label: string;
  readonly start: number;
  readonly end: number;
  /** null where no run of this very text has ended. */
  readonly verdict: Verdict | null;
  /** What was measured, by how much it misses, and why; null like the verdict. */
  readonly message: string | null;
}

export interface ScenarioObjectives {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly objectives: readonly Objective[];
}

/** Client to server: the objectives that a document states itself. Answered with ScenarioObjectives, one for each of its scenarios. */
export interface ObjectivesRequest {
  readonly uri: string;
}

export const objectivesRequest = 'stimpack/objectives';

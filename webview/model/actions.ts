import type { HistoryAction, Origin, PanelMessage } from '../../protocol/index.ts';
import type { RequestFacts } from './request-facts.ts';
import type { TimeWindow } from './view-state.ts';

/** Something along the time axis that a person can jump to: a mode switch, or a late request. */
export type Landmark = 'switch' | 'late';

/** What the parts of the panel can request. The page performs it. The parts do not refer to each other. */
export interface Actions {
  /** Whether an editor is on the other side. */
  readonly hasHost: boolean;
  /** The shown scenario, for names of files; undefined if there is none. */
  readonly scenario: () => string | undefined;
  /** The time window that the plots show; undefined if there are no plots. */
  readonly window: () => TimeWindow | undefined;
  readonly cursor: () => number | null;
  /** null: show the whole run. */
  readonly setWindow: (window: TimeWindow | null) => void;
  /** Moves the one cursor that all plots over time share; null: no cursor. */
  readonly setCursor: (seconds: number | null) => void;
  /** Marks a time. With two marks, legends and sentences describe the time between them; a third mark starts again. null: removes the marks. */
  readonly mark: (seconds: number | null) => void;
  readonly seek: (landmark: Landmark, direction: 1 | -1) => void;
  /** Shows one request, or the slowest one that ended in a time window; null: none. */
  readonly showRequest: (wanted: RequestFacts | TimeWindow | null) => void;
  readonly pickScenario: (name: string) => void;
  readonly pickRun: (index: number) => void;
  readonly pickServe: (name: string) => void;
  /** Pins the shown run for comparison, or removes the pin. */
  readonly togglePin: () => void;
  /** Adds an earlier run to the comparison, or removes it. */
  readonly compareRun: (id: string) => void;
  readonly actOnHistory: (id: string, action: HistoryAction) => void;
  /** Simulates the shown scenario at other loads. */
  readonly askLoadCurve: () => void;
  /** Saves the shown time window of the run as a Chrome trace, for Perfetto. */
  readonly saveTrace: () => void;
  readonly reveal: (origin: Origin) => void;
  readonly send: (message: PanelMessage) => void;
  /** Reads out what is at the cursor, unless that was the last thing read out. */
  readonly readOut: (text: string) => void;
  /** Announces a text to screen readers. */
  readonly announce: (text: string) => void;
}

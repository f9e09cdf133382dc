import type { Origin, PanelMessage } from '../protocol/index.ts';
import type { RequestFacts } from './request-facts.ts';
import type { TimeWindow } from './view-state.ts';

/** Something in time that a person looks for. */
export type Landmark = 'switch' | 'late';

/** What the parts of the panel can ask for. The app does it; parts know nothing of one another. */
export interface Actions {
  readonly hasHost: boolean;
  /** What the plots over time show now; undefined while there are none. */
  readonly window: () => TimeWindow | undefined;
  readonly cursor: () => number | null;
  /** null: the whole run. */
  readonly setWindow: (window: TimeWindow | null) => void;
  /** One cursor over all time plots; null where nothing is pointed at. */
  readonly setCursor: (seconds: number | null) => void;
  readonly seek: (landmark: Landmark, direction: 1 | -1) => void;
  /** Tells the life of a request, or of the slowest one that ended in a stretch of time; null: of none. */
  readonly tell: (wanted: RequestFacts | TimeWindow | null) => void;
  readonly pickScenario: (name: string) => void;
  readonly pickRun: (index: number) => void;
  readonly pickServe: (name: string) => void;
  /** Puts the shown run aside, or lets go of the one that is. */
  readonly togglePin: () => void;
  /** Latency against load of the shown scenario. */
  readonly askLoadCurve: () => void;
  /** What is shown of the run as a Chrome trace, for Perfetto. */
  readonly saveTrace: () => void;
  readonly reveal: (origin: Origin) => void;
  readonly send: (message: PanelMessage) => void;
  /** Speaks what is at the cursor, unless that is what was read out last. */
  readonly readOut: (text: string) => void;
  /** Speaks through the live region. */
  readonly announce: (text: string) => void;
}

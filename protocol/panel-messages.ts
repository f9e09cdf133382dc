import type { Origin } from '../design/index.ts';
import type { RunUpdate } from './run-state.ts';

/** Host to panel. `results: null` in an update means: keep those you have. */
export type HostMessage =
  | { readonly type: 'update'; readonly update: RunUpdate }
  /** The cursor stands on this; the panel highlights what belongs to it. */
  | { readonly type: 'selection'; readonly origin: Origin };

/** Panel to host. */
export type PanelMessage =
  /** The page is up: send the newest update. */
  | { readonly type: 'ready' }
  | { readonly type: 'reveal'; readonly origin: Origin }
  | { readonly type: 'run' }
  /** Open something to look at: the examples, a new file. */
  | { readonly type: 'command'; readonly command: 'openExample' | 'showProblems' }
  | { readonly type: 'save'; readonly suggestedName: string; readonly content: string | ArrayBuffer };

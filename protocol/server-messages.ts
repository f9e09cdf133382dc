import type { ExploreRequest, LoadCurveRequest } from './panel-messages.ts';
import type { RunState } from './run-state.ts';

/**
 * What server and client say beyond LSP. Columns travel as base64, since JSON-RPC is text; the client hands them on to the
 * panel as an ArrayBuffer.
 */
export interface EncodedColumns {
  readonly tree: unknown;
  readonly columnsBase64: string;
}

export interface RunNotification {
  readonly state: RunState;
  /** null: the results sent before stay the ones to show. */
  readonly results: EncodedColumns | null;
}

export const runNotification = 'stimpack/run';

/** Client to server: run this document now, or send its last state again. */
export interface RunRequest {
  readonly uri: string;
  /** `replay` runs nothing. */
  readonly action: 'run' | 'replay' | 'cancel';
}

export const runRequest = 'stimpack/runRequest';

/**
 * Client to server: the person has come back to the window, or to another editor. Files that no watcher reports may have changed meanwhile.
 */
export const focusNotification = 'stimpack/focus';

/** Client to server, a SegmentsRequest: every segment of a window of a run. Answered with EncodedColumns, or null where that run is gone. */
export const segmentsRequest = 'stimpack/segments';

/** Client to server, a LoadCurveRequest; LSP's own cancellation ends it. Answered with a LoadCurve, or null where that run is gone or it was cancelled. */
export const loadCurveRequest = 'stimpack/loadCurve';

/** Server to client, while a load curve is made. */
export interface LoadCurveProgress {
  readonly request: LoadCurveRequest;
  readonly fraction: number;
}

export const loadCurveProgress = 'stimpack/loadCurveProgress';

/** Client to server, an ExploreRequest; LSP's own cancellation ends it. Answered with an ExploreOutcome. */
export const exploreRequest = 'stimpack/explore';

/** How an exploration ended: an ExploreAnswer that may travel as text. `gone` where its text has changed since, or it was cancelled. */
export type ExploreOutcome =
  | { readonly kind: 'done'; readonly result: EncodedColumns }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'gone' };

/** Server to client, while an exploration goes on: what is known so far. */
export interface ExploreProgress {
  readonly request: ExploreRequest;
  readonly fraction: number;
  readonly result: EncodedColumns | null;
}

export const exploreProgress = 'stimpack/exploreProgress';

/** Client to server, a SegmentsRequest: that window of the run as the text of a Chrome trace, layer by layer unless it is the whole run; null where that run is gone. */
export const traceRequest = 'stimpack/trace';

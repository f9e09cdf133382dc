import type { EncodedColumns } from './columns.ts';
import type { PackedVerdicts } from './early-verdicts.ts';
import type { ExploreRequest, LoadCurveRequest } from './panel-messages.ts';
import type { RunState } from './run-state.ts';

export interface RunNotification {
  readonly state: RunState;
  /** null: the earlier results remain valid for display. */
  readonly results: EncodedColumns | null;
  /** As in a RunUpdate. */
  readonly early?: PackedVerdicts;
  readonly previews?: EncodedColumns;
}

export const runNotification = 'stimpack/run';

/** Client to server: run this document, cancel its run, or send its last state again. */
export interface RunRequest {
  readonly uri: string;
  /** `preview`: simulate the present text for a short time, and answer when that has ended. `replay`: only send the last state again. */
  readonly action: 'run' | 'preview' | 'replay' | 'cancel';
}

export const runRequest = 'stimpack/runRequest';

/** Client to server: run a file as it was at a git revision; cancelled with LSP's own cancellation. A server in a browser cannot. */
export interface RevisionRequest {
  readonly uri: string;
  readonly revision: string;
}

export const revisionRequest = 'stimpack/revision';

export type RevisionAnswer =
  | {
      readonly kind: 'done';
      /** The full hash. */
      readonly commit: string;
      readonly text: string;
      /** Packed `HistoryFigures`. */
      readonly figures: EncodedColumns;
    }
  | { readonly kind: 'cancelled' }
  /** A sentence without its end. */
  | { readonly kind: 'failed'; readonly message: string };

/** Client to server: the window or another editor got the focus. Files without a watcher may have changed since then. */
export const focusNotification = 'stimpack/focus';

/** Client to server, with a SegmentsRequest. The answer is EncodedColumns, or null if the run no longer exists. */
export const segmentsRequest = 'stimpack/segments';

/** Client to server, with a LoadCurveRequest; cancelled with LSP's own cancellation. The answer is a LoadCurve, or null if it was cancelled or the run no longer exists. */
export const loadCurveRequest = 'stimpack/loadCurve';

/** Server to client, while a load curve is simulated. */
export interface LoadCurveProgress {
  readonly request: LoadCurveRequest;
  readonly fraction: number;
}

export const loadCurveProgress = 'stimpack/loadCurveProgress';

/** Client to server, with an ExploreRequest; cancelled with LSP's own cancellation. The answer is an ExploreOutcome. */
export const exploreRequest = 'stimpack/explore';

/** Client to server: ends all explorations and deletes the results of their designs. The answer has no content. */
export const forgetExplorationsRequest = 'stimpack/forgetExplorations';

/** How an exploration ended: an ExploreAnswer in a form that JSON-RPC can send. `gone`: it was cancelled, or its text has changed. */
export type ExploreOutcome =
  | { readonly kind: 'done'; readonly result: EncodedColumns }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'gone' };

/** Server to client, during an exploration: its partial result. */
export interface ExploreProgress {
  readonly request: ExploreRequest;
  readonly fraction: number;
  readonly result: EncodedColumns | null;
}

export const exploreProgress = 'stimpack/exploreProgress';

/** Client to server, with a SegmentsRequest. The answer is the text of a Chrome trace of that window, layer by layer unless it is the whole run; null if the run no longer exists. */
export const traceRequest = 'stimpack/trace';

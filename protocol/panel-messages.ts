import type { LoadCurve, Origin, StatedNumber, TimelineSegments } from '../design/index.ts';
import type { Packed } from './columns.ts';
import type { NumberChange } from './number-changes.ts';
import type { HistoryAction, HistoryEntry } from './run-history.ts';
import type { RunUpdate } from './run-state.ts';

/**
 * Requests the segments of a time window, layer by layer. The segments in the result are coarser and limited in number. `run` is 0 for the scenario
 * itself and n for its n-th variant. `hash` belongs to the results that the panel shows.
 */
export interface SegmentsRequest {
  readonly uri: string;
  readonly hash: string | null;
  readonly scenario: string;
  readonly run: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The unpacked `segments` of the answer. They cover the requested window, or as much of it as the limit on their number allows. */
export type SegmentsAnswer = TimelineSegments;

/** Requests latency against offered load of a scenario. This takes dozens of runs. */
export interface LoadCurveRequest {
  readonly uri: string;
  readonly hash: string | null;
  readonly scenario: string;
}

/** The progress or the result. `gone`: it was cancelled, or its run is no longer the newest. */
export type LoadCurveAnswer =
  | { readonly kind: 'running'; readonly fraction: number }
  | { readonly kind: 'done'; readonly curve: LoadCurve }
  | { readonly kind: 'gone' };

/** Requests an exploration of designs. This takes up to thousands of runs. */
export interface ExploreRequest {
  readonly uri: string;
  readonly hash: string | null;
  /** Name of the exploration. */
  readonly exploration: string;
}

/** `result` unpacks to an ExplorationResult: partial results at most several times per second, and the whole result at the end. `gone`: as for a load curve. */
export type ExploreAnswer =
  | { readonly kind: 'running'; readonly fraction: number; readonly result: Packed | null }
  | { readonly kind: 'done'; readonly result: Packed }
  | { readonly kind: 'failed'; readonly message: string }
  /** `forgotten`: the user deleted its results. */
  | { readonly kind: 'gone'; readonly forgotten?: true };

/**
 * Why the host has no run to report. `none`: no document was active yet. `starting`: the server has not reported this document yet. `closed`, `deleted`:
 * the document no longer runs, and the page shows its last results.
 */
export type Absence =
  | { readonly kind: 'none' }
  | { readonly kind: 'starting'; readonly uri: string; readonly name: string }
  | { readonly kind: 'closed' | 'deleted'; readonly uri: string; readonly name: string };

/** Host to panel. `results: null` in an update means that the panel keeps its results. */
export type HostMessage =
  | { readonly type: 'update'; readonly update: RunUpdate }
  | { readonly type: 'absent'; readonly absence: Absence }
  /** The state that a page of this window saved last. A page without a newer state takes it over. */
  | { readonly type: 'restore'; readonly state: unknown }
  /** Answers the panel's `loadCurve`, several times. */
  | { readonly type: 'loadCurve'; readonly request: LoadCurveRequest; readonly answer: LoadCurveAnswer }
  /** Answers the panel's `explore`, several times. `again`: this answer was sent before, to another or an earlier page. */
  | {
      readonly type: 'explore';
      readonly request: ExploreRequest;
      readonly answer: ExploreAnswer;
      readonly again?: boolean;
    }
  /** Shows a scenario beside the runs that it is compared with: now, or as soon as the document's results arrive. */
  | { readonly type: 'compare'; readonly uri: string; readonly scenario: string }
  /** The cursor is at `origin`, within the whole lines `lines`. The panel highlights what belongs to the origin, else what belongs to the lines. */
  | { readonly type: 'selection'; readonly origin: Origin; readonly lines?: Origin }
  /** The last runs of a document, the newest first, then revisions. `chosen`: the id of one that the panel compares from now on. */
  | {
      readonly type: 'history';
      readonly uri: string;
      readonly entries: readonly HistoryEntry[];
      readonly chosen?: string;
    }
  /** The numbers of a document that sliders can change. */
  | { readonly type: 'numbers'; readonly uri: string; readonly numbers: readonly StatedNumber[] }
  /** Answers the panel's `segments`. Without an answer, the panel keeps showing shares of time. */
  | { readonly type: 'segments'; readonly request: SegmentsRequest; readonly segments: Packed };

/** Panel to host. */
export type PanelMessage =
  /** The page has started: send the newest update. */
  | { readonly type: 'ready' }
  | { readonly type: 'reveal'; readonly origin: Origin }
  | { readonly type: 'run' }
  /** Opens a document that was closed. */
  | { readonly type: 'open'; readonly uri: string }
  /** The state of the page, for its next start and for other pages of this window. */
  | { readonly type: 'keep'; readonly state: unknown }
  /** Runs a command of the editor. */
  | { readonly type: 'command'; readonly command: 'openExample' | 'showProblems' }
  | { readonly type: 'save'; readonly suggestedName: string; readonly content: string | ArrayBuffer }
  | { readonly type: 'segments'; readonly request: SegmentsRequest }
  /** Saves a time window of a run as a Chrome trace. */
  | { readonly type: 'trace'; readonly suggestedName: string; readonly request: SegmentsRequest }
  | { readonly type: 'loadCurve'; readonly request: LoadCurveRequest }
  | { readonly type: 'cancelLoadCurve' }
  | { readonly type: 'explore'; readonly request: ExploreRequest }
  | { readonly type: 'cancelExplore' }
  | { readonly type: 'history'; readonly id: string; readonly action: HistoryAction }
  /** Changes a number of the document, and simulates the new value. */
  | { readonly type: 'number'; readonly change: NumberChange }
  /** Cancels the current run. */
  | { readonly type: 'cancelRun' };

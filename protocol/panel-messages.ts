import type { LoadCurve, Origin, TimelineSegments } from '../design/index.ts';
import type { Packed } from './columns.ts';
import type { RunUpdate } from './run-state.ts';

/**
 * A look into one window of a run, layer by layer: a run's own segments are coarse and end where their budget does. `run` is 0
 * for the scenario itself and n for its n-th variant; `hash` is that of the results that the panel shows.
 */
export interface SegmentsRequest {
  readonly uri: string;
  readonly hash: string | null;
  readonly scenario: string;
  readonly run: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** What `segments` of the answer unpacks to. Its window holds the one asked for, or as much of it as the budget allows. */
export type SegmentsAnswer = TimelineSegments;

/** Latency against offered load of a scenario as it was run: some dozens of runs, made when they are asked for. */
export interface LoadCurveRequest {
  readonly uri: string;
  readonly hash: string | null;
  readonly scenario: string;
}

/** How far it is, or how it ended: `gone` where the run that it belongs to is no longer the newest, or it was cancelled. */
export type LoadCurveAnswer =
  | { readonly kind: 'running'; readonly fraction: number }
  | { readonly kind: 'done'; readonly curve: LoadCurve }
  | { readonly kind: 'gone' };

/** A sweep over designs: up to thousands of runs, made when it is asked for. */
export interface ExploreRequest {
  readonly uri: string;
  readonly hash: string | null;
  /** Name of the exploration. */
  readonly exploration: string;
}

/** `result` unpacks to an ExplorationResult: what is known so far, several times a second at most, and all of it at the end. `gone`: as of a load curve. */
export type ExploreAnswer =
  | { readonly kind: 'running'; readonly fraction: number; readonly result: Packed | null }
  | { readonly kind: 'done'; readonly result: Packed }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'gone' };

/**
 * Why the host has nothing to say of a run. `none`: no document was ever in front. `starting`: the server has not spoken of this one
 * yet. `closed`, `deleted`: nobody runs it any more; what the page shows of it is the last there was.
 */
export type Absence =
  | { readonly kind: 'none' }
  | { readonly kind: 'starting'; readonly uri: string; readonly name: string }
  | { readonly kind: 'closed' | 'deleted'; readonly uri: string; readonly name: string };

/** Host to panel. `results: null` in an update means: keep those you have. */
export type HostMessage =
  | { readonly type: 'update'; readonly update: RunUpdate }
  | { readonly type: 'absent'; readonly absence: Absence }
  /** What a page of this window kept last: a page that has kept nothing newer takes it over, and so goes on where that one was. */
  | { readonly type: 'restore'; readonly state: unknown }
  /** Answers the panel's `loadCurve`: several times. */
  | { readonly type: 'loadCurve'; readonly request: LoadCurveRequest; readonly answer: LoadCurveAnswer }
  /** Answers the panel's `explore`: several times. `again`: it was said before, to another page or another life of this one. */
  | {
      readonly type: 'explore';
      readonly request: ExploreRequest;
      readonly answer: ExploreAnswer;
      readonly again?: boolean;
    }
  /** Asks to see a scenario beside what it is compared with: now, or once the document's results come. */
  | { readonly type: 'compare'; readonly uri: string; readonly scenario: string }
  /** The cursor stands on this, in these whole lines; the panel highlights what belongs to it, else what is written in these lines. */
  | { readonly type: 'selection'; readonly origin: Origin; readonly lines?: Origin }
  /** Answers the panel's `segments`. Not answering is allowed: the panel goes on showing shares of time. */
  | { readonly type: 'segments'; readonly request: SegmentsRequest; readonly segments: Packed };

/** Panel to host. */
export type PanelMessage =
  /** The page is up: send the newest update. */
  | { readonly type: 'ready' }
  | { readonly type: 'reveal'; readonly origin: Origin }
  | { readonly type: 'run' }
  /** Show the text of a document that was closed. */
  | { readonly type: 'open'; readonly uri: string }
  /** What the page keeps for its next life, and for other pages of this window. */
  | { readonly type: 'keep'; readonly state: unknown }
  /** Open something to look at: the examples, a new file. */
  | { readonly type: 'command'; readonly command: 'openExample' | 'showProblems' }
  | { readonly type: 'save'; readonly suggestedName: string; readonly content: string | ArrayBuffer }
  | { readonly type: 'segments'; readonly request: SegmentsRequest }
  /** Save a window of a run as a Chrome trace. */
  | { readonly type: 'trace'; readonly suggestedName: string; readonly request: SegmentsRequest }
  | { readonly type: 'loadCurve'; readonly request: LoadCurveRequest }
  | { readonly type: 'cancelLoadCurve' }
  | { readonly type: 'explore'; readonly request: ExploreRequest }
  | { readonly type: 'cancelExplore' }
  /** Stop the run that is under way. */
  | { readonly type: 'cancelRun' };

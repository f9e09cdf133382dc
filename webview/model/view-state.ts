import { initialSectionLayout, parseSectionLayout, type SectionLayout } from './section-layout.ts';
import type { ExploreView } from './sweep/explore-view.ts';
import { initialExploreView, parseExploreView } from './sweep/explore-view.ts';

/** What the person chose to see. It outlives the page: the host saves it and sends it to the next page. */
export interface ViewState {
  readonly scenario: string | null;
  /** 0: the scenario itself; n: its n-th variant. */
  readonly run: number;
  readonly serve: string | null;
  /** null: the whole run. */
  readonly window: TimeWindow | null;
  /** At most two times that the person marked. */
  readonly markers: readonly number[];
  /** The ids of the earlier runs in the comparison. */
  readonly compared: readonly string[];
  /** The exploration that is shown; null: a scenario. */
  readonly exploration: string | null;
  readonly explore: ExploreView;
  readonly sections: SectionLayout;
  /** The document of this view, so that a zoom in one document is not applied to another. */
  readonly uri: string | null;
}

export interface TimeWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export const initialViewState: ViewState = {
  scenario: null,
  run: 0,
  serve: null,
  window: null,
  markers: [],
  compared: [],
  exploration: null,
  explore: initialExploreView,
  sections: initialSectionLayout,
  uri: null,
};

/** Reads a saved state. Parts that are missing or invalid get their initial value. */
export function parseViewState(value: unknown): ViewState {
  if (typeof value !== 'object' || value === null) return initialViewState;
  const kept = value as Partial<Record<keyof ViewState, unknown>>;
  return {
    scenario: text(kept.scenario),
    run: typeof kept.run === 'number' && Number.isInteger(kept.run) && kept.run >= 0 ? kept.run : 0,
    serve: text(kept.serve),
    window: parseWindow(kept.window),
    markers: parseMarkers(kept.markers),
    compared: Array.isArray(kept.compared) ? kept.compared.filter((id) => typeof id === 'string') : [],
    exploration: text(kept.exploration),
    explore: parseExploreView(kept.explore),
    sections: parseSectionLayout(kept.sections),
    uri: text(kept.uri),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function parseMarkers(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length > 2) return [];
  return value.every((seconds) => typeof seconds === 'number' && seconds >= 0) ? (value as number[]) : [];
}

function parseWindow(value: unknown): TimeWindow | null {
  if (typeof value !== 'object' || value === null) return null;
  const { startSeconds, endSeconds } = value as Partial<Record<keyof TimeWindow, unknown>>;
  if (typeof startSeconds !== 'number' || typeof endSeconds !== 'number' || !(endSeconds > startSeconds)) return null;
  return { startSeconds, endSeconds };
}

/** A layer of a fast chip takes microseconds. Below a tenth of one there is nothing to see. */
const shortestSeconds = 1e-7;

/** The window moved into the run and not too short; null if it is the whole run. */
export function clampWindow(window: TimeWindow, runSeconds: number): TimeWindow | null {
  const span = Math.min(Math.max(window.endSeconds - window.startSeconds, shortestSeconds), runSeconds);
  if (span >= runSeconds * 0.9999) return null;
  const start = Math.min(Math.max(window.startSeconds, 0), runSeconds - span);
  return { startSeconds: start, endSeconds: start + span };
}

/** Zooms by `factor` (below 1: zooms in) around a time that keeps its position. */
export function zoomWindow(window: TimeWindow, factor: number, aroundSeconds: number): TimeWindow {
  return {
    startSeconds: aroundSeconds - (aroundSeconds - window.startSeconds) * factor,
    endSeconds: aroundSeconds + (window.endSeconds - aroundSeconds) * factor,
  };
}

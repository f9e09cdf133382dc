import type {
  Absence,
  Exploration,
  LoadCurveAnswer,
  LoadCurveRequest,
  Origin,
  PreviewRuns,
  RunResults,
  RunState,
  ScenarioVerdicts,
  StatedNumber,
} from '../../protocol/index.ts';
import type { Detail } from './detail.ts';
import { withDetail } from './detail.ts';
import type { HistoryRun } from './history.ts';
import type { PinnedRun } from './pin.ts';
import { restorePin } from './pin.ts';
import type { RequestFacts } from './request-facts.ts';
import type { Shown } from './shown.ts';
import { pickShown } from './shown.ts';
import type { Asked } from './sweep/asked.ts';
import type { ViewState } from './view-state.ts';
import { parseViewState } from './view-state.ts';

/** What the host reported, and what the person chose to see. Messages and actions change it; parts show it. */
export interface PanelModel {
  state: RunState | null;
  /** Why the host has no run to report; undefined until its first message. */
  absence: Absence | undefined;
  results: RunResults | null;
  /** The verdicts of the run in progress that are known already. */
  early: readonly ScenarioVerdicts[];
  /** The runs of the newest preview with plots, until the whole run ends. */
  previewed: PreviewRuns;
  /** The document that the results belong to. */
  resultsUri: string | null;
  /** The sequence number of the state that arrived with the results. */
  drawnSequence: number;
  view: ViewState;
  pin: PinnedRun | undefined;
  /** The last runs of the document, the newest first. */
  history: readonly HistoryRun[];
  /** The numbers of the document that have sliders. */
  numbers: readonly StatedNumber[];
  selection: { readonly origin: Origin; readonly lines?: Origin } | undefined;
  /** A scenario to show beside its comparison as soon as its results arrive. */
  toCompare: { readonly uri: string; readonly scenario: string } | undefined;
  /** The part of the results that the view selects. */
  shown: Shown | undefined;
  cursor: number | null;
  details: readonly Detail[];
  curve: { readonly request: LoadCurveRequest; readonly answer: LoadCurveAnswer } | undefined;
  /** Explorations that were started, by name. */
  readonly asked: Map<string, Asked>;
}

export function createModel(kept: unknown): PanelModel {
  return {
    state: null,
    absence: undefined,
    results: null,
    early: [],
    previewed: [],
    resultsUri: null,
    drawnSequence: -1,
    view: parseViewState(kept),
    pin: keptPin(kept),
    history: [],
    numbers: [],
    selection: undefined,
    toCompare: undefined,
    shown: undefined,
    cursor: null,
    details: [],
    curve: undefined,
    asked: new Map(),
  };
}

export function keptPin(kept: unknown): PinnedRun | undefined {
  return restorePin((kept as { readonly pin?: unknown } | null | undefined)?.pin);
}

/** When a page saved this state, in milliseconds of the machine's clock; 0 if it is no saved state. */
export function savedAt(kept: unknown): number {
  const at = (kept as { readonly savedAt?: unknown } | null | undefined)?.savedAt;
  return typeof at === 'number' ? at : 0;
}

export function hashOf({ state }: PanelModel): string | null {
  return state?.hash ?? null;
}

/** What the view selects, with finer segments if they are known, and the chosen request. */
export function pickModel(model: PanelModel, chosen: RequestFacts | undefined): Shown | undefined {
  const picked = pickShown(model.results, model.view, model.pin, model.history);
  if (picked === undefined) return undefined;
  const detailed = withDetail(picked, model.details, hashOf(model));
  return chosen === undefined ? detailed : { ...detailed, chosen };
}

/**
 * What plots show during a preview: its run in place of the whole one. undefined: no preview has plots, or the view is of a part of the time or
 * of another run.
 */
export function pickPreview({ previewed, results, view, pin, history }: PanelModel): Shown | undefined {
  if (results === null || previewed.length === 0 || view.run !== 0 || view.window !== null) return undefined;
  const mixed = results.map((result) => {
    const own = previewed.find(({ scenario }) => scenario === result.scenario);
    return own === undefined ? result : { ...result, main: own.main };
  });
  const shown = pickShown(mixed, { ...view, markers: [] }, pin, history);
  return shown === undefined ? undefined : { ...shown, isPreview: true };
}

/** The requested load curve, if it belongs to the shown scenario and run. */
export function curveOf(model: PanelModel): LoadCurveAnswer | undefined {
  const { curve, shown } = model;
  const belongs = curve?.request.scenario === shown?.scenario.scenario && curve?.request.hash === hashOf(model);
  return belongs ? curve?.answer : undefined;
}

/** The explorations of the saved text. While that text has errors, those with results stay. */
export function explorationsOf({ state, asked }: PanelModel): readonly Exploration[] {
  const stated = state?.explorations ?? [];
  if (stated.length > 0 || state?.phase === 'fresh') return stated;
  return [...asked.values()].flatMap(({ result }) => (result === null ? [] : [result.exploration]));
}

/** The exploration that is shown instead of a scenario. */
export function exploringOf(model: PanelModel): Exploration | undefined {
  return explorationsOf(model).find(({ name }) => name === model.view.exploration);
}

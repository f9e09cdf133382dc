import type {
  Absence,
  Exploration,
  LoadCurveAnswer,
  LoadCurveRequest,
  Origin,
  RunResults,
  RunState,
} from '../protocol/index.ts';
import type { Detail } from './detail.ts';
import { withDetail } from './detail.ts';
import type { Asked } from './explore/asked.ts';
import type { PinnedRun } from './pin.ts';
import { restorePin } from './pin.ts';
import type { RequestFacts } from './request-facts.ts';
import type { Shown } from './shown.ts';
import { pickShown } from './shown.ts';
import type { ViewState } from './view-state.ts';
import { parseViewState } from './view-state.ts';

/** What the panel was told, and what the person looks at. One object of one shape: messages and actions change it, parts draw it. */
export interface PanelModel {
  state: RunState | null;
  /** Why there is no word of a run, or none any more; undefined until the host has spoken. */
  absence: Absence | undefined;
  results: RunResults | null;
  /** Of the document that the results are of. */
  resultsUri: string | null;
  /** Of the state that the results came with. */
  drawnSequence: number;
  view: ViewState;
  pin: PinnedRun | undefined;
  selection: { readonly origin: Origin; readonly lines?: Origin } | undefined;
  /** Asked to be seen beside what it is compared with, as long as its results are not there. */
  toCompare: { readonly uri: string; readonly scenario: string } | undefined;
  /** What the view picks of the results. */
  shown: Shown | undefined;
  cursor: number | null;
  details: readonly Detail[];
  curve: { readonly request: LoadCurveRequest; readonly answer: LoadCurveAnswer } | undefined;
  /** Sweeps that were asked for, by name. */
  readonly asked: Map<string, Asked>;
}

export function createModel(kept: unknown): PanelModel {
  return {
    state: null,
    absence: undefined,
    results: null,
    resultsUri: null,
    drawnSequence: -1,
    view: parseViewState(kept),
    pin: keptPin(kept),
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

/** When a page kept this, on the machine's clock; 0 for a state of none. */
export function savedAt(kept: unknown): number {
  const at = (kept as { readonly savedAt?: unknown } | null | undefined)?.savedAt;
  return typeof at === 'number' ? at : 0;
}

export function hashOf({ state }: PanelModel): string | null {
  return state?.hash ?? null;
}

/** What the view picks, with the finer segments that are known and the request that is told. */
export function pickModel(model: PanelModel, chosen: RequestFacts | undefined): Shown | undefined {
  const picked = pickShown(model.results, model.view, model.pin);
  if (picked === undefined) return undefined;
  const detailed = withDetail(picked, model.details, hashOf(model));
  return chosen === undefined ? detailed : { ...detailed, chosen };
}

/** The curve that was asked for, where it is of the shown scenario and run. */
export function curveOf(model: PanelModel): LoadCurveAnswer | undefined {
  const { curve, shown } = model;
  const belongs = curve?.request.scenario === shown?.scenario.scenario && curve?.request.hash === hashOf(model);
  return belongs ? curve?.answer : undefined;
}

/** Of the saved text; what was found stays with it while that text is mended. */
export function explorationsOf({ state, asked }: PanelModel): readonly Exploration[] {
  const stated = state?.explorations ?? [];
  if (stated.length > 0 || state?.phase === 'fresh') return stated;
  return [...asked.values()].flatMap(({ result }) => (result === null ? [] : [result.exploration]));
}

/** The sweep that is looked at, in place of a scenario. */
export function exploringOf(model: PanelModel): Exploration | undefined {
  return explorationsOf(model).find(({ name }) => name === model.view.exploration);
}

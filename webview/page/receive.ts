import type { Absence, HostMessage, PreviewRuns, RunResults, RunUpdate, SegmentsAnswer } from '../../protocol/index.ts';
import { assertNever, unpack, unpackVerdicts } from '../../protocol/index.ts';
import { keepDetail } from '../model/detail.ts';
import { decodeHistory } from '../model/history.ts';
import type { PanelModel } from '../model/panel-model.ts';
import { curveOf, hashOf, keptPin, savedAt } from '../model/panel-model.ts';
import { pickShown } from '../model/shown.ts';
import { answered } from '../model/sweep/asked.ts';
import { initialExploreView } from '../model/sweep/explore-view.ts';
import { clampWindow, initialViewState, parseViewState } from '../model/view-state.ts';
import type { RequestFinder } from './request-finder.ts';
import type { Work } from './scheduler.ts';

/** What messages from the host need besides the model. */
export interface ReceiverParts {
  readonly model: PanelModel;
  /** The state that an earlier page saved. */
  readonly kept: unknown;
  readonly finder: RequestFinder;
  readonly schedule: (work: Work) => void;
  /** Picks again what is shown. At once, because code in the same frame uses it. */
  readonly repick: () => void;
  readonly showState: () => void;
  readonly showVerdicts: () => void;
  readonly showPreview: () => void;
  readonly showCurve: () => void;
  readonly showExplorations: () => void;
  readonly showNumbers: () => void;
  readonly saveView: () => void;
  /** Shows a scenario beside the runs that it is compared with. */
  readonly compare: (scenario: string) => void;
  /** There are other results: finer segments may be requested again. */
  readonly forgetDetail: () => void;
}

export interface Receiver {
  readonly receive: (message: HostMessage) => void;
  readonly receiveAbsence: (absence: Absence) => void;
}

export function createReceiver(parts: ReceiverParts): Receiver {
  const { model, finder } = parts;

  function receiveAbsence(next: Absence): void {
    model.absence = next;
    const uri = next.kind === 'none' ? null : next.uri;
    if (model.resultsUri !== uri) model.results = null;
    model.early = [];
    // After an absence every update is new, with any sequence number: the server may have restarted.
    model.state = null;
    parts.showState();
  }

  function receiveUpdate(update: RunUpdate): void {
    const { state } = model;
    if (state !== null && update.state.uri === state.uri && update.state.sequence < state.sequence) return;
    // Unpacked before the model changes: invalid results throw, and must not leave the model half updated.
    const results = update.results === null ? null : unpack<RunResults>(update.results);
    if (results !== null && !Array.isArray(results)) throw new TypeError('results are not a list of scenarios');
    const previewed = update.previews === undefined ? undefined : unpack<PreviewRuns>(update.previews);
    if (update.state.uri !== model.resultsUri) model.results = null;
    const hadEarly = model.early.length > 0;
    if (update.early !== undefined) model.early = unpackVerdicts(update.early);
    else if (update.state.phase !== 'running' || update.state.uri !== state?.uri) model.early = [];
    const hadPreview = model.previewed.length > 0;
    if (previewed !== undefined) model.previewed = previewed;
    else if (update.state.phase !== 'preview' && update.state.phase !== 'running') model.previewed = [];
    model.state = update.state;
    model.absence = undefined;
    if (model.view.uri !== update.state.uri) {
      model.view = { ...initialViewState, sections: model.view.sections, uri: update.state.uri };
      model.pin = undefined;
      model.history = [];
      model.numbers = [];
      model.asked.clear();
    }
    if (results !== null) {
      model.results = results;
      model.resultsUri = update.state.uri;
      model.drawnSequence = update.state.sequence;
      parts.forgetDetail();
      finder.forget();
      const { view } = model;
      const next = pickShown(results, view, model.pin);
      if (view.window !== null && next !== undefined)
        model.view = { ...view, window: clampWindow(view.window, next.run.seconds) };
    }
    parts.saveView();
    parts.showState();
    // The plots of a preview go if no results replace them.
    if (update.results !== null || (hadPreview && model.previewed.length === 0)) parts.schedule('show');
    else {
      // At once: nothing else of this state takes long to draw.
      if (update.early !== undefined || (hadEarly && model.early.length === 0)) parts.showVerdicts();
      if (previewed !== undefined) parts.showPreview();
      parts.showExplorations();
    }
    compareWhereKnown();
  }

  function compareWhereKnown(): void {
    const { toCompare, results, resultsUri } = model;
    if (toCompare === undefined || results === null || toCompare.uri !== resultsUri) return;
    model.toCompare = undefined;
    parts.compare(toCompare.scenario);
  }

  /** Compares the shown scenario with a run of the history, and brings the figures of both into sight. */
  function compareWith(id: string): void {
    const { view } = model;
    if (!view.compared.includes(id)) model.view = { ...view, compared: [...view.compared, id] };
    parts.repick();
    if (model.shown !== undefined) parts.compare(model.shown.scenario.scenario);
  }

  function receive(message: HostMessage): void {
    switch (message.type) {
      case 'update':
        receiveUpdate(message.update);
        return;
      case 'absent':
        receiveAbsence(message.absence);
        return;
      case 'restore':
        // The newer state counts. An editor that is killed keeps an older state in the page than the host has.
        if (savedAt(message.state) <= savedAt(parts.kept)) return;
        model.view = parseViewState(message.state);
        model.pin = keptPin(message.state);
        return;
      case 'segments': {
        const { scenario, run, hash, uri } = message.request;
        if (uri !== model.state?.uri) return;
        const segments = unpack<SegmentsAnswer>(message.segments);
        model.details = keepDetail(model.details, { scenario, run, hash, segments });
        parts.repick();
        if (model.shown !== undefined) finder.answered(model.shown, message.request);
        parts.schedule('move');
        return;
      }
      case 'loadCurve': {
        const { uri, hash } = message.request;
        if (uri !== model.state?.uri || hash !== model.state.hash) return;
        model.curve = message;
        if (curveOf(model) !== undefined) parts.showCurve();
        return;
      }
      case 'explore': {
        const { uri, exploration } = message.request;
        if (uri !== model.state?.uri) return;
        const asked = model.asked.get(exploration);
        // An answer to an older request, while a newer one is running.
        const older = message.request.hash !== hashOf(model);
        if (older && asked !== undefined && asked.request.hash !== message.request.hash) return;
        model.asked.set(exploration, answered(asked, message.request, message.answer));
        // It was started elsewhere, so the panel shows it. Repeated messages do not count.
        const isNews = message.again !== true && (message.answer.kind === 'running' || asked === undefined);
        if (isNews && asked?.phase !== 'running' && model.view.exploration !== exploration) {
          model.view = { ...model.view, exploration, explore: initialExploreView };
          parts.saveView();
          parts.schedule('show');
        } else parts.showExplorations();
        return;
      }
      case 'history':
        if (message.uri !== model.state?.uri) return;
        model.history = decodeHistory(message.entries);
        if (message.chosen !== undefined) compareWith(message.chosen);
        parts.schedule('show');
        return;
      case 'numbers':
        if (message.uri !== model.state?.uri) return;
        model.numbers = message.numbers;
        parts.showNumbers();
        return;
      case 'compare':
        model.toCompare = message;
        compareWhereKnown();
        return;
      case 'selection':
        model.selection = message;
        parts.schedule('point');
        return;
      default:
        assertNever(message);
    }
  }
  return { receive, receiveAbsence };
}

import type { Absence, HostMessage, RunResults, RunUpdate, SegmentsAnswer } from '../protocol/index.ts';
import { assertNever, unpack } from '../protocol/index.ts';
import { keepDetail } from './detail.ts';
import { answered } from './explore/asked.ts';
import { initialExploreView } from './explore/explore-view.ts';
import type { Work } from './panel-actions.ts';
import type { PanelModel } from './panel-model.ts';
import { curveOf, hashOf, keptPin, savedAt } from './panel-model.ts';
import { pickShown } from './shown.ts';
import type { Teller } from './teller.ts';
import { clampWindow, initialViewState, parseViewState } from './view-state.ts';

/** What a message from the host sets off, beyond what the model keeps of it. */
export interface ReceiverParts {
  readonly model: PanelModel;
  /** What this page kept in an earlier life. */
  readonly kept: unknown;
  readonly teller: Teller;
  readonly schedule: (work: Work) => void;
  /** Picks anew what is shown: at once, for what follows in the same frame. */
  readonly repick: () => void;
  readonly showState: () => void;
  readonly showCurve: () => void;
  readonly showExplorations: () => void;
  readonly saveView: () => void;
  /** Shows a scenario beside what it is compared with. */
  readonly compare: (scenario: string) => void;
  /** Other results: finer segments may be asked for again. */
  readonly forgetAsking: () => void;
}

export interface Receiver {
  readonly receive: (message: HostMessage) => void;
  readonly receiveAbsence: (absence: Absence) => void;
}

export function createReceiver(parts: ReceiverParts): Receiver {
  const { model, teller } = parts;

  function receiveAbsence(next: Absence): void {
    model.absence = next;
    const uri = next.kind === 'none' ? null : next.uri;
    if (model.resultsUri !== uri) model.results = null;
    // What comes after an absence is news, whatever its number: the server may be another one.
    model.state = null;
    parts.showState();
  }

  function receiveUpdate(update: RunUpdate): void {
    const { state } = model;
    if (state !== null && update.state.uri === state.uri && update.state.sequence < state.sequence) return;
    // Read before anything is taken over: what cannot be read throws, and must not leave half of it behind.
    const results = update.results === null ? null : unpack<RunResults>(update.results);
    if (results !== null && !Array.isArray(results)) throw new TypeError('results are not a list of scenarios');
    if (update.state.uri !== model.resultsUri) model.results = null;
    model.state = update.state;
    model.absence = undefined;
    if (model.view.uri !== update.state.uri) {
      model.view = { ...initialViewState, uri: update.state.uri };
      model.pin = undefined;
      model.asked.clear();
    }
    if (results !== null) {
      model.results = results;
      model.resultsUri = update.state.uri;
      model.drawnSequence = update.state.sequence;
      parts.forgetAsking();
      teller.forget();
      const { view } = model;
      const next = pickShown(results, view, model.pin);
      if (view.window !== null && next !== undefined)
        model.view = { ...view, window: clampWindow(view.window, next.run.seconds) };
    }
    parts.saveView();
    parts.showState();
    if (update.results !== null) parts.schedule('show');
    else parts.showExplorations();
    compareWhereKnown();
  }

  function compareWhereKnown(): void {
    const { toCompare, results, resultsUri } = model;
    if (toCompare === undefined || results === null || toCompare.uri !== resultsUri) return;
    model.toCompare = undefined;
    parts.compare(toCompare.scenario);
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
        // The newer one counts: an editor that ends at once keeps an older state of ours than we told the host.
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
        if (model.shown !== undefined) teller.answered(model.shown, message.request);
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
        // An answer to an older question, while a newer one is asked.
        const older = message.request.hash !== hashOf(model);
        if (older && asked !== undefined && asked.request.hash !== message.request.hash) return;
        model.asked.set(exploration, answered(asked, message.request, message.answer));
        // Asked for elsewhere: whoever did so wants to see it. Not so what was said before.
        const isNews = message.again !== true && (message.answer.kind === 'running' || asked === undefined);
        if (isNews && asked?.phase !== 'running' && model.view.exploration !== exploration) {
          model.view = { ...model.view, exploration, explore: initialExploreView };
          parts.saveView();
          parts.schedule('show');
        } else parts.showExplorations();
        return;
      }
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

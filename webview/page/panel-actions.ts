import { formatSeconds } from '../../protocol/index.ts';
import type { Actions } from '../model/actions.ts';
import { findLandmark } from '../model/landmarks.ts';
import type { PanelModel } from '../model/panel-model.ts';
import { pinRun } from '../model/pin.ts';
import { betweenMarkers, withMarker } from '../model/time-span.ts';
import type { ViewState } from '../model/view-state.ts';
import { clampWindow } from '../model/view-state.ts';
import { windowText } from '../text/time-text.ts';
import type { RequestFinder } from './request-finder.ts';
import type { Work } from './scheduler.ts';
import type { Transport } from './transport.ts';

/** What actions need from the panel. */
export interface ActionParts {
  readonly model: PanelModel;
  readonly transport: Transport;
  readonly schedule: (work: Work) => void;
  readonly changeView: (view: ViewState, work: Work) => void;
  /** A function, because the finder is made after the actions that it needs. */
  readonly finder: () => RequestFinder;
  /** Announces a text through the live region. */
  readonly speak: (text: string) => void;
  /** Announces a text after the next drawing, in which plots read out the cursor. */
  readonly speakLast: (text: string) => void;
  readonly curveAsked: () => void;
}

export function createActions(parts: ActionParts): Actions {
  const { model, transport, schedule, changeView, finder, speak, speakLast } = parts;
  /** A plot reads the cursor out once. Drawing the plot again must not replace what was announced since. */
  let lastRead = '';
  const pick = (view: Partial<ViewState>) => {
    finder().forget();
    changeView({ ...model.view, ...view }, 'show');
  };
  const actions: Actions = {
    hasHost: transport.hasHost,
    scenario: () => model.shown?.scenario.scenario,
    window: () => model.shown?.window,
    cursor: () => model.cursor,
    setWindow: (window) => {
      const { shown, view } = model;
      if (shown === undefined) return;
      changeView({ ...view, window: window === null ? null : clampWindow(window, shown.run.seconds) }, 'move');
    },
    setCursor: (seconds) => {
      const { shown } = model;
      model.cursor = seconds === null || shown === undefined ? null : Math.min(shown.run.seconds, Math.max(0, seconds));
      schedule('point');
    },
    mark: (seconds) => {
      const { shown, view } = model;
      if (shown === undefined) return;
      const at = seconds === null ? null : Math.min(shown.run.seconds, Math.max(0, seconds));
      const markers = at === null ? [] : withMarker(shown.markers, at);
      changeView({ ...view, markers }, 'move');
      const between = betweenMarkers(markers);
      speakLast(
        between !== undefined
          ? `Marked ${windowText(between).length}`
          : at === null
            ? 'Marks removed'
            : `Marked ${formatSeconds(at, 7)}`,
      );
    },
    seek: (landmark, direction) => {
      const { shown, cursor, view } = model;
      if (shown === undefined) return;
      if (landmark === 'late' && finder().step(shown, cursor, direction)) return;
      const { startSeconds, endSeconds } = shown.window;
      const from =
        cursor ?? (view.window === null ? (direction > 0 ? -1 : endSeconds) : (startSeconds + endSeconds) / 2);
      const found = findLandmark(shown, landmark, from, direction);
      if (found === undefined) {
        actions.announce(landmark === 'switch' ? 'No further mode switch' : 'No further late request');
        return;
      }
      const half = Math.min(found.spanSeconds, endSeconds - startSeconds) / 2;
      actions.setWindow({ startSeconds: found.seconds - half, endSeconds: found.seconds + half });
      actions.setCursor(found.seconds);
      // The finder picks one of them once the requests of that window are known.
      if (landmark === 'late' && transport.hasHost) finder().find(found.stretch);
      // At a switch, the focused plot reads out more than this. It reads out nothing about requests.
      const say = landmark === 'switch' ? actions.announce : speakLast;
      say(`${landmark === 'switch' ? 'Mode switch' : 'Late requests'} at ${formatSeconds(found.seconds, 7)}`);
    },
    showRequest: (wanted) => {
      if (wanted === null) finder().forget();
      else finder().find(wanted);
    },
    // A time window of one run means nothing in another.
    pickScenario: (scenario) => {
      const same = scenario === model.shown?.scenario.scenario;
      pick(
        same ? { exploration: null } : { scenario, exploration: null, run: 0, serve: null, window: null, markers: [] },
      );
    },
    pickRun: (run) => pick({ run }),
    pickServe: (serve) => pick({ serve }),
    togglePin: () => {
      const { shown, view } = model;
      if (shown === undefined) return;
      model.pin = shown.pinned === undefined ? pinRun(shown.scenario.scenario, shown.run) : undefined;
      changeView(view, 'show');
    },
    compareRun: (id) => {
      const { view } = model;
      const isCompared = view.compared.includes(id);
      const compared = isCompared ? view.compared.filter((other) => other !== id) : [...view.compared, id];
      changeView({ ...view, compared }, 'show');
    },
    actOnHistory: (id, action) => transport.send({ type: 'history', id, action }),
    askLoadCurve: () => {
      const { shown, state } = model;
      if (shown === undefined || state === null) return;
      const request = { uri: state.uri, hash: state.hash, scenario: shown.scenario.scenario };
      model.curve = { request, answer: { kind: 'running', fraction: 0 } };
      transport.send({ type: 'loadCurve', request });
      parts.curveAsked();
    },
    saveTrace: () => {
      const { shown, state } = model;
      if (shown === undefined || state === null) return;
      const { uri, hash } = state;
      const scenario = shown.scenario.scenario;
      transport.send({
        type: 'trace',
        suggestedName: `${scenario}.trace.json`,
        request: { uri, hash, scenario, run: shown.runIndex, ...shown.window },
      });
    },
    reveal: (origin) => transport.send({ type: 'reveal', origin }),
    send: transport.send,
    announce: speak,
    readOut: (text) => {
      if (text !== lastRead) speak(text);
      lastRead = text;
    },
  };
  return actions;
}

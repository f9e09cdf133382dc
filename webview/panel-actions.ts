import { formatSeconds } from '../protocol/index.ts';
import type { Actions } from './actions.ts';
import { findLandmark } from './landmarks.ts';
import type { PanelModel } from './panel-model.ts';
import { pinRun } from './pin.ts';
import type { Teller } from './teller.ts';
import type { Transport } from './transport.ts';
import type { ViewState } from './view-state.ts';
import { clampWindow } from './view-state.ts';

/** How much of the panel is drawn anew: what the cursor is on, the window in time, everything. */
export type Work = 'point' | 'move' | 'show';

/** What actions need of the panel that they act on. */
export interface ActionParts {
  readonly model: PanelModel;
  readonly transport: Transport;
  readonly schedule: (work: Work) => void;
  readonly changeView: (view: ViewState, work: Work) => void;
  /** Made after the actions, which it needs itself. */
  readonly teller: () => Teller;
  /** Speaks through the live region. */
  readonly speak: (text: string) => void;
  /** Speaks after the plots have: they read the cursor out where it went. */
  readonly speakLast: (text: string) => void;
  readonly curveAsked: () => void;
}

export function createActions(parts: ActionParts): Actions {
  const { model, transport, schedule, changeView, teller, speak, speakLast } = parts;
  /** What a plot says of the cursor is said once: what has been said since stays when the plot is drawn again. */
  let lastRead = '';
  const pick = (view: Partial<ViewState>) => {
    teller().forget();
    changeView({ ...model.view, ...view }, 'show');
  };
  const actions: Actions = {
    hasHost: transport.hasHost,
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
    seek: (landmark, direction) => {
      const { shown, cursor, view } = model;
      if (shown === undefined) return;
      if (landmark === 'late' && teller().step(shown, cursor, direction)) return;
      const { startSeconds, endSeconds } = shown.window;
      const from =
        cursor ?? (view.window === null ? (direction > 0 ? -1 : endSeconds) : (startSeconds + endSeconds) / 2);
      const found = findLandmark(shown, landmark, from, direction);
      if (found === undefined) {
        actions.announce(landmark === 'switch' ? 'No further mode change' : 'No further late request');
        return;
      }
      const half = Math.min(found.spanSeconds, endSeconds - startSeconds) / 2;
      actions.setWindow({ startSeconds: found.seconds - half, endSeconds: found.seconds + half });
      actions.setCursor(found.seconds);
      // Which of them: once the requests of that stretch are known.
      if (landmark === 'late' && transport.hasHost) teller().tell(found.stretch);
      // At a change the plot in focus says what was changed; of requests it says nothing.
      const say = landmark === 'switch' ? actions.announce : speakLast;
      say(`${landmark === 'switch' ? 'Mode change' : 'Late requests'} at ${formatSeconds(found.seconds, 7)}`);
    },
    tell: (wanted) => {
      if (wanted === null) teller().forget();
      else teller().tell(wanted);
    },
    // The run's own times do not apply to another run.
    pickScenario: (scenario) => {
      const same = scenario === model.shown?.scenario.scenario;
      pick(same ? { exploration: null } : { scenario, exploration: null, run: 0, serve: null, window: null });
    },
    pickRun: (run) => pick({ run }),
    pickServe: (serve) => pick({ serve }),
    togglePin: () => {
      const { shown, view } = model;
      if (shown === undefined) return;
      model.pin = shown.pinned === undefined ? pinRun(shown.scenario.scenario, shown.run) : undefined;
      changeView(view, 'show');
    },
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

import { detailsOf } from '../model/detail.ts';
import { createModel, hashOf, pickModel } from '../model/panel-model.ts';
import type { ViewState } from '../model/view-state.ts';
import { createDetailRequests } from './detail-requests.ts';
import { createDrawing } from './drawing.ts';
import { createLiveRegion } from './live-region.ts';
import { createActions } from './panel-actions.ts';
import { createParts } from './parts.ts';
import { createReceiver } from './receive.ts';
import { createRequestFinder } from './request-finder.ts';
import type { Work } from './scheduler.ts';
import { createScheduler } from './scheduler.ts';
import { createSweepActions } from './sweep-actions.ts';
import type { Transport } from './transport.ts';
import { createViewKeeper } from './view-keeper.ts';

/** A host answers immediately if it has a run to report. After this long, the panel stops waiting for one. */
const patienceMilliseconds = 600;

/** The panel: connects the model, the actions that change it, the parts that show it, and the host. */
export function startPanel(root: HTMLElement, transport: Transport): void {
  const kept = transport.loadState();
  const model = createModel(kept);
  const live = createLiveRegion();
  const keeper = createViewKeeper(model, transport);
  const schedule = createScheduler((work) => drawing.draw(work));
  const speakLast = (text: string) => {
    live.speakLast(text);
    schedule('point');
  };
  const repick = () => {
    model.shown = pickModel(model, finder.chosen());
  };
  const changeView = (view: ViewState, work: Work) => {
    model.view = view;
    // At once: two keys within one frame are two steps.
    repick();
    keeper.save();
    schedule(work);
  };
  const actions = createActions({
    model,
    transport,
    schedule,
    changeView,
    finder: () => finder,
    speak: live.speak,
    speakLast,
    curveAsked: () => drawing.showCurve(),
  });
  const showExplorations = () => drawing.showExplorations();
  const sweep = createSweepActions({ model, transport, changeView, showExplorations });
  const parts = createParts(root, live.element, {
    actions,
    sweep,
    layout: {
      layout: () => model.view.sections,
      change: (sections) => changeView({ ...model.view, sections }, 'show'),
    },
  });
  const finder = createRequestFinder({
    model,
    transport,
    actions,
    request: parts.request,
    details: (shown) => detailsOf(shown, model.details, hashOf(model)),
    schedule,
    announce: speakLast,
  });
  const details = createDetailRequests(model, transport, finder.isAsking);
  const drawing = createDrawing({ model, parts, finder, live, repick, schedule, askForDetail: details.ask });
  const receiver = createReceiver({
    model,
    kept,
    finder,
    schedule,
    repick,
    showState: drawing.showState,
    showVerdicts: drawing.showVerdicts,
    showPreview: drawing.showPreview,
    showCurve: drawing.showCurve,
    showExplorations,
    showNumbers: drawing.showNumbers,
    saveView: keeper.save,
    compare: (scenario) => {
      actions.pickScenario(scenario);
      // Plots that are drawn in later frames still move what is below them.
      const reveal = (): void => {
        if (parts.content.dataset.drawing === undefined) parts.comparison.reveal();
        else requestAnimationFrame(reveal);
      };
      requestAnimationFrame(reveal);
    },
    forgetDetail: details.forget,
  });
  setTimeout(() => {
    if (model.state === null && model.absence === undefined) receiver.receiveAbsence({ kind: 'none' });
  }, patienceMilliseconds);
  drawing.showState();
  transport.receive(receiver.receive);
  transport.send({ type: 'ready' });
}

import type { SegmentsRequest } from '../protocol/index.ts';
import { detailsOf, wantedDetail } from './detail.ts';
import { h, setText } from './dom.ts';
import { askedNow } from './explore/asked.ts';
import { createExploreRows } from './explore/explore-rows.ts';
import { createExploreSection } from './explore/explore-section.ts';
import { initialExploreView } from './explore/explore-view.ts';
import { createDistribution } from './figures/distribution.ts';
import type { Figure } from './figures/figure.ts';
import { createLayers } from './figures/layers.ts';
import { createLoadCurve } from './figures/load-curve.ts';
import { latencySpec, queueSpec, throughputSpec } from './figures/measures.ts';
import { accuracySpec, powerSpec } from './figures/quality.ts';
import { createRoofline } from './figures/roofline.ts';
import { createTimeFigure } from './figures/time-figure.ts';
import { createTimeline } from './figures/timeline.ts';
import { watchSight } from './in-sight.ts';
import { markSelection } from './mark-selection.ts';
import type { Work } from './panel-actions.ts';
import { createActions } from './panel-actions.ts';
import { createModel, curveOf, explorationsOf, exploringOf, hashOf, pickModel } from './panel-model.ts';
import { keepPin } from './pin.ts';
import { createReceiver } from './receive.ts';
import { createComparison } from './sections/comparison.ts';
import { createPlaceholder } from './sections/placeholder.ts';
import { createRequestSection } from './sections/request.ts';
import { createStatus } from './sections/status.ts';
import { createTimeBar } from './sections/time-bar.ts';
import { createVerdicts } from './sections/verdict.ts';
import { selectionOf } from './selection.ts';
import { pickShown } from './shown.ts';
import { createTeller } from './teller.ts';
import { onThemeChange, readPalette } from './theme.ts';
import type { Transport } from './transport.ts';
import type { ViewState } from './view-state.ts';

const patienceMilliseconds = 600;

/** A window that has not moved for this long is looked at. */
const restMilliseconds = 150;

/** The panel: makes the parts, and has them draw what the model holds, at most once a frame. */
export function startPanel(root: HTMLElement, transport: Transport): void {
  const kept = transport.loadState();
  const model = createModel(kept);
  let palette = readPalette();
  let asked: SegmentsRequest | undefined;
  let asking: ReturnType<typeof setTimeout> | undefined;
  let telling: ReturnType<typeof setTimeout> | undefined;

  const live = h('div', { class: 'for-readers', 'aria-live': 'polite', 'data-testid': 'live' });
  const actions = createActions({
    model,
    transport,
    schedule,
    changeView,
    teller: () => teller,
    speak: (text) => setText(live, text),
    speakLast,
    curveAsked: () => load.setAnswer(curveOf(model)),
  });
  const status = createStatus(actions);
  const placeholder = createPlaceholder(actions);
  const verdicts = createVerdicts(actions);
  const rows = createExploreRows((name) => {
    const { view } = model;
    // What was chosen of one sweep says nothing of another.
    const chosen = name === view.exploration ? view.explore : initialExploreView;
    changeView({ ...view, exploration: name, explore: chosen }, 'show');
  });
  const explore = createExploreSection(actions, {
    ask: (exploration) => {
      const { state } = model;
      if (state === null) return;
      const request = { uri: state.uri, hash: state.hash, exploration };
      model.asked.set(exploration, askedNow(request));
      transport.send({ type: 'explore', request });
      showExplorations();
    },
    change: (part) => changeView({ ...model.view, explore: { ...model.view.explore, ...part } }, 'show'),
  });
  const timeBar = createTimeBar(actions);
  const comparison = createComparison(actions);
  const request = createRequestSection(actions);
  const teller = createTeller({
    request,
    looks: (current) => detailsOf(current, model.details, hashOf(model)),
    shown: () => model.shown,
    canAsk: () => transport.hasHost && model.state !== null,
    ask: ({ startSeconds, endSeconds }) => {
      const { shown, state } = model;
      if (shown === undefined || state === null) return;
      const { uri, hash } = state;
      const scenario = shown.scenario.scenario;
      transport.send({
        type: 'segments',
        request: { uri, hash, scenario, run: shown.runIndex, startSeconds, endSeconds },
      });
    },
    changed: (facts) => {
      if (facts !== undefined && model.shown !== undefined) {
        const { startSeconds, endSeconds } = model.shown.window;
        const half = (endSeconds - startSeconds) / 2;
        if (facts.endSeconds < startSeconds || facts.endSeconds > endSeconds) {
          actions.setWindow({ startSeconds: facts.endSeconds - half, endSeconds: facts.endSeconds + half });
        }
        actions.setCursor(facts.endSeconds);
      }
      schedule('move');
    },
    announce: speakLast,
  });
  const overTime: readonly Figure[] = [
    createTimeline(actions),
    createTimeFigure(latencySpec, actions),
    createTimeFigure(throughputSpec, actions),
    createTimeFigure(queueSpec, actions),
    createTimeFigure(accuracySpec, actions),
    createTimeFigure(powerSpec, actions),
  ];
  const layers = createLayers(actions);
  const distribution = createDistribution(actions);
  const roofline = createRoofline(actions);
  const load = createLoadCurve(actions);
  const figures = [...overTime, layers, distribution, load, roofline];
  const columns = h(
    'div',
    { class: 'columns' },
    verdicts.outcomes,
    h(
      'div',
      { class: 'main-column' },
      h('div', { class: 'over-time' }, timeBar.element, ...overTime.map((figure) => figure.element), request.element),
      layers.element,
    ),
    comparison.element,
    h('div', {}, distribution.element, load.element, roofline.element),
  );
  const content = h(
    'div',
    { class: 'content', 'data-testid': 'content', hidden: true },
    verdicts.sentences,
    rows.element,
    columns,
    explore.element,
  );
  root.replaceChildren(
    h('main', { class: 'panel', 'data-testid': 'panel' }, status.element, placeholder.element, content, live),
  );

  const sight = watchSight(figures.map(({ element }) => element));
  /** Plots out of sight whose window has moved since they were drawn. */
  const behind = new Set<Figure>();
  let following: ReturnType<typeof setTimeout> | undefined;

  let lastWord: string | undefined;
  function speakLast(text: string): void {
    lastWord = text;
    schedule('point');
  }

  let pending: Work | undefined;
  /** At most once a frame, and the most thorough of what was asked for. */
  function schedule(work: Work): void {
    const order: readonly Work[] = ['point', 'move', 'show'];
    const waiting = pending !== undefined;
    if (pending === undefined || order.indexOf(work) > order.indexOf(pending)) pending = work;
    if (!waiting) requestAnimationFrame(flush);
  }

  function flush(): void {
    const work = pending;
    pending = undefined;
    repick();
    const current = model.shown;
    if (current === undefined) return;
    const exploring = exploringOf(model) !== undefined;
    if (work === 'show') {
      columns.hidden = exploring;
      explore.element.hidden = !exploring;
      verdicts.show(current, { exploring, choices: current.results.length + explorationsOf(model).length });
      showExplorations();
      if (!exploring) {
        comparison.show(current);
        teller.showAgain(current);
        load.setAnswer(curveOf(model));
        for (const figure of figures) figure.show(current, palette);
      }
      // What is on screen belongs to this state: tests and benchmarks wait for it.
      content.dataset.drawn = String(model.drawnSequence);
    } else if (work === 'move' && !exploring) {
      // A frame is for what is seen; the other plots follow once the window rests.
      for (const figure of figures) {
        if (sight.has(figure.element)) figure.move?.(current, palette);
        else behind.add(figure);
      }
      clearTimeout(following);
      if (behind.size > 0) following = setTimeout(catchUp, restMilliseconds);
    }
    if (work !== 'point' && !exploring) {
      timeBar.show(current);
      askForDetail();
    }
    for (const figure of figures) figure.point?.(model.cursor);
    if (lastWord !== undefined) setText(live, lastWord);
    lastWord = undefined;
    const { selection, results } = model;
    const selected =
      selection === undefined || results === null
        ? undefined
        : selectionOf(results, explorationsOf(model), selection.origin, selection.lines);
    const exploration = exploringOf(model)?.name ?? null;
    const scenario = exploring ? null : current.scenario.scenario;
    markSelection(content, selected, { scenario, exploration });
  }

  function catchUp(): void {
    const { shown } = model;
    if (shown !== undefined) for (const figure of behind) figure.move?.(shown, palette);
    behind.clear();
  }

  function repick(): void {
    model.shown = pickModel(model, teller.chosen());
  }

  /** Once the window rests, finer segments are asked for. */
  function askForDetail(): void {
    clearTimeout(asking);
    asking = setTimeout(() => {
      const { shown, state } = model;
      // A later look takes the earlier one's place: the request that is being told goes first.
      if (shown === undefined || state === null || !transport.hasHost || teller.isAsking()) return;
      const wanted = wantedDetail(shown, state.uri, state.hash);
      if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(asked)) return;
      asked = wanted;
      transport.send({ type: 'segments', request: wanted });
    }, restMilliseconds);
  }

  function saveView(): void {
    const own = { ...model.view, savedAt: Date.now(), pin: model.pin === undefined ? null : keepPin(model.pin) };
    transport.saveState(own);
    clearTimeout(telling);
    telling = setTimeout(() => transport.send({ type: 'keep', state: own }), restMilliseconds);
  }

  function changeView(next: ViewState, work: Work): void {
    model.view = next;
    // At once: two keys within one frame are two steps.
    repick();
    saveView();
    schedule(work);
  }

  function showState(): void {
    const { state, absence } = model;
    const hasResults = pickShown(model.results, model.view, model.pin) !== undefined;
    const gone = absence?.kind === 'closed' || absence?.kind === 'deleted' ? absence : undefined;
    placeholder.element.hidden = hasResults;
    content.hidden = !hasResults;
    content.dataset.stale = String(gone !== undefined || (state !== null && state.phase !== 'fresh'));
    status.element.hidden = state === null && gone === undefined && !hasResults;
    if (gone !== undefined) status.showGone(gone, hasResults);
    else if (state !== null) status.show(state, hasResults);
    if (!hasResults) placeholder.show(state ?? absence ?? 'connecting');
  }

  function showExplorations(): void {
    const exploration = exploringOf(model);
    rows.show(explorationsOf(model), model.asked, exploration?.name ?? null);
    if (exploration === undefined) return;
    const { view } = model;
    explore.show(
      { exploration, asked: model.asked.get(exploration.name), hash: hashOf(model), view: view.explore },
      palette,
    );
  }

  const receiver = createReceiver({
    model,
    kept,
    teller,
    schedule,
    repick,
    showState,
    showCurve: () => load.setAnswer(curveOf(model)),
    showExplorations,
    saveView,
    compare: (scenario) => {
      actions.pickScenario(scenario);
      // Drawn by then: callbacks of one frame come in the order in which they were asked for.
      requestAnimationFrame(() => comparison.reveal());
    },
    forgetAsking: () => {
      asked = undefined;
    },
  });
  onThemeChange(() => {
    palette = readPalette();
    schedule('show');
  });
  // A host answers at once; where none has something to say, there is no run to wait for.
  setTimeout(() => {
    if (model.state === null && model.absence === undefined) receiver.receiveAbsence({ kind: 'none' });
  }, patienceMilliseconds);
  showState();
  transport.receive(receiver.receive);
  transport.send({ type: 'ready' });
}

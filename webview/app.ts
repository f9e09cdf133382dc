import type { HostMessage, RunResults, RunState } from '../protocol/index.ts';
import { formatSeconds, unpack } from '../protocol/index.ts';
import type { Actions } from './actions.ts';
import { h, setText } from './dom.ts';
import { createDistribution } from './figures/distribution.ts';
import type { Figure } from './figures/figure.ts';
import { createLayers } from './figures/layers.ts';
import { latencySpec, queueSpec, throughputSpec } from './figures/measures.ts';
import { createRoofline } from './figures/roofline.ts';
import { createTimeFigure } from './figures/time-figure.ts';
import { createTimeline } from './figures/timeline.ts';
import { findLandmark } from './landmarks.ts';
import { createComparison } from './sections/comparison.ts';
import { createPlaceholder } from './sections/placeholder.ts';
import { createStatus } from './sections/status.ts';
import { createTimeBar } from './sections/time-bar.ts';
import { createVerdicts } from './sections/verdict.ts';
import type { Shown } from './shown.ts';
import { pickShown } from './shown.ts';
import { onThemeChange, readPalette } from './theme.ts';
import type { Transport } from './transport.ts';
import type { ViewState } from './view-state.ts';
import { clampWindow, initialViewState, parseViewState } from './view-state.ts';

const patienceMilliseconds = 600;

/** The panel: keeps the newest update and what the person looks at, and has the parts draw it. */
export function startPanel(root: HTMLElement, transport: Transport): void {
  let state: RunState | null = null;
  let results: RunResults | null = null;
  /** Of the state that the results came with. */
  let drawnSequence = -1;
  let view: ViewState = parseViewState(transport.loadState());
  let shown: Shown | undefined;
  let cursor: number | null = null;
  let palette = readPalette();

  const live = h('div', { class: 'for-readers', 'aria-live': 'polite', 'data-testid': 'live' });
  const actions: Actions = {
    hasHost: transport.hasHost,
    window: () => shown?.window,
    cursor: () => cursor,
    setWindow: (window) => {
      if (shown === undefined) return;
      changeView({ ...view, window: window === null ? null : clampWindow(window, shown.run.seconds) }, 'move');
    },
    setCursor: (seconds) => {
      cursor = seconds === null || shown === undefined ? null : Math.min(shown.run.seconds, Math.max(0, seconds));
      schedule('point');
    },
    seek: (landmark, direction) => {
      if (shown === undefined) return;
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
      actions.announce(
        `${landmark === 'switch' ? 'Mode change' : 'Late requests'} at ${formatSeconds(found.seconds, 7)}`,
      );
    },
    // The run's own times do not apply to another run.
    pickScenario: (name) => changeView({ ...view, scenario: name, run: 0, serve: null, window: null }, 'show'),
    pickRun: (index) => changeView({ ...view, run: index }, 'show'),
    pickServe: (name) => changeView({ ...view, serve: name }, 'show'),
    reveal: (origin) => transport.send({ type: 'reveal', origin }),
    send: transport.send,
    announce: (text) => setText(live, text),
  };

  const status = createStatus(actions);
  const placeholder = createPlaceholder(actions);
  const verdicts = createVerdicts(actions);
  const timeBar = createTimeBar(actions);
  const comparison = createComparison(actions);
  const overTime: readonly Figure[] = [
    createTimeline(actions),
    createTimeFigure(latencySpec, actions),
    createTimeFigure(throughputSpec, actions),
    createTimeFigure(queueSpec, actions),
  ];
  const layers = createLayers(actions);
  const distribution = createDistribution(actions);
  const roofline = createRoofline(actions);
  const figures = [...overTime, layers, distribution, roofline];
  const content = h(
    'div',
    { class: 'content', 'data-testid': 'content', hidden: true },
    verdicts.sentences,
    h(
      'div',
      { class: 'columns' },
      verdicts.outcomes,
      h(
        'div',
        { class: 'main-column' },
        h('div', { class: 'over-time' }, timeBar.element, ...overTime.map((figure) => figure.element)),
        layers.element,
      ),
      comparison.element,
      h('div', {}, distribution.element, roofline.element),
    ),
  );
  root.replaceChildren(
    h('main', { class: 'panel', 'data-testid': 'panel' }, status.element, placeholder.element, content, live),
  );

  type Work = 'point' | 'move' | 'show';
  let pending: Work | undefined;
  const order: readonly Work[] = ['point', 'move', 'show'];
  /** At most once a frame, and the most thorough of what was asked for. */
  function schedule(work: Work): void {
    const waiting = pending !== undefined;
    if (pending === undefined || order.indexOf(work) > order.indexOf(pending)) pending = work;
    if (!waiting) requestAnimationFrame(flush);
  }

  function flush(): void {
    const work = pending;
    pending = undefined;
    shown = pickShown(results, view);
    if (shown === undefined) return;
    const current = shown;
    if (work === 'show') {
      verdicts.show(current);
      comparison.show(current);
      for (const figure of figures) figure.show(current, palette);
      // What is on screen belongs to this state: tests and benchmarks wait for it.
      content.dataset.drawn = String(drawnSequence);
    } else if (work === 'move') {
      for (const figure of figures) figure.move?.(current, palette);
    }
    if (work !== 'point') timeBar.show(current);
    for (const figure of figures) figure.point?.(cursor);
  }

  function changeView(next: ViewState, work: Work): void {
    view = next;
    // At once: two keys within one frame are two steps.
    shown = pickShown(results, view);
    transport.saveState(view);
    schedule(work);
  }

  function showState(): void {
    const hasResults = pickShown(results, view) !== undefined;
    placeholder.element.hidden = hasResults;
    content.hidden = !hasResults;
    content.dataset.stale = String(state !== null && state.phase !== 'fresh');
    status.element.hidden = state === null;
    if (state !== null) status.show(state, hasResults);
    if (!hasResults) placeholder.show(state ?? 'connecting');
  }

  function receive(message: HostMessage): void {
    if (message.type !== 'update') return;
    const { update } = message;
    if (state !== null && update.state.uri === state.uri && update.state.sequence < state.sequence) return;
    if (state !== null && update.state.uri !== state.uri) results = null;
    state = update.state;
    if (view.uri !== state.uri) view = { ...initialViewState, uri: state.uri };
    if (update.results !== null) {
      results = unpack<RunResults>(update.results);
      drawnSequence = state.sequence;
      const next = pickShown(results, view);
      if (view.window !== null && next !== undefined)
        view = { ...view, window: clampWindow(view.window, next.run.seconds) };
    }
    transport.saveState(view);
    showState();
    if (update.results !== null) schedule('show');
  }

  onThemeChange(() => {
    palette = readPalette();
    schedule('show');
  });
  // A host answers at once; where none has something to say, there is no run to wait for.
  setTimeout(() => placeholder.show(state), patienceMilliseconds);
  showState();
  transport.receive(receive);
  transport.send({ type: 'ready' });
}

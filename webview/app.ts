import type {
  Absence,
  HostMessage,
  LoadCurveAnswer,
  LoadCurveRequest,
  Origin,
  RunResults,
  RunState,
  RunUpdate,
  SegmentsAnswer,
  SegmentsRequest,
} from '../protocol/index.ts';
import { assertNever, formatSeconds, unpack } from '../protocol/index.ts';
import type { Actions } from './actions.ts';
import type { Detail } from './detail.ts';
import { detailsOf, keepDetail, wantedDetail, withDetail } from './detail.ts';
import { h, setText } from './dom.ts';
import { createDistribution } from './figures/distribution.ts';
import type { Figure } from './figures/figure.ts';
import { createLayers } from './figures/layers.ts';
import { createLoadCurve } from './figures/load-curve.ts';
import { latencySpec, queueSpec, throughputSpec } from './figures/measures.ts';
import { createRoofline } from './figures/roofline.ts';
import { createTimeFigure } from './figures/time-figure.ts';
import { createTimeline } from './figures/timeline.ts';
import { findLandmark } from './landmarks.ts';
import { markSelection } from './mark-selection.ts';
import { keepPin, pinRun, restorePin } from './pin.ts';
import { createComparison } from './sections/comparison.ts';
import { createPlaceholder } from './sections/placeholder.ts';
import { createRequestSection } from './sections/request.ts';
import { createStatus } from './sections/status.ts';
import { createTimeBar } from './sections/time-bar.ts';
import { createVerdicts } from './sections/verdict.ts';
import { selectionOf } from './selection.ts';
import type { Shown } from './shown.ts';
import { pickShown } from './shown.ts';
import { createTeller } from './teller.ts';
import { onThemeChange, readPalette } from './theme.ts';
import type { Transport } from './transport.ts';
import type { ViewState } from './view-state.ts';
import { clampWindow, initialViewState, parseViewState } from './view-state.ts';

const patienceMilliseconds = 600;

/** A window that has not moved for this long is looked at. */
const restMilliseconds = 150;

/** The panel: keeps the newest update and what the person looks at, and has the parts draw it. */
export function startPanel(root: HTMLElement, transport: Transport): void {
  let state: RunState | null = null;
  /** Why there is no word of a run, or none any more; undefined until the host has spoken. */
  let absence: Absence | undefined;
  let results: RunResults | null = null;
  /** Of the document that the results are of. */
  let resultsUri: string | null = null;
  /** Of the state that the results came with. */
  let drawnSequence = -1;
  const kept = transport.loadState();
  let view: ViewState = parseViewState(kept);
  let pin = restorePin((kept as { pin?: unknown } | null | undefined)?.pin);
  let selection: { readonly origin: Origin; readonly lines?: Origin } | undefined;
  let shown: Shown | undefined;
  let cursor: number | null = null;
  let palette = readPalette();
  let details: readonly Detail[] = [];
  let curve: { readonly request: LoadCurveRequest; readonly answer: LoadCurveAnswer } | undefined;
  let asked: SegmentsRequest | undefined;
  let asking: ReturnType<typeof setTimeout> | undefined;
  let telling: ReturnType<typeof setTimeout> | undefined;

  const live = h('div', { class: 'for-readers', 'aria-live': 'polite', 'data-testid': 'live' });
  /** What a plot says of the cursor is said once: what has been said since stays when the plot is drawn again. */
  let lastRead = '';
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
      if (landmark === 'late' && teller.step(shown, cursor, direction)) return;
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
      if (landmark === 'late' && transport.hasHost) teller.tell(found.stretch);
      // At a change the plot in focus says what was changed; of requests it says nothing.
      const say = landmark === 'switch' ? actions.announce : sayLast;
      say(`${landmark === 'switch' ? 'Mode change' : 'Late requests'} at ${formatSeconds(found.seconds, 7)}`);
    },
    tell: (wanted) => {
      if (wanted === null) teller.forget();
      else teller.tell(wanted);
    },
    // The run's own times do not apply to another run.
    pickScenario: (name) => {
      teller.forget();
      changeView({ ...view, scenario: name, run: 0, serve: null, window: null }, 'show');
    },
    pickRun: (index) => {
      teller.forget();
      changeView({ ...view, run: index }, 'show');
    },
    pickServe: (name) => {
      teller.forget();
      changeView({ ...view, serve: name }, 'show');
    },
    togglePin: () => {
      if (shown === undefined) return;
      pin = shown.pinned === undefined ? pinRun(shown.scenario.scenario, shown.run) : undefined;
      changeView(view, 'show');
    },
    askLoadCurve: () => {
      if (shown === undefined || state === null) return;
      const request = { uri: state.uri, hash: state.hash, scenario: shown.scenario.scenario };
      curve = { request, answer: { kind: 'running', fraction: 0 } };
      transport.send({ type: 'loadCurve', request });
      load.setAnswer(curve.answer);
    },
    saveTrace: () => {
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
    announce: (text) => setText(live, text),
    readOut: (text) => {
      if (text !== lastRead) setText(live, text);
      lastRead = text;
    },
  };

  const status = createStatus(actions);
  const placeholder = createPlaceholder(actions);
  const verdicts = createVerdicts(actions);
  const timeBar = createTimeBar(actions);
  const comparison = createComparison(actions);
  const request = createRequestSection(actions);
  const teller = createTeller({
    request,
    looks: (current) => detailsOf(current, details, state?.hash ?? null),
    shown: () => shown,
    canAsk: () => transport.hasHost && state !== null,
    ask: ({ startSeconds, endSeconds }) => {
      if (shown === undefined || state === null) return;
      const { uri, hash } = state;
      const scenario = shown.scenario.scenario;
      transport.send({
        type: 'segments',
        request: { uri, hash, scenario, run: shown.runIndex, startSeconds, endSeconds },
      });
    },
    changed: (facts) => {
      if (facts !== undefined && shown !== undefined) {
        const { startSeconds, endSeconds } = shown.window;
        const half = (endSeconds - startSeconds) / 2;
        if (facts.endSeconds < startSeconds || facts.endSeconds > endSeconds) {
          actions.setWindow({ startSeconds: facts.endSeconds - half, endSeconds: facts.endSeconds + half });
        }
        actions.setCursor(facts.endSeconds);
      }
      schedule('move');
    },
    announce: sayLast,
  });
  const overTime: readonly Figure[] = [
    createTimeline(actions),
    createTimeFigure(latencySpec, actions),
    createTimeFigure(throughputSpec, actions),
    createTimeFigure(queueSpec, actions),
  ];
  const layers = createLayers(actions);
  const distribution = createDistribution(actions);
  const roofline = createRoofline(actions);
  const load = createLoadCurve(actions);
  const figures = [...overTime, layers, distribution, load, roofline];
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
        h('div', { class: 'over-time' }, timeBar.element, ...overTime.map((figure) => figure.element), request.element),
        layers.element,
      ),
      comparison.element,
      h('div', {}, distribution.element, load.element, roofline.element),
    ),
  );
  root.replaceChildren(
    h('main', { class: 'panel', 'data-testid': 'panel' }, status.element, placeholder.element, content, live),
  );

  let lastWord: string | undefined;
  /** Speaks after the plots have: they read the cursor out where it went. */
  function sayLast(text: string): void {
    lastWord = text;
    schedule('point');
  }

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
    shown = pick();
    if (shown === undefined) return;
    const current = shown;
    if (work === 'show') {
      verdicts.show(current);
      comparison.show(current);
      teller.showAgain(current);
      load.setAnswer(curveOf(current));
      for (const figure of figures) figure.show(current, palette);
      // What is on screen belongs to this state: tests and benchmarks wait for it.
      content.dataset.drawn = String(drawnSequence);
    } else if (work === 'move') {
      for (const figure of figures) figure.move?.(current, palette);
    }
    if (work !== 'point') {
      timeBar.show(current);
      askForDetail();
    }
    for (const figure of figures) figure.point?.(cursor);
    if (lastWord !== undefined) setText(live, lastWord);
    lastWord = undefined;
    const selected =
      selection === undefined || results === null ? undefined : selectionOf(results, selection.origin, selection.lines);
    markSelection(content, selected, current.scenario.scenario);
  }

  function pick(): Shown | undefined {
    const picked = pickShown(results, view, pin);
    return picked === undefined ? undefined : withChosen(withDetail(picked, details, state?.hash ?? null));
  }

  /** The curve that was asked for, where it is of the shown scenario and run. */
  function curveOf(current: Shown | undefined): LoadCurveAnswer | undefined {
    const belongs =
      curve?.request.scenario === current?.scenario.scenario && curve?.request.hash === (state?.hash ?? null);
    return belongs ? curve?.answer : undefined;
  }

  function withChosen(picked: Shown): Shown {
    const chosen = teller.chosen();
    return chosen === undefined ? picked : { ...picked, chosen };
  }

  /** Once the window rests, finer segments are asked for. */
  function askForDetail(): void {
    clearTimeout(asking);
    asking = setTimeout(() => {
      // A later look takes the earlier one's place: the request that is being told goes first.
      if (shown === undefined || state === null || !transport.hasHost || teller.isAsking()) return;
      const wanted = wantedDetail(shown, state.uri, state.hash);
      if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(asked)) return;
      asked = wanted;
      transport.send({ type: 'segments', request: wanted });
    }, restMilliseconds);
  }

  function saveView(): void {
    const own = { ...view, savedAt: Date.now(), pin: pin === undefined ? null : keepPin(pin) };
    transport.saveState(own);
    clearTimeout(telling);
    telling = setTimeout(() => transport.send({ type: 'keep', state: own }), restMilliseconds);
  }

  function changeView(next: ViewState, work: Work): void {
    view = next;
    // At once: two keys within one frame are two steps.
    shown = pick();
    saveView();
    schedule(work);
  }

  function showState(): void {
    const hasResults = pickShown(results, view, pin) !== undefined;
    const gone = absence?.kind === 'closed' || absence?.kind === 'deleted' ? absence : undefined;
    placeholder.element.hidden = hasResults;
    content.hidden = !hasResults;
    content.dataset.stale = String(gone !== undefined || (state !== null && state.phase !== 'fresh'));
    status.element.hidden = state === null && gone === undefined && !hasResults;
    if (gone !== undefined) status.showGone(gone, hasResults);
    else if (state !== null) status.show(state, hasResults);
    if (!hasResults) placeholder.show(state ?? absence ?? 'connecting');
  }

  function receiveAbsence(next: Absence): void {
    absence = next;
    const uri = next.kind === 'none' ? null : next.uri;
    if (resultsUri !== uri) results = null;
    // What comes after an absence is news, whatever its number: the server may be another one.
    state = null;
    showState();
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
        if (savedAt(message.state) <= savedAt(kept)) return;
        view = parseViewState(message.state);
        pin = restorePin((message.state as { pin?: unknown } | null | undefined)?.pin);
        return;
      case 'segments': {
        const { scenario, run, hash, uri } = message.request;
        if (uri !== state?.uri) return;
        details = keepDetail(details, { scenario, run, hash, segments: unpack<SegmentsAnswer>(message.segments) });
        shown = pick();
        if (shown !== undefined) teller.answered(shown, message.request);
        schedule('move');
        return;
      }
      case 'loadCurve': {
        const { uri, hash } = message.request;
        if (uri !== state?.uri || hash !== state.hash) return;
        curve = message;
        load.setAnswer(curveOf(shown));
        return;
      }
      case 'explore':
        return;
      case 'selection':
        selection = message;
        schedule('point');
        return;
      default:
        assertNever(message);
    }
  }

  function receiveUpdate(update: RunUpdate): void {
    if (state !== null && update.state.uri === state.uri && update.state.sequence < state.sequence) return;
    if (update.state.uri !== resultsUri) results = null;
    state = update.state;
    absence = undefined;
    if (view.uri !== state.uri) {
      view = { ...initialViewState, uri: state.uri };
      pin = undefined;
    }
    if (update.results !== null) {
      results = unpack<RunResults>(update.results);
      resultsUri = state.uri;
      drawnSequence = state.sequence;
      asked = undefined;
      teller.forget();
      const next = pickShown(results, view, pin);
      if (view.window !== null && next !== undefined)
        view = { ...view, window: clampWindow(view.window, next.run.seconds) };
    }
    saveView();
    showState();
    if (update.results !== null) schedule('show');
  }

  onThemeChange(() => {
    palette = readPalette();
    schedule('show');
  });
  // A host answers at once; where none has something to say, there is no run to wait for.
  setTimeout(() => {
    if (state === null && absence === undefined) receiveAbsence({ kind: 'none' });
  }, patienceMilliseconds);
  showState();
  transport.receive(receive);
  transport.send({ type: 'ready' });
}

/** When a page kept this, on the machine's clock; 0 for a state of none. */
function savedAt(state: unknown): number {
  const at = (state as { readonly savedAt?: unknown } | null | undefined)?.savedAt;
  return typeof at === 'number' ? at : 0;
}

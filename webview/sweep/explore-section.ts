import { designsToTry, type Exploration } from '../../protocol/index.ts';
import { h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import type { Asked } from '../model/sweep/asked.ts';
import { currentExploration, isStale } from '../model/sweep/asked.ts';
import { countText, dimensionsOf } from '../model/sweep/designs.ts';
import type { ExploreShown, ExploreView } from '../model/sweep/explore-view.ts';
import { pickExplore } from '../model/sweep/explore-view.ts';
import type { ExportsOf } from '../plots/figures/exportable.ts';
import type { Palette } from '../plots/theme.ts';
import { exploreFinding } from '../text/explore-findings.ts';
import { createDesignBar, designSentence } from './design-bar.ts';
import { createDesignGrid } from './design-grid.ts';
import { createEffects } from './effects.ts';
import type { ExploreActions } from './explore-figure.ts';
import { createHeatMap } from './heat-map.ts';
import { createParallel } from './parallel.ts';
import { createScatter } from './scatter.ts';

/** An exploration: its progress and its result, as plots and a table that highlight the same design. */
export interface ExploreSection {
  readonly element: HTMLElement;
  readonly show: (state: ExploreState, palette: Palette) => void;
}

export interface ExploreState {
  readonly exploration: Exploration;
  readonly asked: Asked | undefined;
  /** The hash of the results that the panel shows. */
  readonly hash: string | null;
  readonly view: ExploreView;
}

export interface ExploreOuter {
  readonly ask: (exploration: string) => void;
  readonly change: (view: Partial<ExploreView>) => void;
}

export function createExploreSection(actions: Actions, outer: ExploreOuter, exportsOf: ExportsOf): ExploreSection {
  let state: ExploreState | undefined;
  let shown: ExploreShown | undefined;
  let pointed: number | null = null;
  let chosen: number | null = null;
  let wasRunning = false;
  const explore: ExploreActions = {
    pointed: () => pointed,
    point: (design, by) => {
      if (by === 'key') chosen = null;
      const next = design ?? chosen;
      if (next === pointed) return;
      pointed = next;
      for (const part of [bar, ...figures]) part.point(pointed);
      if (by === 'key' && shown !== undefined && pointed !== null) actions.announce(designSentence(shown, pointed));
    },
    choose: (design, origin) => {
      chosen = design;
      explore.point(design, 'pointer');
      if (actions.hasHost) actions.reveal(origin);
    },
    change: outer.change,
  };
  const name = h('h2', { tabindex: -1, 'data-testid': 'explore-name' });
  const scenario = h('button', {
    type: 'button',
    class: 'link',
    'data-testid': 'explore-scenario',
    on: { click: () => state !== undefined && actions.pickScenario(state.exploration.scenario) },
  });
  const source = h(
    'button',
    {
      type: 'button',
      'data-testid': 'explore-source',
      on: { click: () => state !== undefined && actions.reveal(state.exploration.origin) },
    },
    'Go to source',
  );
  const start = h('button', {
    type: 'button',
    class: 'primary',
    'data-testid': 'explore-start',
    on: { click: () => state !== undefined && outer.ask(state.exploration.name) },
  });
  const stop = h(
    'button',
    { type: 'button', 'data-testid': 'explore-stop', on: { click: () => actions.send({ type: 'cancelExplore' }) } },
    'Cancel',
  );
  const progress = h('progress', { max: 1, 'aria-label': 'Designs simulated', 'data-testid': 'explore-progress' });
  const note = h('p', { class: 'explore-note', 'data-testid': 'explore-note', role: 'status' });
  const bar = createDesignBar(actions, explore);
  const scatter = createScatter(actions, explore, exportsOf);
  const heat = createHeatMap(actions, explore, exportsOf);
  const grid = createDesignGrid(actions, explore);
  const effects = createEffects();
  const parallel = createParallel(actions, explore, exportsOf);
  const figures = [scatter, heat, parallel, grid, effects];
  const found = h(
    'div',
    { 'data-testid': 'explore-found' },
    bar.element,
    h('div', { class: 'explore-plots' }, scatter.element, heat.element),
    parallel.element,
    effects.element,
    grid.element,
  );
  const element = h(
    'section',
    { class: 'explore', 'data-testid': 'explore', 'aria-label': 'Exploration', hidden: true },
    h(
      'header',
      { class: 'explore-head' },
      h('div', { class: 'explore-title' }, name, scenario),
      h('div', { class: 'explore-buttons' }, actions.hasHost ? source : null, stop, start),
    ),
    progress,
    note,
    found,
  );
  return {
    element,
    show: (next, palette) => {
      const hadKeyboard = document.activeElement === start || document.activeElement === stop;
      const other = state?.exploration.name !== next.exploration.name;
      state = next;
      if (other) {
        pointed = null;
        chosen = null;
      }
      const { asked } = next;
      const exploration = currentExploration(asked, next.exploration);
      const dimensions = dimensionsOf(exploration);
      const result = asked?.result ?? null;
      const running = asked?.phase === 'running';
      const stale = asked !== undefined && isStale(asked, next.exploration, next.hash);
      const count = next.exploration.axes.reduce((product, axis) => product * axis.values.length, 1);
      setText(name, exploration.name);
      setText(scenario, `of ${exploration.scenario}`);
      scenario.title = `Show ${exploration.scenario}`;
      element.dataset.stale = String(stale);
      element.dataset.phase = asked?.phase ?? 'none';
      start.hidden = !actions.hasHost || running || (asked?.phase === 'done' && !stale);
      setText(start, asked === undefined ? `Simulate ${countText(count, 'design')}` : 'Simulate again');
      stop.hidden = !running || !actions.hasHost;
      // A button that disappears passes the focus to the button in its place, or to the name of the exploration.
      if (hadKeyboard && (start.hidden || stop.hidden)) {
        const heir = running ? stop : start.hidden ? name : start;
        if (document.activeElement !== heir) heir.focus({ preventScroll: true });
      }
      progress.hidden = !running;
      if (asked !== undefined && running) progress.value = asked.fraction;
      setText(note, noteOf(asked, stale));
      note.hidden = note.textContent === '';
      if (wasRunning && asked?.phase === 'done' && result !== null)
        actions.announce(exploreFinding(result, dimensions));
      wasRunning = running;
      shown = result === null ? undefined : pickExplore(exploration, result, dimensions, next.view);
      found.hidden = shown === undefined;
      if (shown === undefined) return;
      if (pointed !== null && pointed >= shown.result.count) pointed = null;
      bar.show(shown);
      for (const figure of figures) figure.show(shown, palette);
      for (const part of [bar, ...figures]) part.point(pointed);
    },
  };
}

/** A note about the shown results: that they are incomplete, or belong to an earlier text. */
function noteOf(asked: Asked | undefined, stale: boolean): string {
  if (asked === undefined) return '';
  const { result } = asked;
  const kept =
    result === null
      ? ''
      : ` The ${countText(result.tried, 'design')} simulated until then ${result.tried === 1 ? 'is' : 'are'} shown below.`;
  if (asked.phase === 'failed')
    return `The exploration failed: ${asked.message ?? 'the reason is unknown'}.${kept}`.replace(/\.\./, '.');
  if (asked.phase === 'gone' && (result === null || result.tried < designsToTry(result.exploration, result.count)))
    return `The exploration was stopped.${kept}${stale ? ' The text has changed since then.' : ''}`;
  if (stale) return 'The text has changed since then. These results belong to an earlier version.';
  return '';
}

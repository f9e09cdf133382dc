import { watchSight } from '../elements/in-sight.ts';
import type { PanelModel } from '../model/panel-model.ts';
import { curveOf, explorationsOf, exploringOf, hashOf, pickPreview } from '../model/panel-model.ts';
import { selectionOf } from '../model/selection.ts';
import type { Shown } from '../model/shown.ts';
import { pickShown } from '../model/shown.ts';
import type { Figure } from '../plots/figures/figure.ts';
import { onThemeChange, type Palette, readPalette } from '../plots/theme.ts';
import type { LiveRegion } from './live-region.ts';
import { markSelection } from './mark-selection.ts';
import type { PanelParts } from './parts.ts';
import { createPlotQueue } from './plot-queue.ts';
import type { RequestFinder } from './request-finder.ts';
import type { Work } from './scheduler.ts';

/** Plots out of sight are drawn once the time window has not moved for this long. */
const restMilliseconds = 150;

export interface DrawingParts {
  readonly model: PanelModel;
  readonly parts: PanelParts;
  readonly finder: RequestFinder;
  readonly live: LiveRegion;
  /** Picks again what is shown, from the newest results and view. */
  readonly repick: () => void;
  readonly askForDetail: () => void;
  readonly schedule: (work: Work) => void;
}

/** Shows in the parts what the model contains. */
export interface Drawing {
  readonly draw: (work: Work) => void;
  /** The status line, the placeholder, and whether the content is stale. */
  readonly showState: () => void;
  /** The verdicts alone: those of the run in progress, where they are known. */
  readonly showVerdicts: () => void;
  /** The plots of the newest preview, where they are visible. */
  readonly showPreview: () => void;
  readonly showCurve: () => void;
  readonly showExplorations: () => void;
  /** The sliders alone. */
  readonly showNumbers: () => void;
}

/** Equal if plots look the same. */
function lookOf(palette: Palette): string {
  return `${document.body.className} ${JSON.stringify(palette)}`;
}

export function createDrawing({ model, parts, finder, live, repick, askForDetail, schedule }: DrawingParts): Drawing {
  const { figures, content, columns } = parts;
  let palette = readPalette();
  let look = lookOf(palette);
  onThemeChange(() => {
    palette = readPalette();
    const next = lookOf(palette);
    // The page itself changes the style of the root, for example with the height of the top bar.
    if (next === look) return;
    look = next;
    schedule('show');
  });
  const sight = watchSight(figures.map(({ element }) => element));
  /** Plots out of sight that have not followed the time window yet. */
  const behind = new Set<Figure>();
  let following: ReturnType<typeof setTimeout> | undefined;
  // Tests and benchmarks wait until the screen shows this state.
  const plots = createPlotQueue(() => {
    parts.sections.refresh();
    if (behind.size === 0) delete content.dataset.drawing;
    content.dataset.drawn = String(model.drawnSequence);
    if (model.previewed.length > 0) content.dataset.previewed = String(model.state?.sequence);
  });

  const showCurve = () => parts.load.setAnswer(curveOf(model));

  function showExplorations(): void {
    const exploration = exploringOf(model);
    parts.rows.show(explorationsOf(model), model.asked, exploration?.name ?? null);
    if (exploration === undefined) return;
    const asked = model.asked.get(exploration.name);
    parts.explore.show({ exploration, asked, hash: hashOf(model), view: model.view.explore }, palette);
  }

  function showNumbers(): void {
    if (model.shown !== undefined) parts.numbers.show(model.numbers, model.shown.scenario.scenario);
    parts.sections.refresh();
  }

  function showAll(current: Shown, exploring: boolean): void {
    columns.hidden = exploring;
    parts.explore.element.hidden = !exploring;
    parts.sections.contents.hidden = exploring;
    parts.sections.refresh();
    judge(current, exploring);
    showExplorations();
    if (!exploring) {
      parts.comparison.show(current);
      parts.history.show(model.history, model.view.compared, current.scenario.scenario);
      showNumbers();
      finder.showAgain(current);
      showCurve();
    }
    content.dataset.drawing = 'true';
    for (const { element } of figures) element.removeAttribute('data-preview');
    const inOrder = [...figures.filter(isSeen), ...figures.filter((figure) => !isSeen(figure))];
    plots.show(exploring ? [] : inOrder, current, palette);
  }

  const isSeen = (figure: Figure) => sight.has(figure.element);

  function showPreview(): void {
    const current = exploringOf(model) === undefined ? pickPreview(model) : undefined;
    if (current === undefined) return;
    const seen = parts.runFigures.filter(isSeen);
    content.dataset.drawing = 'true';
    for (const { element } of seen) element.setAttribute('data-preview', '');
    plots.show(seen, current, palette);
  }

  function judge(current: Shown, exploring: boolean): void {
    const choices = current.results.length + explorationsOf(model).length;
    parts.verdicts.show(current, { exploring, choices, early: model.early });
    content.dataset.judged = String(model.state?.sequence ?? model.drawnSequence);
  }

  /** A frame is spent on visible plots only. The others follow once the window rests. */
  function moveAll(current: Shown): void {
    plots.update(current);
    for (const figure of figures) {
      if (plots.isWaiting(figure)) continue;
      if (sight.has(figure.element)) figure.move?.(current, palette);
      else behind.add(figure);
    }
    clearTimeout(following);
    if (behind.size === 0) return;
    content.dataset.drawing = 'true';
    following = setTimeout(catchUp, restMilliseconds);
  }

  function catchUp(): void {
    const { shown } = model;
    if (shown !== undefined) {
      for (const figure of behind) if (!plots.isWaiting(figure)) figure.move?.(shown, palette);
    }
    behind.clear();
    if (!figures.some((figure) => plots.isWaiting(figure))) delete content.dataset.drawing;
  }

  function showSelection(current: Shown, exploring: boolean): void {
    const { selection, results } = model;
    const selected =
      selection === undefined || results === null
        ? undefined
        : selectionOf(results, explorationsOf(model), selection.origin, selection.lines);
    const exploration = exploringOf(model)?.name ?? null;
    const scenario = exploring ? null : current.scenario.scenario;
    markSelection(content, selected, { scenario, exploration });
  }

  return {
    showCurve,
    showExplorations,
    showNumbers,
    showPreview,
    showVerdicts: () => {
      if (model.shown !== undefined) judge(model.shown, exploringOf(model) !== undefined);
    },
    draw: (work) => {
      repick();
      const current = model.shown;
      if (current === undefined) return;
      const exploring = exploringOf(model) !== undefined;
      if (work === 'show') showAll(current, exploring);
      else if (work === 'move' && !exploring) moveAll(current);
      if (work !== 'point' && !exploring) {
        parts.timeBar.show(current);
        askForDetail();
      }
      for (const figure of figures) figure.point?.(model.cursor);
      live.flush();
      showSelection(current, exploring);
    },
    showState: () => {
      const { state, absence } = model;
      const { status, placeholder, top } = parts;
      const hasResults = pickShown(model.results, model.view, model.pin) !== undefined;
      const gone = absence?.kind === 'closed' || absence?.kind === 'deleted' ? absence : undefined;
      placeholder.element.hidden = hasResults;
      content.hidden = !hasResults;
      top.setVisible(hasResults);
      const isStale = gone !== undefined || (state !== null && state.phase !== 'fresh');
      content.dataset.stale = String(isStale);
      top.element.dataset.stale = String(isStale && hasResults);
      top.element.hidden = state === null && gone === undefined && !hasResults;
      status.banner.hidden ||= top.element.hidden;
      if (gone !== undefined) status.showGone(gone, hasResults);
      else if (state !== null) status.show(state, hasResults);
      if (!hasResults) placeholder.show(state ?? absence ?? 'connecting');
    },
  };
}

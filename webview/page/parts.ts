import { h } from '../elements/dom.ts';
import { createExports } from '../export/chart-exports.ts';
import type { Actions } from '../model/actions.ts';
import { createDistribution } from '../plots/figures/distribution.ts';
import type { Figure } from '../plots/figures/figure.ts';
import { createLayers } from '../plots/figures/layers.ts';
import type { LoadCurveFigure } from '../plots/figures/load-curve.ts';
import { createLoadCurve } from '../plots/figures/load-curve.ts';
import { latencySpec, queueSpec, throughputSpec } from '../plots/figures/measures.ts';
import { accuracySpec, powerSpec } from '../plots/figures/quality.ts';
import { createRoofline } from '../plots/figures/roofline.ts';
import { createTimeFigure } from '../plots/figures/time-figure.ts';
import { tokenSpecs } from '../plots/figures/tokens.ts';
import { createTimeline } from '../plots/timeline/timeline.ts';
import type { ComparisonSection } from '../sections/comparison.ts';
import { createComparison } from '../sections/comparison.ts';
import { createHistory, type HistorySection } from '../sections/history.ts';
import { createNumbers, type NumbersSection } from '../sections/numbers.ts';
import type { Placeholder } from '../sections/placeholder.ts';
import { createPlaceholder } from '../sections/placeholder.ts';
import type { RequestSection } from '../sections/request.ts';
import { createRequestSection } from '../sections/request.ts';
import type { StatusSection } from '../sections/status.ts';
import { createStatus } from '../sections/status.ts';
import type { TimeBar } from '../sections/time-bar.ts';
import { createTimeBar } from '../sections/time-bar.ts';
import type { VerdictSection } from '../sections/verdict.ts';
import { createVerdicts } from '../sections/verdict.ts';
import type { ExploreRows } from '../sweep/explore-rows.ts';
import { createExploreRows } from '../sweep/explore-rows.ts';
import type { ExploreSection } from '../sweep/explore-section.ts';
import { createExploreSection } from '../sweep/explore-section.ts';
import type { Section } from './section-list.ts';
import { createSectionList, type SectionList, type SectionListParts } from './section-list.ts';
import type { SweepActions } from './sweep-actions.ts';
import { createTopBar, type TopBar } from './top-bar.ts';

/** Everything on the page, in its place. */
export interface PanelParts {
  readonly top: TopBar;
  readonly status: StatusSection;
  readonly placeholder: Placeholder;
  readonly verdicts: VerdictSection;
  readonly rows: ExploreRows;
  readonly explore: ExploreSection;
  readonly timeBar: TimeBar;
  readonly comparison: ComparisonSection;
  readonly history: HistorySection;
  readonly numbers: NumbersSection;
  readonly request: RequestSection;
  readonly load: LoadCurveFigure;
  /** All plots of a scenario, the load curve included. */
  readonly figures: readonly Figure[];
  /** The plots of a run, which do not need the costs of its layers. */
  readonly runFigures: readonly Figure[];
  readonly sections: SectionList;
  /** What is hidden while an exploration is shown. */
  readonly columns: HTMLElement;
  /** Everything but the status line and the placeholder. */
  readonly content: HTMLElement;
}

export interface PartsInput {
  readonly actions: Actions;
  readonly sweep: SweepActions;
  readonly layout: Pick<SectionListParts, 'layout' | 'change'>;
}

/** Makes the parts and puts them into `root`, with the live region at the end. */
export function createParts(root: HTMLElement, live: HTMLElement, { actions, sweep, layout }: PartsInput): PanelParts {
  const exportsOf = createExports(actions);
  const status = createStatus(actions);
  const placeholder = createPlaceholder(actions);
  const verdicts = createVerdicts(actions);
  const rows = createExploreRows(sweep.pick);
  const explore = createExploreSection(actions, sweep, exportsOf);
  const timeBar = createTimeBar(actions);
  const comparison = createComparison(actions);
  const history = createHistory(actions);
  const numbers = createNumbers(actions, verdicts.lines);
  const request = createRequestSection(actions);
  const specs = [latencySpec, ...tokenSpecs, throughputSpec, queueSpec, accuracySpec, powerSpec];
  const overTime: readonly Figure[] = [
    createTimeline(actions, exportsOf),
    ...specs.map((spec) => createTimeFigure(spec, actions, exportsOf)),
  ];
  const layers = createLayers(actions, exportsOf);
  const distribution = createDistribution(actions, exportsOf);
  const load = createLoadCurve(actions, exportsOf);
  const roofline = createRoofline(actions, exportsOf);
  const columns = h(
    'div',
    { class: 'columns' },
    verdicts.outcomes,
    h(
      'div',
      { class: 'main-column' },
      h('div', { class: 'over-time' }, timeBar.element, ...overTime.map(({ element }) => element), request.element),
      layers.element,
    ),
    h(
      'div',
      {},
      numbers.element,
      comparison.element,
      history.element,
      distribution.element,
      load.element,
      roofline.element,
    ),
  );
  const content = h(
    'div',
    { class: 'content', 'data-testid': 'content', hidden: true },
    verdicts.sentences,
    rows.element,
    columns,
    explore.element,
  );
  const section = (id: string, title: string, { element }: { readonly element: HTMLElement }): Section => {
    return { id, title, element };
  };
  const [timeline, ...measured] = overTime;
  const sections = createSectionList({
    ...layout,
    groups: [
      [
        ...(timeline === undefined ? [] : [section('timeline', 'Modes', timeline)]),
        ...specs.flatMap(({ id, title }, i) => {
          const figure = measured[i];
          return figure === undefined ? [] : [section(id, title, figure)];
        }),
      ],
      [section('layers', 'Layers', layers)],
      [
        section('numbers', 'Sliders', numbers),
        section('comparison', 'Figures', comparison),
        section('history', 'History', history),
        section('distribution', 'Latency distribution', distribution),
        section('load', 'Load', load),
        section('roofline', 'Roofline', roofline),
      ],
    ],
    announce: actions.announce,
  });
  const top = createTopBar(status.element, verdicts.badge, sections.contents);
  root.replaceChildren(
    h(
      'main',
      { class: 'panel', 'data-testid': 'panel' },
      top.element,
      status.banner,
      placeholder.element,
      content,
      live,
    ),
  );
  return {
    top,
    sections,
    status,
    placeholder,
    verdicts,
    rows,
    explore,
    timeBar,
    comparison,
    history,
    numbers,
    request,
    load,
    figures: [...overTime, layers, distribution, load, roofline],
    runFigures: [...overTime, distribution],
    columns,
    content,
  };
}

import type { Exploration } from '../../protocol/index.ts';
import { fill, h, prose } from '../elements/dom.ts';
import type { Asked } from '../model/sweep/asked.ts';
import { currentExploration } from '../model/sweep/asked.ts';
import { dimensionsOf } from '../model/sweep/designs.ts';
import { exploreFinding, exploreQuestion } from '../text/explore-findings.ts';

/** One line for each exploration, below the scenarios: what it will do, or what it found. Click it to show the exploration. */
export interface ExploreRows {
  readonly element: HTMLElement;
  readonly show: (
    explorations: readonly Exploration[],
    asked: ReadonlyMap<string, Asked>,
    current: string | null,
  ) => void;
}

export function createExploreRows(pick: (name: string) => void): ExploreRows {
  const element = h('section', { class: 'sentences', 'aria-label': 'Explorations', 'data-testid': 'explorations' });
  return {
    element,
    show: (explorations, asked, current) => {
      element.hidden = explorations.length === 0;
      fill(element, ...explorations.map((exploration) => row(exploration, asked.get(exploration.name), current, pick)));
    },
  };
}

function row(
  exploration: Exploration,
  asked: Asked | undefined,
  current: string | null,
  pick: (name: string) => void,
): HTMLElement {
  const described = currentExploration(asked, exploration);
  const dimensions = dimensionsOf(described);
  const result = asked?.result ?? null;
  const text =
    result === null
      ? `${exploreQuestion(described, dimensions)}${asked?.phase === 'running' ? '. Simulating…' : '. Not simulated yet.'}`
      : exploreFinding(result, dimensions);
  return h(
    'button',
    {
      type: 'button',
      class: 'sentence',
      'data-testid': `explore-row-${exploration.name}`,
      'aria-pressed': String(exploration.name === current),
      on: { click: () => pick(exploration.name) },
    },
    h('span', { class: 'explore-mark', 'aria-hidden': 'true' }, '◇'),
    h(
      'span',
      { 'data-testid': `explore-finding-${exploration.name}` },
      h('strong', {}, `${exploration.name}.`),
      ' ',
      ...prose(text),
    ),
  );
}

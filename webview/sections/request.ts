import { chipNames, formatPercent, formatSeconds } from '../../protocol/index.ts';
import { fill, h } from '../elements/dom.ts';
import { tableElement } from '../elements/table.ts';
import type { Actions } from '../model/actions.ts';
import type { LifeLayer, LifePart, RequestLife } from '../model/request-life.ts';
import { lateAfter } from '../model/request-life.ts';
import type { Shown } from '../model/shown.ts';
import type { TableData } from '../model/table.ts';
import { partNames, storyLead, storySentences } from '../text/request-story.ts';
import { timeText } from '../text/time-text.ts';

/** What happened to one request: its arrival, its wait, its batch, its layers, and the parts of its latency. */
export interface RequestSection {
  readonly element: HTMLElement;
  /** `waiting`: a request is being searched; undefined: no request is shown. */
  readonly show: (shown: Shown, life: RequestLife | 'waiting' | undefined) => void;
}

export function createRequestSection(actions: Actions): RequestSection {
  const element = h('section', {
    class: 'figure request',
    'data-testid': 'request',
    'aria-label': 'One request',
    hidden: true,
  });
  return {
    element,
    show: (shown, life) => {
      element.hidden = life === undefined;
      if (life === undefined) fill(element);
      else if (life === 'waiting') fill(element, h('p', { role: 'status' }, 'Searching for the request…'));
      else fill(element, ...contentOf(shown, life, actions));
    },
  };
}

function contentOf(shown: Shown, life: RequestLife, actions: Actions): readonly (HTMLElement | null)[] {
  const { facts } = life;
  const serve = shown.run.serves[facts.serve];
  const limitSeconds = lateAfter(shown);
  const setting = {
    serve: serve?.name ?? '',
    limitSeconds,
    chip: shown.run.timeline.chips === 1 ? undefined : chipNames(shown.run)[facts.chip],
    alone: shown.run.serves.length === 1,
  };
  const took = facts.endSeconds - facts.arrivalSeconds;
  const late = limitSeconds !== undefined && took > limitSeconds;
  const objective = serve?.slos.find(({ slo }) => slo.metric === 'latency' && slo.of === undefined);
  const button = (id: string, text: string, action: () => void) =>
    h('button', { type: 'button', 'data-testid': id, on: { click: action } }, text);
  return [
    h(
      'header',
      {},
      h(
        'h2',
        {},
        `${late ? 'Late request' : 'Request'} to ${setting.serve}, finished at ${timeText(facts.endSeconds, took)}`,
      ),
      button('request-close', 'Close', () => actions.showRequest(null)),
    ),
    h(
      'p',
      { class: 'story', 'data-testid': 'request-story' },
      h('strong', {}, storyLead(life, setting)),
      ` ${storySentences(life, setting).join(' ')}`,
    ),
    lifeBar(life.parts, took, limitSeconds),
    partList(life.parts, took),
    h(
      'div',
      { class: 'buttons' },
      button('request-window', 'Zoom to this request', () =>
        actions.setWindow({
          startSeconds: facts.arrivalSeconds - took * 0.05,
          endSeconds: facts.endSeconds + took * 0.05,
        }),
      ),
      button('request-previous', '◂ Previous late request', () => actions.seek('late', -1)),
      button('request-next', 'Next late request ▸', () => actions.seek('late', 1)),
      objective === undefined || !actions.hasHost
        ? null
        : button('request-source', 'Go to the objective', () => actions.reveal(objective.slo.origin)),
    ),
    facts.tokens === undefined ? layerTable(shown, life) : null,
  ];
}

/** Its time from left to right, in the colours of the plots. The mark is the limit. */
function lifeBar(parts: readonly LifePart[], took: number, limitSeconds: number | undefined): HTMLElement {
  const bar = h('div', { class: 'life-bar', 'aria-hidden': 'true' });
  for (const part of parts) {
    const piece = h('span', {
      class: `life-part life-${part.kind}`,
      title: `${partNames[part.kind]}, ${formatSeconds(part.seconds)}`,
    });
    piece.style.width = `${(100 * part.seconds) / took}%`;
    bar.appendChild(piece);
  }
  if (limitSeconds !== undefined && limitSeconds < took) {
    const mark = h('span', { class: 'life-limit' });
    mark.style.left = `${(100 * limitSeconds) / took}%`;
    bar.appendChild(mark);
  }
  return bar;
}

function partList(parts: readonly LifePart[], took: number): HTMLElement {
  return h(
    'ul',
    { class: 'life-list', 'data-testid': 'request-parts' },
    ...parts.map((part) =>
      h(
        'li',
        {},
        h('span', { class: `life-swatch life-${part.kind}`, 'aria-hidden': 'true' }),
        h('span', {}, partNames[part.kind]),
        h(
          'span',
          { class: 'part-value', 'data-part': part.kind, 'data-value': part.seconds },
          `${formatSeconds(part.seconds)}, ${shareOf(part.seconds / took)}`,
        ),
      ),
    ),
  );
}

function shareOf(fraction: number): string {
  return fraction < 0.001 ? '< 0.1 %' : formatPercent(fraction, 2);
}

function layerTable(shown: Shown, life: RequestLife): HTMLElement {
  if (life.layers === undefined) return h('p', { class: 'finding', role: 'status' }, 'Loading its layers…');
  const serve = shown.run.serves[life.facts.serve];
  const cost = shown.scenario.layers.find(({ model }) => model === serve?.model);
  const name = (layer: number) => cost?.layers[layer]?.layer ?? `layer ${layer + 1}`;
  const text = ({ activity, firstLayer, lastLayer }: LifeLayer) =>
    activity === 'switching'
      ? 'mode switch'
      : firstLayer === lastLayer
        ? name(firstLayer)
        : `${name(firstLayer)} to ${name(lastLayer)}`;
  const table: TableData = {
    caption: `Layers of its batch of ${life.facts.batchSize}, in the order of execution`,
    columns: [
      { title: 'Layer', key: 'layer' },
      { title: 'Mode', key: 'mode' },
      { title: 'Since arrival', key: 'afterSeconds', format: (value) => formatSeconds(value, 5) },
      { title: 'Duration', key: 'seconds', format: (value) => formatSeconds(value) },
    ],
    rows: life.layers.map((layer) => [text(layer), layer.activity, layer.afterSeconds, layer.seconds]),
  };
  return h(
    'details',
    { class: 'table', 'data-testid': 'request-layers' },
    h('summary', {}, `Layers (${life.layers.length})`),
    h(
      'div',
      { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Layers of its batch' },
      tableElement(table),
    ),
  );
}

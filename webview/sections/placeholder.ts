import type { Absence, RunState } from '../../protocol/index.ts';
import { assertNever } from '../../protocol/index.ts';
import type { Actions } from '../actions.ts';
import { fill, h } from '../dom.ts';

/** What stands where plots will be: while nothing is open, while the first run is under way, or when it came to nothing. */
export interface Placeholder {
  readonly element: HTMLElement;
  readonly show: (state: RunState | Absence | 'connecting') => void;
}

export function createPlaceholder(actions: Actions): Placeholder {
  const element = h('div', { class: 'placeholder', 'data-testid': 'placeholder' });
  return {
    element,
    show: (state) => {
      if (state === 'connecting') fill(element, ...skeleton('Waiting for the editor'));
      else if ('kind' in state) fill(element, ...absent(state, actions));
      else if (state.phase === 'running') fill(element, ...skeleton(`Simulating ${state.name} for the first time`));
      else if (state.phase === 'empty') fill(element, ...nothingRun(state.name));
      else fill(element, h('p', {}, nothingYet(state)));
    },
  };
}

function absent(absence: Absence, actions: Actions): readonly HTMLElement[] {
  switch (absence.kind) {
    case 'none':
      return welcome(actions);
    case 'starting':
      return skeleton(`Reading ${absence.name}`);
    case 'closed':
    case 'deleted':
      return [h('p', {}, 'Bring another design (a file that ends in .npu) to the front, and this panel follows it.')];
    default:
      return assertNever(absence);
  }
}

function nothingYet({ phase, name }: RunState): string {
  switch (phase) {
    case 'rejected':
      return `There are no results to show yet: ${name} runs once its errors are gone.`;
    case 'cancelled':
      return 'There are no results to show yet: the first run was cancelled.';
    default:
      return 'There are no results to show yet.';
  }
}

/** The file in front states no scenario, or none of it has run: a chip or a network by itself gives nothing to plot. */
function nothingRun(name: string): readonly HTMLElement[] {
  return [
    h('h2', {}, 'Nothing to plot yet'),
    h(
      'p',
      {},
      `No scenario of ${name} has run. A save simulates the scenarios that a file states. One looks like this:`,
    ),
    h('pre', { 'data-testid': 'scenario-sketch' }, scenarioSketch),
  ];
}

const scenarioSketch = `scenario Rush {
  npu: Stimpack
  serve ResNet50 {
    arrivals: poisson(9000 rps)
    slo { p99 latency <= 15 ms }
  }
}`;

function welcome(actions: Actions): readonly HTMLElement[] {
  const open = () => actions.send({ type: 'command', command: 'openExample' });
  return [
    h('h2', {}, 'Nothing to plot yet'),
    h(
      'p',
      {},
      'Open a design (a file that ends in .npu) and save it. Each save simulates its scenarios and draws them here: latency against the objective, throughput, and when the chip changed its precision.',
    ),
    actions.hasHost
      ? h(
          'button',
          { type: 'button', class: 'primary', 'data-testid': 'open-example', on: { click: open } },
          'Open the example',
        )
      : h('p', {}, 'This page was written without results.'),
  ];
}

/** Grey shapes of what is coming: the page does not jump when it comes. */
function skeleton(text: string): readonly HTMLElement[] {
  const bar = (kind: string) => h('div', { class: `skeleton skeleton-${kind}`, 'aria-hidden': 'true' });
  return [h('p', { role: 'status' }, `${text}…`), bar('sentence'), bar('lane'), bar('plot'), bar('plot')];
}

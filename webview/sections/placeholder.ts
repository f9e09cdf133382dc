import type { Absence, RunState } from '../../protocol/index.ts';
import { assertNever } from '../../protocol/index.ts';
import { fill, h } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';

/** Shown in place of the plots: while no document is open, during the first run, or if the first run had no result. */
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
      return [h('p', {}, 'Switch to another design (a file that ends in .npu) to show its results here.')];
    default:
      return assertNever(absence);
  }
}

function nothingYet({ phase, name }: RunState): string {
  switch (phase) {
    case 'rejected':
      return `There are no results yet. ${name} runs as soon as its errors are fixed.`;
    case 'cancelled':
      return 'There are no results yet, because the first run was cancelled.';
    default:
      return 'There are no results yet.';
  }
}

/** The document has no scenario, or none of its scenarios has run. A chip or a network alone has nothing to plot. */
function nothingRun(name: string): readonly HTMLElement[] {
  return [
    h('h2', {}, 'Nothing to plot yet'),
    h('p', {}, `No scenario of ${name} has run. Saving a file simulates its scenarios. A scenario looks like this:`),
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
      'Open a design (a file that ends in .npu) and save it. Each save simulates its scenarios and shows the results here: latency compared with the objective, throughput, and when the chip ran in burst mode.',
    ),
    actions.hasHost
      ? h(
          'button',
          { type: 'button', class: 'primary', 'data-testid': 'open-example', on: { click: open } },
          'Open the example',
        )
      : h('p', {}, 'This page contains no results.'),
  ];
}

/** Grey shapes as large as the results, so that the page does not jump when they arrive. */
function skeleton(text: string): readonly HTMLElement[] {
  const bar = (kind: string) => h('div', { class: `skeleton skeleton-${kind}`, 'aria-hidden': 'true' });
  return [h('p', { role: 'status' }, `${text}…`), bar('sentence'), bar('lane'), bar('plot'), bar('plot')];
}

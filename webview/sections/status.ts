import type { Absence, RunPhase, RunState } from '../../protocol/index.ts';
import { assertNever, formatPercent, formatSeconds } from '../../protocol/index.ts';
import { fill, h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import { capital } from '../text/verdict-sentence.ts';

/** The state of the newest run, with a word, a mark, and what a person can do about it. */
export interface StatusSection {
  readonly element: HTMLElement;
  /** The problem of the run, or why there is none. It may be long, so it scrolls with the page. */
  readonly banner: HTMLElement;
  readonly show: (state: RunState, hasResults: boolean) => void;
  /** The document was closed or deleted. */
  readonly showGone: (gone: GoneDocument, hasResults: boolean) => void;
}

export type GoneDocument = Extract<Absence, { readonly kind: 'closed' | 'deleted' }>;

/** A mark beside the word, so that states differ in more than colour. */
const marks: Readonly<Record<RunPhase, string>> = {
  empty: '○',
  running: '◔',
  preview: '◔',
  fresh: '●',
  stale: '◌',
  rejected: '✕',
  failed: '!',
  cancelled: '■',
};

export function createStatus(actions: Actions): StatusSection {
  const mark = h('span', { class: 'mark', 'aria-hidden': 'true' });
  const word = h('span', { 'data-testid': 'phase-text' });
  const chip = h('span', { class: 'phase', 'data-testid': 'phase', role: 'status' }, mark, word);
  const name = h('h1', { 'data-testid': 'file-name' });
  const runButton = h(
    'button',
    { type: 'button', class: 'primary', 'data-testid': 'run', on: { click: () => actions.send({ type: 'run' }) } },
    'Run',
  );
  const cancelButton = h(
    'button',
    {
      type: 'button',
      class: 'cancel',
      'data-testid': 'cancel-run',
      on: { click: () => actions.send({ type: 'cancelRun' }) },
    },
    'Cancel',
  );
  /** Run and Cancel take each other's place, and so does the keyboard focus. */
  const showButtons = (run: boolean, cancel: boolean) => {
    const focused = document.activeElement === runButton || document.activeElement === cancelButton;
    runButton.hidden = !run;
    cancelButton.hidden = !cancel;
    if (focused) (cancel ? cancelButton : runButton).focus();
  };
  const progress = h('progress', { max: 1, 'aria-label': 'Simulation', 'data-testid': 'progress', hidden: true });
  const banner = h('div', { class: 'banner', 'data-testid': 'banner', hidden: true });
  const element = h(
    'header',
    { class: 'status' },
    h(
      'div',
      { class: 'status-line' },
      name,
      chip,
      actions.hasHost ? runButton : null,
      actions.hasHost ? cancelButton : null,
    ),
    progress,
  );
  const setPhase = (phase: string) => {
    element.dataset.phase = phase;
    banner.dataset.phase = phase;
  };
  return {
    element,
    banner,
    show: (state, hasResults) => {
      setText(name, heading(state.uri, state.name));
      setPhase(state.phase);
      setText(mark, marks[state.phase]);
      setText(word, phaseWord(state));
      progress.hidden = state.phase !== 'running';
      if (state.progress === null) progress.removeAttribute('value');
      else progress.value = state.progress;
      showButtons(state.phase !== 'empty' && state.phase !== 'running', state.phase === 'running');
      showBanner(banner, state, hasResults, actions);
    },
    showGone: (gone, hasResults) => {
      setText(name, heading(gone.uri, gone.name));
      setPhase(gone.kind);
      setText(mark, '○');
      setText(word, gone.kind === 'closed' ? 'closed' : 'deleted');
      progress.hidden = true;
      showButtons(false, false);
      banner.hidden = false;
      banner.setAttribute('role', 'note');
      const kept = hasResults ? ' Its last results are shown below.' : '';
      fill(
        banner,
        h('p', { 'data-testid': 'problem' }, `${goneText(gone)}${kept}`),
        gone.kind === 'closed' && actions.hasHost
          ? h(
              'div',
              { class: 'buttons' },
              button(`Open ${gone.name}`, 'open-again', () => actions.send({ type: 'open', uri: gone.uri })),
            )
          : null,
      );
    },
  };
}

/** The name of a document that was never saved comes from the editor, after the scheme. */
function heading(uri: string, name: string): string {
  return uri.startsWith('untitled:') ? `${name.replace(/^untitled:/, '')} (not saved)` : name;
}

function goneText({ kind, name }: GoneDocument): string {
  return kind === 'closed'
    ? `${name} is closed, so changes to it no longer run.`
    : `${name} was deleted, moved or renamed.`;
}

function phaseWord(state: RunState): string {
  switch (state.phase) {
    case 'empty':
      return 'not run yet';
    case 'running':
      return state.progress === null ? 'simulating' : `simulating, ${formatPercent(state.progress, 2)}`;
    case 'preview':
      return 'preview while the number changes';
    case 'fresh':
      return state.elapsedSeconds === null ? 'up to date' : `up to date, ${formatSeconds(state.elapsedSeconds, 2)}`;
    case 'stale':
      return 'edited: save to run again';
    case 'rejected':
      return 'not run: fix the errors first';
    case 'failed':
      return 'the simulation failed';
    case 'cancelled':
      return 'cancelled';
    default:
      return assertNever(state.phase);
  }
}

function showBanner(banner: HTMLElement, state: RunState, hasResults: boolean, actions: Actions): void {
  const trouble = state.phase === 'rejected' || state.phase === 'failed' || state.phase === 'cancelled';
  banner.hidden = !trouble;
  banner.setAttribute('role', state.phase === 'cancelled' ? 'note' : 'alert');
  if (!trouble) {
    fill(banner);
    return;
  }
  const { problem } = state;
  const place = problem?.place ?? null;
  const kept = hasResults ? ' The results of the last successful run are shown below.' : '';
  const text =
    state.phase === 'cancelled'
      ? `The run was cancelled${problem === null ? '' : `: ${problem.message}`}.${kept}`
      : `${sentence(problem?.message ?? 'the reason is unknown')}${kept}`;
  fill(
    banner,
    h('p', { 'data-testid': 'problem' }, text),
    h(
      'div',
      { class: 'buttons' },
      place === null
        ? null
        : h(
            'span',
            { class: 'place', 'data-testid': 'place' },
            `${lastPart(place.uri)}, line ${place.line}, column ${place.column}`,
          ),
      actions.hasHost && state.phase === 'rejected'
        ? button('Show problems', 'show-problems', () => actions.send({ type: 'command', command: 'showProblems' }))
        : null,
      actions.hasHost && state.phase !== 'rejected'
        ? button('Run again', 'run-again', () => actions.send({ type: 'run' }))
        : null,
    ),
  );
}

/** A message as a sentence, so that another sentence can follow. */
function sentence(text: string): string {
  return capital(/[.!?]$/.test(text) ? text : `${text}.`);
}

function lastPart(uri: string): string {
  const path = uri.split('/').at(-1) ?? uri;
  try {
    return decodeURIComponent(path);
  } catch {
    // A percent sign that encodes no character is part of the name.
    return path;
  }
}

function button(text: string, id: string, action: () => void): HTMLElement {
  return h('button', { type: 'button', 'data-testid': id, on: { click: action } }, text);
}

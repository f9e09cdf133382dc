import type { Caveat, ScenarioVerdicts, ServeVerdicts, SloOutcome, Verdict } from '../../protocol/index.ts';
import {
  caveatHeading,
  caveatText,
  comparedTexts,
  formatPercent,
  isOverloaded,
  noVerdictMark,
  openSummary,
  overloadLabel,
  recordingText,
  sloDistance,
  sloValue,
  statedHeading,
  undecidedText,
  verdictMarks,
} from '../../protocol/index.ts';
import { fill, h, prose } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import type { Shown } from '../model/shown.ts';
import { verdictSentence } from '../text/verdict-sentence.ts';
import { breakdownList } from './breakdown.ts';

/** The verdicts: sentences for each scenario, then the objectives of the shown scenario. */
export interface VerdictSection {
  /** The verdict of the shown scenario in a few words, for the bar at the top. */
  readonly badge: HTMLElement;
  /** Sentences for each scenario. */
  readonly sentences: HTMLElement;
  /** The objectives of the shown scenario, and where the time of its requests went. */
  readonly outcomes: HTMLElement;
  /** One line for each objective of the shown scenario, for a place from which the others are out of sight. */
  readonly lines: HTMLElement;
  readonly show: (shown: Shown, place: VerdictPlace) => void;
}

/** What the page shows beside the sentences. */
interface VerdictPlace {
  /** An exploration is shown instead of a scenario. */
  readonly exploring: boolean;
  /** How many scenarios and explorations a person can choose from. */
  readonly choices: number;
  /** Verdicts of the run in progress, which are newer than the results. */
  readonly early: readonly ScenarioVerdicts[];
}

export function createVerdicts(actions: Actions): VerdictSection {
  const sentences = h('section', { class: 'sentences', 'aria-label': 'Verdicts', 'data-testid': 'verdicts' });
  const outcomes = h('section', { class: 'outcomes', 'aria-label': 'Objectives', 'data-testid': 'outcomes' });
  const lines = h('div', { class: 'outcome-lines', 'data-testid': 'outcome-lines' });
  const badge = h('button', {
    type: 'button',
    class: 'badge',
    'data-testid': 'badge',
    on: { click: () => window.scrollTo({ top: 0 }) },
  });
  return {
    badge,
    sentences,
    outcomes,
    lines,
    show: (shown, { exploring, choices, early }) => {
      const current = exploring ? null : shown.scenario.scenario;
      const newest = (name: string) => early.find(({ scenario }) => scenario === name);
      const rows = shown.results.map((result): VerdictRow => {
        const known = newest(result.scenario);
        return { verdicts: known ?? result, isEarly: known !== undefined, isCurrent: result.scenario === current };
      });
      fill(sentences, ...sentenceRows(rows, choices, actions));
      showBadge(
        badge,
        rows.find(({ isCurrent }) => isCurrent),
      );
      // A run of `compare` has no early verdicts.
      const known = shown.runIndex === 0 ? newest(shown.scenario.scenario) : undefined;
      const run = known?.main ?? shown.run;
      const isPreview = known?.previewRequests !== undefined;
      outcomes.toggleAttribute('data-early', known !== undefined);
      fill(
        outcomes,
        ...run.serves.flatMap((serve) => serveOutcomes(serve, { named: run.serves.length > 1, isPreview }, actions)),
        caveatList(run.caveats, actions),
        statedList(shown.run.statedInputs ?? []),
      );
      const prefix = (name: string) => (run.serves.length > 1 ? `${name}: ` : '');
      fill(
        lines,
        ...run.serves.flatMap(({ name, slos }) =>
          slos.map((outcome) =>
            outcomeHead(outcome, h('span', { class: 'slo-text' }, `${prefix(name)}${outcome.slo.text}`)),
          ),
        ),
      );
    },
  };
}

function showBadge(badge: HTMLElement, row: VerdictRow | undefined): void {
  badge.hidden = row === undefined;
  if (row === undefined) return;
  const { scenario, main } = row.verdicts;
  const { verdict, lead } = verdictSentence(row.verdicts);
  const hasObjectives = main.serves.some(({ slos }) => slos.length > 0);
  const caveats = caveatHeading(main.caveats);
  badge.title = caveats === '' ? lead : `${lead} ${caveats}.`;
  badge.setAttribute('aria-label', `${badge.title} Go to the top`);
  fill(badge, verdictMark(verdict, hasObjectives), h('span', { class: 'badge-name' }, scenario));
}

function verdictMark(verdict: Verdict, hasObjectives: boolean): HTMLElement {
  return hasObjectives
    ? h('span', { class: `verdict-mark verdict-${verdict}`, 'aria-hidden': 'true' }, verdictMarks[verdict])
    : h('span', { class: 'verdict-mark muted', 'aria-hidden': 'true' }, noVerdictMark);
}

interface VerdictRow {
  readonly verdicts: ScenarioVerdicts;
  /** From the run in progress, of which the plots do not exist yet. */
  readonly isEarly: boolean;
  readonly isCurrent: boolean;
}

function sentenceRows(rows: readonly VerdictRow[], choices: number, actions: Actions): readonly HTMLElement[] {
  return rows.map(({ verdicts: scenario, isEarly, isCurrent }) => {
    const { verdict, lead, text } = verdictSentence(scenario);
    const hasObjectives = scenario.main.serves.some(({ slos }) => slos.length > 0);
    const content = [verdictMark(verdict, hasObjectives), h('span', {}, h('strong', {}, lead), ' ', ...prose(text))];
    const attributes = {
      class: 'sentence',
      'data-testid': `sentence-${scenario.scenario}`,
      'data-verdict': verdict,
      'data-early': isEarly,
    };
    if (choices === 1) return h('p', attributes, ...content);
    return h(
      'button',
      {
        ...attributes,
        type: 'button',
        'aria-pressed': String(isCurrent),
        on: { click: () => actions.pickScenario(scenario.scenario) },
      },
      ...content,
    );
  });
}

/** How objectives are written. */
interface OutcomeStyle {
  /** With the name of their network. */
  readonly named: boolean;
  readonly isPreview: boolean;
}

function serveOutcomes(
  serve: ServeVerdicts,
  { named, isPreview }: OutcomeStyle,
  actions: Actions,
): readonly HTMLElement[] {
  return serve.slos.map((outcome, i) =>
    h(
      'div',
      { class: 'outcome', 'data-testid': 'outcome', 'data-verdict': outcome.verdict, 'data-slo': `${serve.name}/${i}` },
      outcomeHead(outcome, sourceText(outcome, named ? `${serve.name}: ` : '', actions)),
      bullet(outcome),
      h('p', { class: 'outcome-note' }, ...prose(outcomeNote(outcome, isPreview))),
      breakdownList(outcome),
    ),
  );
}

/** The verdict of an objective, its text and the measured value. */
function outcomeHead(outcome: SloOutcome, text: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: 'outcome-head' },
    h(
      'span',
      { class: `verdict-mark verdict-${outcome.verdict}`, role: 'img', 'aria-label': outcome.verdict },
      verdictMarks[outcome.verdict],
    ),
    text,
    h(
      'span',
      { class: 'measured', 'data-testid': 'measured', 'data-value': outcome.measured.value },
      isOverloaded(outcome) ? 'overload' : comparedTexts(outcome).measured,
    ),
  );
}

/** The caveats that the verdicts depend on. Each one is a link to its place in the text. null if there are none. */
function caveatList(caveats: readonly Caveat[], actions: Actions): HTMLElement | null {
  if (caveats.length === 0) return null;
  const item = (caveat: Caveat): HTMLElement => {
    const text = caveatText(caveat);
    if (!actions.hasHost) return h('li', {}, text);
    const reveal = () => actions.reveal(caveat.origin);
    return h(
      'li',
      {},
      h('button', { type: 'button', class: 'link', title: 'Go to source', on: { click: reveal } }, text),
    );
  };
  return h(
    'figure',
    { class: 'caveats', 'data-testid': 'caveats' },
    h('figcaption', {}, caveatHeading(caveats)),
    h('ul', {}, ...caveats.map(item)),
  );
}

/** What the file states where the program would otherwise guess. null without any. */
function statedList(statedInputs: readonly string[]): HTMLElement | null {
  if (statedInputs.length === 0) return null;
  return h(
    'figure',
    { class: 'caveats', 'data-testid': 'stated-inputs' },
    h('figcaption', {}, statedHeading),
    h('ul', {}, ...statedInputs.map((text) => h('li', {}, text))),
  );
}

function sourceText(outcome: SloOutcome, prefix: string, actions: Actions): HTMLElement {
  const text = prefix + outcome.slo.text;
  if (!actions.hasHost) return h('span', { class: 'slo-text' }, text);
  const reveal = () => actions.reveal(outcome.slo.origin);
  return h(
    'button',
    { type: 'button', class: 'link slo-text', title: 'Go to source', 'data-testid': 'slo-link', on: { click: reveal } },
    text,
  );
}

function outcomeNote(outcome: SloOutcome, isPreview: boolean): string {
  const { slo, measured } = outcome;
  if (isOverloaded(outcome)) return `${overloadLabel(outcome)}; latency grows with the length of the run`;
  const { low, high, confidence } = measured;
  const { digits } = comparedTexts(outcome);
  const recorded = recordingText(outcome);
  const ends = [sloValue(slo, low, digits), sloValue(slo, high, digits)];
  const interval =
    recorded !== undefined
      ? `; ${recorded}`
      : Number.isFinite(low) && Number.isFinite(high) && ends[0] !== ends[1]
        ? `; ${ends.join(' to ')} at ${formatPercent(confidence)} confidence`
        : '';
  // A distance alone does not explain an undecided objective, so the reason follows.
  const why = outcome.open === undefined ? undecidedText : openSummary;
  const isOpen = outcome.verdict === 'undecided' && Number.isFinite(measured.value);
  const open = isOpen ? `; ${isPreview ? 'not decided yet' : why(outcome)}` : '';
  return `${sloDistance(outcome)}${interval}${open}`;
}

/** The measured value and the limit on one scale that starts at zero. The thin line is the confidence interval. */
function bullet(outcome: SloOutcome): HTMLElement | null {
  const { slo, measured, limit, verdict } = outcome;
  if (isOverloaded(outcome)) return null;
  // Accuracies differ by tenths of a per cent: on a scale from zero all bars would look the same.
  if (slo.metric === 'accuracy' || !Number.isFinite(measured.value)) return null;
  const end = Math.max(limit, measured.value, Number.isFinite(measured.high) ? measured.high : 0) * 1.08;
  const percent = (value: number) => `${Math.min(100, Math.max(0, (100 * value) / end))}%`;
  const bar = h('div', { class: `bullet-bar bullet-${verdict}` });
  bar.style.width = percent(measured.value);
  const mark = h('div', { class: 'bullet-limit' });
  mark.style.left = percent(limit);
  const whisker = h('div', { class: 'bullet-whisker' });
  whisker.style.left = percent(measured.low);
  whisker.style.width = `calc(${percent(measured.high)} - ${percent(measured.low)})`;
  return h('div', { class: 'bullet', 'aria-hidden': 'true' }, bar, whisker, mark);
}

import type { ScenarioVerdicts, ServeVerdicts, SloOutcome, Verdict } from '../../protocol/index.ts';
import {
  assertNever,
  breakdownParts,
  caveatRemark,
  comparedTexts,
  formatCount,
  formatPercent,
  formatRate,
  isOverloaded,
  runVerdict,
  shareText,
  sloFinding,
  sloName,
  sloValue,
  timeShareText,
  undecidedText,
} from '../../protocol/index.ts';

/** The result of a scenario in sentences: which objectives are met or violated, by how much, and why. */
export interface VerdictSentence {
  readonly verdict: Verdict;
  /** "Rush violates an objective." */
  readonly lead: string;
  readonly text: string;
}

export function verdictSentence(scenario: ScenarioVerdicts): VerdictSentence {
  const { serves } = scenario.main;
  const all = serves.flatMap((serve) => serve.slos.map((outcome) => ({ serve, outcome })));
  const verdict = runVerdict(scenario.main);
  const { previewRequests } = scenario;
  const isPreview = previewRequests !== undefined;
  if (all.length === 0) {
    const text = serves.map((serve) => `${serve.name} completes ${formatRate(serve.completedRps)}`).join(', ');
    return { verdict, lead: `${scenario.scenario} has no objectives.`, text: `${text}.` };
  }
  const worstFirst = all.toSorted((a, b) => b.outcome.missFraction - a.outcome.missFraction);
  const deciding = worstFirst.filter(({ outcome }) => outcome.verdict === verdict);
  const others = worstFirst.filter(({ outcome }) => outcome.verdict !== verdict);
  const sentences: string[] = [];
  if (verdict === 'met') {
    // The objective of each metric with the smallest margin: margins of latency and accuracy cannot be compared.
    const metrics = [...new Set(deciding.map(({ outcome }) => outcome.slo.metric))];
    const tightest = metrics.flatMap((metric) =>
      deciding.filter(({ outcome }) => outcome.slo.metric === metric).slice(0, 1),
    );
    const latencyFirst = tightest.toSorted(
      (a, b) => Number(a.outcome.slo.metric !== 'latency') - Number(b.outcome.slo.metric !== 'latency'),
    );
    sentences.push(...latencyFirst.map(({ serve, outcome }) => `${capital(said(serve, outcome, serves, isPreview))}.`));
    const rest = deciding.length - tightest.length;
    if (rest > 0)
      sentences.push(
        rest === 1 ? 'The other objective has a wider margin.' : `The other ${rest} objectives have wider margins.`,
      );
  } else {
    for (const { serve, outcome } of deciding) {
      sentences.push(`${capital(said(serve, outcome, serves, isPreview))}.`);
      // A text of caveats is long enough by itself.
      const why = outcome.open === undefined && !isOverloaded(outcome) ? reason(outcome) : '';
      if (why !== '') sentences.push(why);
    }
    const open = others.filter(({ outcome }) => outcome.verdict === 'undecided');
    for (const { serve, outcome } of open) sentences.push(`${capital(said(serve, outcome, serves, isPreview))}.`);
    const held = others.filter(({ outcome }) => outcome.verdict === 'met').map(({ outcome }) => sloName(outcome.slo));
    if (held.length > 0)
      sentences.push(`${capital(listed([...new Set(held)]))} ${new Set(held).size > 1 ? 'are' : 'is'} met.`);
  }
  const { caveats } = scenario.main;
  const remarks = new Set(deciding.map(({ serve, outcome }) => caveatRemark(outcome, serve.name, caveats).trimStart()));
  sentences.push(...[...remarks].filter((remark) => remark !== ''));
  if (isPreview) sentences.push(`This preview simulated ${formatCount(previewRequests)} requests.`);
  return {
    verdict,
    lead: `${scenario.scenario} ${deciding.some(({ outcome }) => isOverloaded(outcome)) ? 'is in overload and ' : ''}${leadOf(verdict, deciding.length, all.length, isPreview)}.`,
    text: sentences.join(' '),
  };
}

/** "violates an objective", "violates 2 objectives", "is undecided", "meets all objectives". */
function leadOf(verdict: Verdict, deciding: number, all: number, isPreview: boolean): string {
  switch (verdict) {
    case 'violated':
      return deciding === 1 ? `violates ${all === 1 ? 'its' : 'an'} objective` : `violates ${deciding} objectives`;
    case 'undecided':
      return isPreview ? 'is not decided yet' : 'is undecided';
    case 'met':
      return all === 1 ? 'meets its objective' : 'meets all objectives';
    default:
      return assertNever(verdict);
  }
}

function said(serve: ServeVerdicts, outcome: SloOutcome, serves: readonly ServeVerdicts[], isPreview: boolean): string {
  const whose = serves.length > 1 ? ` of ${serve.name}` : '';
  const { slo, measured } = outcome;
  const compared = comparedTexts(outcome);
  if (outcome.verdict === 'undecided') {
    const range = `between ${sloValue(slo, measured.low, compared.digits)} and ${sloValue(slo, measured.high, compared.digits)}`;
    const isBounded =
      outcome.recording === undefined && Number.isFinite(measured.low) && Number.isFinite(measured.high);
    const where = isBounded
      ? ` is ${range} at ${formatPercent(measured.confidence)} confidence`
      : ` is ${Number.isFinite(measured.value) ? compared.measured : 'unknown'}`;
    return `${sloName(slo)}${whose}${where}${isPreview ? '' : `; ${undecidedText(outcome)}`}`;
  }
  return `${sloName(slo)}${whose} ${sloFinding(outcome)}`;
}

/** Where the time of a request went: the largest share, and the second largest if it matters. Empty if no request finished. */
function reason(outcome: SloOutcome): string {
  if (outcome.breakdown === null) return '';
  const [first, second] = breakdownParts(outcome.breakdown);
  if (first === undefined) return '';
  const whose = outcome.breakdown.ofLate ? 'A late request' : 'A request';
  const more = second !== undefined && second.fraction >= 0.05 ? ` and ${shareText(second)}` : '';
  return `${whose} spends ${timeShareText(first)}${more}.`;
}

/** With a capital letter at the start, except for a symbol such as "p99". */
export function capital(text: string): string {
  return /^p\d/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

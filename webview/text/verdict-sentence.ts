import type { Origin, ScenarioResult, ServeResult, SloOutcome, Verdict } from '../../protocol/index.ts';
import {
  breakdownParts,
  caveatRemark,
  comparedTexts,
  formatPercent,
  formatRate,
  shareText,
  sloFinding,
  sloName,
  sloValue,
  undecidedText,
} from '../../protocol/index.ts';

/** The scenario's answer: what breaks or holds, by how much, and why. */
export interface VerdictSentence {
  readonly verdict: Verdict;
  /** "Rush breaks." */
  readonly lead: string;
  readonly text: string;
  /** Where the constraint that decides stands. */
  readonly origin: Origin;
}

export function scenarioVerdict(scenario: ScenarioResult): Verdict {
  const verdicts = scenario.main.serves.flatMap((serve) => serve.slos.map((outcome) => outcome.verdict));
  if (verdicts.includes('violated')) return 'violated';
  return verdicts.includes('undecided') ? 'undecided' : 'met';
}

export function verdictSentence(scenario: ScenarioResult): VerdictSentence {
  const { serves } = scenario.main;
  const all = serves.flatMap((serve) => serve.slos.map((outcome) => ({ serve, outcome })));
  const verdict = scenarioVerdict(scenario);
  if (all.length === 0) {
    const text = serves.map((serve) => `${serve.name} completes ${formatRate(serve.completedRps)}`).join(', ');
    return { verdict, lead: `${scenario.scenario} promises nothing.`, text: `${text}.`, origin: scenario.origin };
  }
  const worstFirst = all.toSorted((a, b) => b.outcome.missFraction - a.outcome.missFraction);
  const deciding = worstFirst.filter(({ outcome }) => outcome.verdict === verdict);
  const others = worstFirst.filter(({ outcome }) => outcome.verdict !== verdict);
  const leads = { violated: 'breaks', undecided: 'is undecided', met: 'holds' };
  const sentences: string[] = [];
  if (verdict === 'met') {
    // Of each metric the one nearest to breaking: room in latency and room in accuracy do not compare.
    const metrics = [...new Set(deciding.map(({ outcome }) => outcome.slo.metric))];
    const tightest = metrics.flatMap((metric) =>
      deciding.filter(({ outcome }) => outcome.slo.metric === metric).slice(0, 1),
    );
    const latencyFirst = tightest.toSorted(
      (a, b) => Number(a.outcome.slo.metric !== 'latency') - Number(b.outcome.slo.metric !== 'latency'),
    );
    sentences.push(...latencyFirst.map(({ serve, outcome }) => `${capital(said(serve, outcome, serves))}.`));
    const rest = deciding.length - tightest.length;
    if (rest > 0) sentences.push(`${rest === 1 ? 'One more objective has' : `${rest} more have`} more room.`);
  } else {
    for (const { serve, outcome } of deciding) {
      // A text of caveats is long enough, and ends in full stops of its own.
      const why = outcome.open === undefined ? reason(outcome) : '';
      sentences.push(`${capital(said(serve, outcome, serves))}${why === '' ? '' : `; ${why}`}.`);
    }
    const open = others.filter(({ outcome }) => outcome.verdict === 'undecided');
    for (const { serve, outcome } of open) sentences.push(`${capital(said(serve, outcome, serves))}.`);
    const held = others.filter(({ outcome }) => outcome.verdict === 'met').map(({ outcome }) => sloName(outcome.slo));
    if (held.length > 0)
      sentences.push(`${capital(listed([...new Set(held)]))} ${held.length > 1 ? 'hold' : 'holds'}.`);
  }
  const { caveats } = scenario.main;
  const remarks = new Set(deciding.map(({ serve, outcome }) => caveatRemark(outcome, serve.name, caveats).trimStart()));
  sentences.push(...[...remarks].filter((remark) => remark !== ''));
  return {
    verdict,
    lead: `${scenario.scenario} ${leads[verdict]}.`,
    text: sentences.join(' '),
    origin: (deciding[0] ?? worstFirst[0])?.outcome.slo.origin ?? scenario.origin,
  };
}

function said(serve: ServeResult, outcome: SloOutcome, serves: readonly ServeResult[]): string {
  const whose = serves.length > 1 ? ` of ${serve.name}` : '';
  const { slo, measured } = outcome;
  const compared = comparedTexts(outcome);
  if (outcome.verdict === 'undecided') {
    const range = `between ${sloValue(slo, measured.low, compared.digits)} and ${sloValue(slo, measured.high, compared.digits)}`;
    const isBounded =
      outcome.recording === undefined && Number.isFinite(measured.low) && Number.isFinite(measured.high);
    const where = isBounded
      ? ` lies ${range} at ${formatPercent(measured.confidence)} confidence`
      : ` is ${Number.isFinite(measured.value) ? compared.measured : 'not known'}`;
    return `${sloName(slo)}${whose}${where}; ${undecidedText(outcome)}`;
  }
  return `${sloName(slo)}${whose} ${sloFinding(outcome)}`;
}

/** The two largest shares, as long as the second says something; nothing where no request finished. */
function reason(outcome: SloOutcome): string {
  if (outcome.breakdown === null) return '';
  const [first, second] = breakdownParts(outcome.breakdown);
  if (first === undefined) return '';
  const whose = outcome.breakdown.ofLate ? 'a late request' : 'a request';
  const more = second !== undefined && second.fraction >= 0.05 ? `, ${shareText(second)}` : '';
  return `of its time ${whose} spends ${shareText(first)}${more}`;
}

/** "p99" is a symbol, and stays as it is. */
export function capital(text: string): string {
  return /^p\d/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

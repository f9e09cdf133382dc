import {
  affectsServe,
  type Caveat,
  caveatRemark,
  comparedTexts,
  isOverloaded,
  overloadLabel,
  type SloOutcome,
  sloDistance,
  sloFinding,
  undecidedText,
  verdictMarks,
} from '../../design/index.ts';
import type { RunPhase } from '../../protocol/index.ts';

/** The hint after an objective of a serve. `caveats`: those of the run. */
export function objectiveHint(
  outcome: SloOutcome,
  serve: string,
  caveats: readonly Caveat[],
  phase: RunPhase,
): { readonly label: string; readonly tooltip: string } {
  const hasCaveats = caveats.some((caveat) => affectsServe(caveat, serve));
  const remark = caveatRemark(outcome, serve, caveats, true);
  return { label: measuredText(outcome, hasCaveats, phase), tooltip: tooltipOf(outcome, remark, phase) };
}

/** For example "14.2 ms ✓", "14.2 ms ✓, with caveats", or "14.2 ms, before this edit" if the text has changed since. */
function measuredText(outcome: SloOutcome, hasCaveats: boolean, phase: RunPhase): string {
  const measured = isOverloaded(outcome) ? overloadLabel(outcome) : comparedTexts(outcome).measured;
  if (phase !== 'fresh') return phase === 'running' ? `${measured}, simulating` : `${measured}, before this edit`;
  const remark = hasCaveats ? ', with caveats' : '';
  switch (outcome.verdict) {
    case 'met':
    case 'violated':
      return `${measured} ${verdictMarks[outcome.verdict]}${remark}`;
    case 'undecided':
      return `${measured}, undecided${outcome.open === undefined ? remark : ': see its caveats'}`;
  }
}

function tooltipOf(outcome: SloOutcome, remark: string, phase: RunPhase): string {
  const age = phase === 'fresh' ? 'Measured' : 'Measured before the last change';
  const why = outcome.verdict === 'undecided' ? `: ${undecidedText(outcome)}` : '';
  if (isOverloaded(outcome)) return `${age}: ${sloFinding(outcome)}.${remark}`;
  return `${age}: ${sloDistance(outcome)}, ${outcome.verdict}${why}.${remark}`;
}

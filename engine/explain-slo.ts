import {
  affectsServe,
  breakdownParts,
  type Caveat,
  caveatRemark,
  caveatText,
  comparedTexts,
  type Diagnostic,
  diagnosticAt,
  formatPercent,
  formatRate,
  isOverloaded,
  type RelatedLocation,
  recordingText,
  type Scenario,
  type SloOutcome,
  shareText,
  sloFinding,
  sloName,
  sloValue,
  undecidedText,
} from '../design/index.ts';
import type { CostEvidence, Evidence, ServeEvidence } from './evidence.ts';
import { engineMessages } from './messages.ts';

/**
 * A message does not mention parts of the latency below this share. Our assumption: they do not help to find the cause.
 */
const smallestShareShown = 0.03;

/** The largest parts of the latency. */
function breakdownText(outcome: SloOutcome): string {
  if (outcome.breakdown === null) return '';
  const shown = breakdownParts(outcome.breakdown).filter((part) => part.fraction >= smallestShareShown);
  if (shown.length === 0) return '';
  const whose = outcome.breakdown.ofLate ? 'A late request' : 'A request';
  const shares = shown.map(shareText).join(', ').replace(' %', ' % of its time');
  return ` ${whose} spends ${shares}.`;
}

/** The cause of the measured value: the parts of the latency, or for an accuracy the share of requests in burst mode. */
function cause(serve: ServeEvidence, outcome: SloOutcome): string {
  if (outcome.slo.metric !== 'accuracy') return breakdownText(outcome);
  return ` ${formatPercent(serve.burstShare)} of the requests were computed in burst mode.`;
}

/** The confidence interval, or the extent of the recording, in parentheses. */
function confidenceText(outcome: SloOutcome): string {
  const recorded = recordingText(outcome);
  if (recorded !== undefined) return Number.isNaN(outcome.measured.value) ? '' : ` (${recorded})`;
  const { low, high, confidence } = outcome.measured;
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '';
  const { digits } = comparedTexts(outcome);
  const range = `${sloValue(outcome.slo, low, digits)} to ${sloValue(outcome.slo, high, digits)}`;
  return ` (${formatPercent(confidence)} confidence interval: ${range})`;
}

/**
 * The sentences about one objective: the measured value, its distance to the limit, its confidence interval, its cause, and
 * the caveats of the run. `isAlone`: no list of the caveats is beside the text.
 */
export function explainSlo(
  serve: ServeEvidence,
  outcome: SloOutcome,
  caveats: readonly Caveat[],
  isAlone = false,
): string {
  const remark = caveatRemark(outcome, serve.name, caveats, isAlone);
  const { measured, limit } = comparedTexts(outcome);
  const known = !Number.isNaN(outcome.measured.value);
  const subject = `${sloName(outcome.slo)} of ${serve.name}`;
  if (isOverloaded(outcome)) return `${subject} ${sloFinding(outcome)}.${remark}`;
  const why = `${known ? cause(serve, outcome) : ''}${remark}`;
  switch (outcome.verdict) {
    case 'met':
    case 'violated':
      return `${subject} ${sloFinding(outcome)}${confidenceText(outcome)}.${why}`;
    case 'undecided':
      return `${subject} is ${known ? measured : 'not known'}; whether it meets the ${limit} limit is undecided${confidenceText(outcome)}: ${undecidedText(outcome)}.${why}`;
  }
}

/** The layer in which a request of this network spends most of its time, with the resource that limits this layer. */
function slowestLayer(cost: CostEvidence, scenario: Scenario): RelatedLocation | undefined {
  const slowest = cost.layers.reduce((worst, layer) => (layer.cycles > worst.cycles ? layer : worst));
  const model = scenario.serves.find((serve) => serve.model.name === cost.model)?.model;
  const layer = model?.layers.find((candidate) => candidate.name === slowest.layer);
  if (layer === undefined) return undefined;
  const share = formatPercent(slowest.cycles / cost.cycles, 2);
  return { message: `slowest layer: ${share} of a ${cost.mode} pass. ${slowest.explanation}`, origin: layer.origin };
}

function relatedTo(result: Evidence, serve: ServeEvidence, outcome: SloOutcome, scenario: Scenario): RelatedLocation[] {
  const load = `offered ${formatRate(serve.offeredRps)}, served ${formatRate(serve.completedRps)}`;
  const caveats = result.main.caveats.filter((caveat) => affectsServe(caveat, serve.name));
  const related: RelatedLocation[] = [
    ...caveats.map((caveat) => ({ message: `caveat: ${caveatText(caveat)}`, origin: caveat.origin })),
    { message: load, origin: serve.arrivalsOrigin },
  ];
  if (outcome.slo.metric === 'accuracy') return related;
  const cost = result.layers.find((candidate) => candidate.model === serve.model && candidate.mode === 'base');
  const layer = cost === undefined || cost.layers.length === 0 ? undefined : slowestLayer(cost, scenario);
  if (layer !== undefined) related.push(layer);
  return related;
}

/**
 * The diagnostics about the objectives of a scenario, for the editor and the command line. An objective that is met has
 * none.
 */
export function sloDiagnostics(result: Evidence, scenario: Scenario): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const serve of result.main.serves) {
    for (const outcome of serve.slos) {
      if (outcome.verdict === 'met') continue;
      const finding = { text: explainSlo(serve, outcome, result.main.caveats) };
      const message =
        outcome.verdict === 'violated'
          ? engineMessages.sloViolated({ finding })
          : engineMessages.sloUndecided({ finding });
      const related = relatedTo(result, serve, outcome, scenario);
      found.push(diagnosticAt(outcome.slo.origin, message, { related }));
    }
  }
  return found;
}

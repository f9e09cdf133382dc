import { runVerdict, worstVerdict } from '../../design/index.ts';
import { type Complaint, complaintJson } from '../complaint.ts';
import type { FileReport } from '../report/index.ts';
import type { Sources } from '../source-text.ts';
import { diagnosticJson } from './diagnostics.ts';
import type { Json } from './document.ts';
import { scenarioJson } from './run.ts';

/** A file in the document of a run. A file that was not run has only its name and its diagnostics. */
export function runFileJson(
  { name, complaints, diagnostics, outcomes }: FileReport,
  sources: Sources,
  troubles: readonly Complaint[] = [],
): { readonly [key: string]: Json } {
  const ofObjectives = outcomes.flatMap((outcome) => outcome.diagnostics);
  const found = [
    ...complaints.map(complaintJson),
    ...[...diagnostics, ...ofObjectives].map((each) => diagnosticJson(each, sources)),
    ...troubles.map(complaintJson),
  ];
  if (outcomes.length === 0) return { file: name, diagnostics: found };
  return {
    file: name,
    verdict: worstVerdict(outcomes.map((outcome) => runVerdict(outcome.result.main))),
    scenarios: outcomes.map((outcome) => scenarioJson(outcome.result)),
    diagnostics: found,
  };
}

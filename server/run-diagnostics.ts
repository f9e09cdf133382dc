import { type Diagnostic, diagnosticAt, reasonWords, type Scenario, type Words } from '../design/index.ts';
import type { DocumentRun } from './document-run.ts';
import { serverMessages } from './messages.ts';

/** What the document shows of a run that failed, or that had to be ended: at its first scenario. */
export function runDiagnostics(scenarios: readonly Scenario[], run: DocumentRun | undefined): readonly Diagnostic[] {
  const [first] = scenarios;
  const problem = run?.currentProblem ?? null;
  if (first === undefined || run === undefined || problem === null) return [];
  const { origin } = first;
  const why = withoutStack(problem.message);
  switch (run.currentPhase) {
    case 'failed':
      return [diagnosticAt(origin, serverMessages.runFailed({ why }))];
    case 'cancelled':
      return [diagnosticAt(origin, serverMessages.runCancelled({ why }))];
    default:
      return [];
  }
}

/** The panel shows the stack; a diagnostic has room for the message. */
function withoutStack(message: string): Words {
  return reasonWords(message.split('\n')[0] ?? message);
}

import { type Diagnostic, diagnosticAt, reasonWords, type Scenario, type Words } from '../design/index.ts';
import type { DocumentRun } from './document-run.ts';
import { serverMessages } from './messages.ts';

/** Reports a run that failed or had to be ended, at the first scenario of the document. */
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

/** The panel shows the stack. A diagnostic has room for the message only. */
function withoutStack(message: string): Words {
  return reasonWords(message.split('\n')[0] ?? message);
}

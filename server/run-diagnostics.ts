import type { Diagnostic, Scenario } from '../design/index.ts';
import type { DocumentRun } from './document-run.ts';

/** What the document shows of a run that failed, or that had to be ended: at its first scenario. */
export function runDiagnostics(scenarios: readonly Scenario[], run: DocumentRun | undefined): readonly Diagnostic[] {
  const [first] = scenarios;
  const problem = run?.currentProblem ?? null;
  if (first === undefined || run === undefined || problem === null) return [];
  const { origin } = first;
  const code = 'run-failed';
  const message = withoutStack(problem.message);
  switch (run.currentPhase) {
    case 'failed':
      return [{ code, severity: 'warning', message: `The simulation failed: ${message}.`, origin }];
    case 'cancelled':
      return [{ code, severity: 'information', message: `The run was cancelled: ${message}.`, origin }];
    default:
      return [];
  }
}

/** The panel shows the stack; a diagnostic has room for the message. */
function withoutStack(message: string): string {
  return (message.split('\n')[0] ?? message).slice(0, 300);
}

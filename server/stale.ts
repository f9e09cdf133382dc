import { type Diagnostic, diagnosticAt } from '../design/index.ts';
import { serverMessages } from './messages.ts';

/** A finding of an earlier text: kept in sight, never as if it were fresh. */
export function staleDiagnostic(diagnostic: Diagnostic): Diagnostic {
  const message = serverMessages.staleResult({ finding: { text: diagnostic.message } });
  return { ...diagnostic, ...diagnosticAt(diagnostic.origin, message) };
}

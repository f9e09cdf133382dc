import { type Diagnostic, diagnosticAt } from '../design/index.ts';
import { serverMessages } from './messages.ts';

/** Marks a diagnostic of an earlier text. It stays visible and is clearly not fresh. */
export function staleDiagnostic(diagnostic: Diagnostic): Diagnostic {
  const message = serverMessages.staleResult({ finding: { text: diagnostic.message } });
  return { ...diagnostic, ...diagnosticAt(diagnostic.origin, message) };
}

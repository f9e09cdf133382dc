import type { Diagnostic } from '../design/index.ts';

/** A finding of an earlier text: kept in sight, never as if it were fresh. */
export function staleDiagnostic(diagnostic: Diagnostic): Diagnostic {
  return {
    ...diagnostic,
    severity: 'information',
    code: 'stale-result',
    message: `Before this edit: ${diagnostic.message} Save to simulate again.`,
  };
}

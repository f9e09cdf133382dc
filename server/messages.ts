import { type MessageRegistry, message, type Words } from '../design/index.ts';

/** The messages of the server, in addition to those of the language, the formats and the engine. */
export const serverMessages = {
  /** `place` is the file and the line. `first` is the message of the first error there. */
  importHasErrors: message(
    'import-has-errors',
    ({ place, first, count }: { readonly place: string; readonly first: string; readonly count: number }) => {
      const others = count === 1 ? '' : ` The import leads to ${count} errors in all.`;
      return `${place} has an error: ${first.replace(/\.$/u, '')}.${others} Fix it to simulate this file.`;
    },
  ),
  runFailed: message('run-failed', ({ why }: { readonly why: Words }) => `The simulation failed: ${why.text}.`),
  runCancelled: message(
    'run-failed',
    ({ why }: { readonly why: Words }) => `The run was cancelled: ${why.text}.`,
    'information',
  ),
  /** `finding` is the message for an earlier text of the file. */
  staleResult: message(
    'stale-result',
    ({ finding }: { readonly finding: Words }) => `Before this edit: ${finding.text} Save to simulate again.`,
  ),
} as const satisfies MessageRegistry;

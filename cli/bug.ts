import { safeText } from '../design/index.ts';
import { wantsJson } from './arguments.ts';
import { exitCodes } from './exit-code.ts';
import { plainDiagnosticJson } from './json/diagnostics.ts';
import { renderDocument } from './json/document.ts';
import { paintFor } from './render/paint.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Reports a bug in Stimpack, with everything that a bug report needs. */
export function renderBug(args: readonly string[], error: unknown, terminal: Terminal): void {
  terminal.progress?.('');
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  if (wantsJson(args)) {
    const diagnostics = [plainDiagnosticJson('internal-error', message, null)];
    terminal.out(renderDocument(args[0] ?? '', exitCodes.bug, { diagnostics }));
  }
  const paint = paintFor(terminal.errorLook.colour);
  terminal.err(
    [
      `${paint.bold(paint.red('internal error'))}${paint.bold(`: ${safeText(message, 1000)}`)}`,
      '',
      'This is a bug in Stimpack, not in your file. Please report it with the lines below and, if you may, the .npu file:',
      '',
      `  stimpack ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
      `  arguments: ${JSON.stringify(args)}`,
      ...stack.split('\n').map((line) => `  ${line}`),
      '',
    ].join('\n'),
  );
}

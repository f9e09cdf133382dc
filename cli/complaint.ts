import { type ExitCode, exitCodes } from './exit-code.ts';
import { plainDiagnosticJson } from './json/diagnostics.ts';
import { renderDocument } from './json/document.ts';
import type { ComplaintCode } from './messages.ts';
import { paintFor } from './render/paint.ts';
import { reportOf } from './render/safe-lines.ts';
import { wrap } from './render/text-width.ts';
import type { Terminal } from './terminal.ts';

export interface Complaint {
  readonly code: ComplaintCode;
  readonly message: string;
  readonly file?: string;
  /** What to do next, for people. */
  readonly hint?: string;
}

/** Reports a problem of the input as a whole: to people on `err`, to scripts as a document on `out`. Returns exit code 2. */
export function complain(command: string, json: boolean, complaint: Complaint, terminal: Terminal): ExitCode {
  return complainOfAll(command, json, [complaint], terminal);
}

/** Reports several problems as `complain` reports one. As JSON, they are one document. */
export function complainOfAll(
  command: string,
  json: boolean,
  complaints: readonly Complaint[],
  terminal: Terminal,
): ExitCode {
  if (json) terminal.out(renderDocument(command, exitCodes.badInput, { diagnostics: complaints.map(complaintJson) }));
  else for (const complaint of complaints) terminal.err(renderComplaint(complaint, terminal));
  return exitCodes.badInput;
}

/** As `complain`, for the rest of a command. The formats of other programs have no place for wrong usage, so people get it. */
export function refusal(command: string, format: string, terminal: Terminal): (complaint: Complaint) => ExitCode {
  return (complaint) => complain(command, format === 'json', complaint, terminal);
}

export function complaintJson({ code, message, file }: Complaint): ReturnType<typeof plainDiagnosticJson> {
  return plainDiagnosticJson(code, message, file ?? null);
}

export function renderComplaint(complaint: Complaint, terminal: Terminal): string {
  const { errorLook } = terminal;
  const paint = paintFor(errorLook.colour);
  const head = `error[${complaint.code}]`;
  const [first = '', ...rest] = wrap(`${head}: ${complaint.message}`, errorLook.width - 2);
  // Indented, because a name in the message may look like the first word of our diagnostics, which problem matchers recognize at the start
  // of a line.
  const lines = [
    paint.bold(paint.red(head)) + paint.bold(first.slice(head.length)),
    ...rest.map((line) => `  ${line}`),
  ];
  if (complaint.hint !== undefined) lines.push(paint.dim(complaint.hint));
  return reportOf(lines);
}

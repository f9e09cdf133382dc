import { type Design, type Diagnostic, type DiagnosticCode, hasErrors } from '../design/index.ts';
import type { CommandContext } from './command.ts';
import { complain } from './complaint.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findInput } from './input-file.ts';
import { diagnosticJson } from './json/diagnostics.ts';
import { renderDocument } from './json/document.ts';
import { countText, renderDiagnostics, sortDiagnostics } from './render/diagnostics.ts';
import { reportOf } from './render/safe-lines.ts';
import { createSources, type Sources } from './source-text.ts';

export interface OpenedDesign {
  readonly uri: string;
  readonly design: Design;
  /** Warnings and less severe diagnostics, and tolerated errors. Any other error would have ended the command. */
  readonly diagnostics: readonly Diagnostic[];
  /** The errors that the command tolerates. Most commands tolerate none. */
  readonly tolerated: readonly Diagnostic[];
  readonly sources: Sources;
}

/**
 * Opens and checks the design for a command. If this fails, it reports the reason and returns the exit code. `tolerates`: errors with this
 * code are reported, but do not end the command.
 */
export async function openDesign(
  command: string,
  name: string,
  json: boolean,
  { terminal, engine }: CommandContext,
  tolerates?: DiagnosticCode,
): Promise<OpenedDesign | ExitCode> {
  const input = await findInput(name, terminal.directory);
  if (input.kind === 'problem') {
    return complain(command, json, { code: input.code, message: input.message, file: name }, terminal);
  }
  const program = await engine.open(input.uri);
  const sources = createSources((uri) => engine.readText(uri), terminal.directory);
  const diagnostics = sortDiagnostics(program.diagnostics);
  const tolerated = diagnostics.filter(({ code, severity }) => code === tolerates && severity === 'error');
  if (hasErrors(diagnostics.filter((each) => !tolerated.includes(each)))) {
    if (json) {
      const content = { file: name, diagnostics: diagnostics.map((each) => diagnosticJson(each, sources)) };
      terminal.out(renderDocument(command, exitCodes.badInput, content));
    } else {
      terminal.err(renderDiagnostics(diagnostics, sources, terminal.errorLook));
      terminal.err(reportOf([`${name} was not run: ${countText(diagnostics)}`]));
    }
    return exitCodes.badInput;
  }
  if (!json) terminal.err(renderDiagnostics(diagnostics, sources, terminal.errorLook));
  return { uri: input.uri, design: program.design, diagnostics, tolerated, sources };
}

import { type Design, type Diagnostic, type DiagnosticCode, hasErrors } from '../design/index.ts';
import type { CommandContext } from './command.ts';
import { type Complaint, complain } from './complaint.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { standardInputArgument } from './input/named-files.ts';
import { applySettings, type Setting } from './input/settings.ts';
import { readStandardInput } from './input/standard-input.ts';
import { findInput } from './input-file.ts';
import { diagnosticJson } from './json/diagnostics.ts';
import { renderDocument } from './json/document.ts';
import { countText, renderDiagnostics, sortDiagnostics } from './render/diagnostics.ts';
import { reportOf } from './render/safe-lines.ts';
import { createSources, type Sources } from './source-text.ts';

/** A design with all its diagnostics, errors included. */
export interface ReadDesign {
  readonly kind: 'design';
  readonly uri: string;
  readonly design: Design;
  /** By file and place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

export interface OpenedDesign extends ReadDesign {
  /** The errors that the command tolerates. Most commands tolerate none. */
  readonly tolerated: readonly Diagnostic[];
}

/** Reads and checks a design, or the one on standard input (`-`), with the given values of its `let`s. Prints nothing. */
export async function readDesign(
  name: string,
  settings: readonly Setting[],
  context: CommandContext,
): Promise<ReadDesign | { readonly kind: 'complaint'; readonly complaint: Complaint }> {
  const { terminal, engine } = context;
  const isPiped = name === standardInputArgument;
  const input = isPiped ? await readStandardInput(context) : await findInput(name, terminal.directory);
  if (input.kind === 'problem')
    return { kind: 'complaint', complaint: { code: input.code, message: input.message, file: input.name } };
  if (isPiped) engine.giveText(input.uri, new TextDecoder().decode(input.bytes));
  return designAt(input.uri, input.name, settings, context);
}

/** The same for a URI that the engine can read. */
export async function designAt(
  uri: string,
  name: string,
  settings: readonly Setting[],
  { engine, terminal }: Pick<CommandContext, 'engine' | 'terminal'>,
): Promise<ReadDesign | { readonly kind: 'complaint'; readonly complaint: Complaint }> {
  const unset = await applySettings(uri, settings, engine);
  if (unset !== undefined) return { kind: 'complaint', complaint: { ...unset, file: name } };
  const program = await engine.open(uri);
  const sources = createSources((each) => engine.readText(each), terminal.directory);
  const diagnostics = sortDiagnostics(program.diagnostics);
  return { kind: 'design', uri, design: program.design, diagnostics, sources };
}

/** Reports, for people, that a design was not run and why. Or, for a design without errors, its warnings. */
export function reportDesign({ diagnostics, sources }: ReadDesign, name: string, { terminal }: CommandContext): void {
  terminal.err(renderDiagnostics(diagnostics, sources, terminal.errorLook));
  if (hasErrors(diagnostics)) terminal.err(reportOf([`${name} was not run: ${countText(diagnostics)}`]));
}

/**
 * Opens and checks the design for a command. If this fails, it reports the reason and returns the exit code. `tolerates`: errors with this
 * code are reported, but do not end the command.
 */
export async function openDesign(
  command: string,
  name: string,
  json: boolean,
  context: CommandContext,
  { tolerates, settings = [] }: { readonly tolerates?: DiagnosticCode; readonly settings?: readonly Setting[] } = {},
): Promise<OpenedDesign | ExitCode> {
  const { terminal } = context;
  const read = await readDesign(name, settings, context);
  if (read.kind === 'complaint') return complain(command, json, read.complaint, terminal);
  const { diagnostics, sources } = read;
  const tolerated = diagnostics.filter(({ code, severity }) => code === tolerates && severity === 'error');
  if (hasErrors(diagnostics.filter((each) => !tolerated.includes(each)))) {
    if (json) {
      const content = { file: name, diagnostics: diagnostics.map((each) => diagnosticJson(each, sources)) };
      terminal.out(renderDocument(command, exitCodes.badInput, content));
    } else reportDesign(read, name, context);
    return exitCodes.badInput;
  }
  if (!json) terminal.err(renderDiagnostics(diagnostics, sources, terminal.errorLook));
  return { ...read, tolerated };
}

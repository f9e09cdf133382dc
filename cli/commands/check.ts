import { type Diagnostic, hasErrors } from '../../design/index.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { findInput } from '../input-file.ts';
import { diagnosticJson, plainDiagnosticJson } from '../json/diagnostics.ts';
import { renderDocument } from '../json/document.ts';
import { countText, renderDiagnostics, sortDiagnostics } from '../render/diagnostics.ts';
import { paintFor } from '../render/paint.ts';
import { createSources } from '../source-text.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'check .npu files without running them',
  description:
    'Checks files and everything that they import. Exit codes: 0 if there are no errors (warnings are allowed), 2 if there is an error or a ' +
    'file cannot be read.',
  positional: { name: 'FILE', many: true, help: 'a .npu file' },
  options: [formatOption('text', 'json')],
  examples: ['stimpack check examples/rush.npu', 'stimpack check designs/*.npu --format json'],
  run: check,
};

async function check(invocation: Invocation, { terminal, engine }: CommandContext): Promise<ExitCode> {
  const sources = createSources((uri) => engine.readText(uri), terminal.directory);
  const complaints: Complaint[] = [];
  const found = new Map<string, Diagnostic>();
  for (const name of invocation.positionals) {
    const input = await findInput(name, terminal.directory);
    if (input.kind === 'problem') {
      complaints.push({ code: input.code, message: input.message, file: input.name });
      continue;
    }
    // Two files that import the same third file both report its problems. Each problem is shown once.
    const { diagnostics } = await engine.open(input.uri);
    for (const each of diagnostics) {
      found.set([each.origin.uri, each.origin.start, each.origin.end, each.code, each.message].join('\n'), each);
    }
  }
  const diagnostics = sortDiagnostics([...found.values()]);
  const exitCode = complaints.length > 0 || hasErrors(diagnostics) ? exitCodes.badInput : exitCodes.ok;
  if (invocation.options.get('format') === 'json') {
    terminal.out(
      renderDocument('check', exitCode, {
        files: [...invocation.positionals],
        errorCount: complaints.length + diagnostics.filter((each) => each.severity === 'error').length,
        warningCount: diagnostics.filter((each) => each.severity === 'warning').length,
        diagnostics: [
          ...complaints.map((each) => plainDiagnosticJson(each.code, each.message, each.file ?? null)),
          ...diagnostics.map((each) => diagnosticJson(each, sources)),
        ],
      }),
    );
    return exitCode;
  }
  for (const complaint of complaints) terminal.err(renderComplaint(complaint, terminal));
  terminal.out(renderDiagnostics(diagnostics, sources, terminal.look));
  const readable = invocation.positionals.length - complaints.length;
  if (readable > 0) terminal.out(`${summary(diagnostics, readable, terminal.look.colour)}\n`);
  return exitCode;
}

function summary(diagnostics: readonly Diagnostic[], files: number, colour: boolean): string {
  const paint = paintFor(colour);
  const text = `${countText(diagnostics)} in ${files} file${files === 1 ? '' : 's'}`;
  if (hasErrors(diagnostics)) return paint.bold(paint.red(text));
  return diagnostics.some((each) => each.severity === 'warning') ? paint.yellow(text) : paint.green(text);
}

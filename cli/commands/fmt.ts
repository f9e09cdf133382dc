import { fileURLToPath } from 'node:url';
import { format, parse } from '../../language/index.ts';
import type { Command, CommandContext, Invocation } from '../command.ts';
import { type Complaint, complain, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { namedFiles, standardInputArgument } from '../input/named-files.ts';
import { readStandardInput } from '../input/standard-input.ts';
import { findInput, type InputFile } from '../input-file.ts';
import { writeOutput } from '../output-file.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { reportOf } from '../render/safe-lines.ts';
import { createSources } from '../source-text.ts';
import type { Terminal } from '../terminal.ts';

export const fmtCommand: Command = {
  name: 'fmt',
  summary: 'format .npu files',
  description:
    'Formats files in place and lists the ones that it changed. With --check, it writes nothing and lists the files that it would change. ' +
    'A folder means all .npu files in it and below. - formats standard input and prints the result. A file that cannot be parsed stays ' +
    'unchanged. Exit codes: 0 for success, 1 if --check found a file to format, 2 if a file could not ' +
    'be formatted.',
  positional: {
    name: 'FILE',
    many: true,
    help: 'a .npu file, a folder, a pattern such as "designs/**/*.npu", or - for standard input',
  },
  options: [
    { name: 'check', help: 'only list the files that would change' },
    { name: 'quiet', short: 'q', help: 'do not print the number of files' },
  ],
  examples: ['stimpack fmt designs', 'stimpack fmt --check examples/*.npu', 'stimpack fmt - < rush.npu'],
  run: fmt,
};

type Formatted = 'unchanged' | 'changed' | 'failed';

async function fmt(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const check = invocation.options.has('check');
  if (invocation.positionals.includes(standardInputArgument)) return formatInput(invocation, check, context);
  const { names, complaints } = await namedFiles(invocation.positionals, terminal.directory);
  for (const complaint of complaints) terminal.err(renderComplaint(complaint, terminal));
  const results: Formatted[] = complaints.map(() => 'failed');
  for (const name of names) {
    const input = await findInput(name, terminal.directory);
    const result = await formatFile(input, check, terminal);
    if (result === 'changed') terminal.out(reportOf([asListed(name)]));
    results.push(result);
  }
  const changed = results.filter((result) => result === 'changed').length;
  const failed = results.filter((result) => result === 'failed').length;
  const left = failed === 0 ? '' : `, ${failed} left as ${failed === 1 ? 'it is' : 'they are'}`;
  const word = check ? 'to format' : 'rewritten';
  if (!invocation.options.has('quiet'))
    terminal.err(`${changed} of ${results.length} file${results.length === 1 ? '' : 's'} ${word}${left}\n`);
  if (failed > 0) return exitCodes.badInput;
  return check && changed > 0 ? exitCodes.unmet : exitCodes.ok;
}

/** Prints the formatted text of standard input, for editors and pipes. With `--check`, prints nothing: the exit code is the answer. */
async function formatInput(invocation: Invocation, check: boolean, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  if (invocation.positionals.length > 1) {
    const message = "'fmt -' formats standard input and no other file; format the files with a second command";
    return complain('fmt', false, { code: 'usage', message }, terminal);
  }
  const input = await readStandardInput(context);
  const text = input.kind === 'problem' ? undefined : decode(input.bytes);
  const formatted = text === undefined ? undefined : formattedText(text, input, terminal);
  if (input.kind === 'problem') terminal.err(renderComplaint({ code: input.code, message: input.message }, terminal));
  if (formatted === undefined) return exitCodes.badInput;
  if (!check) terminal.out(formatted);
  return check && formatted !== text ? exitCodes.unmet : exitCodes.ok;
}

/** Problem matchers recognize our diagnostics by the beginning of a line, so a file name must not look like one. */
function asListed(name: string): string {
  return /^(error|warning|info)\[|^\s*-->/u.test(name) ? `./${name}` : name;
}

async function formatFile(input: InputFile, check: boolean, terminal: Terminal): Promise<Formatted> {
  if (input.kind === 'problem') {
    terminal.err(renderComplaint({ code: input.code, message: input.message, file: input.name }, terminal));
    return 'failed';
  }
  const path = fileURLToPath(input.uri);
  const text = decode(input.bytes);
  if (text === undefined) {
    const message = `${input.name} is not UTF-8, so formatting would change its content; save it as UTF-8`;
    terminal.err(renderComplaint({ code: 'not-text', message, file: input.name }, terminal));
    return 'failed';
  }
  const formatted = formattedText(text, input, terminal);
  if (formatted === undefined) return 'failed';
  if (formatted === text) return 'unchanged';
  if (check) return 'changed';
  // Its input is its output.
  const complaint = (await changedMeanwhile(input, terminal)) ?? writeOutput(path, terminal.directory, formatted, []);
  if (complaint === undefined) return 'changed';
  terminal.err(renderComplaint({ ...complaint, file: input.name }, terminal));
  return 'failed';
}

/** Undefined if the text cannot be parsed, which is reported. */
function formattedText(text: string, input: InputFile, terminal: Terminal): string | undefined {
  const tree = parse(text, input.kind === 'file' ? input.uri : '');
  if (!tree.diagnostics.some((each) => each.severity === 'error')) return format(tree);
  const sources = createSources(() => text, terminal.directory);
  terminal.err(renderDiagnostics(tree.diagnostics, sources, terminal.errorLook));
  return undefined;
}

/** Looks again before a file is replaced: formatting takes a moment, in which an editor may have saved it. */
async function changedMeanwhile(
  { name, bytes }: InputFile & { kind: 'file' },
  { directory }: Terminal,
): Promise<Complaint | undefined> {
  const now = await findInput(name, directory);
  if (now.kind === 'file' && Buffer.compare(now.bytes, bytes) === 0) return undefined;
  const message = `cannot write ${name}: another program changed it in the meantime; format it again`;
  return { code: 'cannot-write', message, file: name };
}

/** Keeps the byte order mark, because the formatter keeps it. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

import { type Diagnostic, hasErrors } from '../../design/index.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { complaintJson, refusal, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { namedFiles, standardInputArgument } from '../input/named-files.ts';
import { readSettings, setOption } from '../input/settings.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { renderDocument } from '../json/document.ts';
import { readDesign } from '../open-design.ts';
import { countText, renderDiagnostics, sortDiagnostics } from '../render/diagnostics.ts';
import { paintFor } from '../render/paint.ts';
import {
  type CommandReport,
  eachOnce,
  type FileReport,
  isReportFormat,
  renderReport,
  reportFormats,
  unnamedFiles,
} from '../report/index.ts';
import { createSources } from '../source-text.ts';
import { watchOption, whileWatching } from '../watch.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'check .npu files without running them',
  description:
    'Checks files and everything that they import. A folder means all .npu files in it and below. Exit codes: 0 if there are no errors ' +
    '(warnings are allowed), 2 if there is an error or a file cannot be read.',
  positional: {
    name: 'FILE',
    many: true,
    help: 'a .npu file, a folder, a pattern such as "designs/**/*.npu", or - for standard input',
  },
  options: [
    setOption,
    formatOption('text', 'json', ...reportFormats),
    { name: 'quiet', short: 'q', help: 'print nothing if there is no problem' },
    watchOption,
  ],
  examples: [
    'stimpack check examples/rush.npu',
    'stimpack check designs --format json',
    "stimpack check 'designs/**/*.npu' --format sarif > check.sarif",
    'git show HEAD:rush.npu | stimpack check -',
  ],
  run: check,
};

async function check(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const format = invocation.options.get('format') ?? 'text';
  const refuse = refusal('check', format, terminal);
  const settings = readSettings(invocation.lists.get('set') ?? []);
  if ('code' in settings) return refuse(settings);
  const named = () => namedFiles(invocation.positionals, terminal.directory);
  const once = async (): Promise<ExitCode> => {
    const { names, complaints } = await named();
    const files: FileReport[] = [];
    for (const name of names) {
      const read = await readDesign(name, settings, context);
      files.push(
        read.kind === 'complaint'
          ? { name, complaints: [read.complaint], diagnostics: [], outcomes: [] }
          : { name, complaints: [], diagnostics: read.diagnostics, outcomes: [] },
      );
    }
    return reportCheck(invocation, [...unnamedFiles(complaints), ...files], context);
  };
  if (!invocation.options.has('watch')) return once();
  if (invocation.positionals.includes(standardInputArgument)) {
    return refuse({ code: 'usage', message: "'--watch' cannot watch standard input; name a file" });
  }
  return whileWatching(context, async () => (await named()).names, once);
}

function reportCheck(
  invocation: Invocation,
  files: readonly FileReport[],
  { terminal, engine }: CommandContext,
): ExitCode {
  const format = invocation.options.get('format') ?? 'text';
  const sources = createSources((uri) => engine.readText(uri), terminal.directory);
  const report: CommandReport = { command: 'check', files, sources };
  const complaints = files.flatMap((file) => file.complaints);
  const diagnostics = sortDiagnostics(eachOnce(files.flatMap((file) => file.diagnostics)));
  const exitCode = complaints.length > 0 || hasErrors(diagnostics) ? exitCodes.badInput : exitCodes.ok;
  if (isReportFormat(format)) terminal.out(renderReport(report, format, exitCode));
  else if (format === 'json') {
    terminal.out(
      renderDocument('check', exitCode, {
        files: files.map((file) => file.name),
        errorCount: complaints.length + diagnostics.filter((each) => each.severity === 'error').length,
        warningCount: diagnostics.filter((each) => each.severity === 'warning').length,
        diagnostics: [...complaints.map(complaintJson), ...diagnostics.map((each) => diagnosticJson(each, sources))],
      }),
    );
  } else {
    for (const complaint of complaints) terminal.err(renderComplaint(complaint, terminal));
    terminal.out(renderDiagnostics(diagnostics, sources, terminal.look));
    const readable = files.filter((file) => file.complaints.length === 0).length;
    const isSilent = invocation.options.has('quiet') && diagnostics.every(({ severity }) => severity === 'hint');
    if (readable > 0 && !isSilent) terminal.out(`${summary(diagnostics, readable, terminal.look.colour)}\n`);
  }
  return exitCode;
}

function summary(diagnostics: readonly Diagnostic[], files: number, colour: boolean): string {
  const paint = paintFor(colour);
  const text = `${countText(diagnostics)} in ${files} file${files === 1 ? '' : 's'}`;
  if (hasErrors(diagnostics)) return paint.bold(paint.red(text));
  return diagnostics.some((each) => each.severity === 'warning') ? paint.yellow(text) : paint.green(text);
}

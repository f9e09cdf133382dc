import { type Diagnostic, hasErrors, runVerdict, worstVerdict } from '../../design/index.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complaintJson, refusal, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { jobsOption } from '../input/jobs.ts';
import { namedFiles, standardInputArgument } from '../input/named-files.ts';
import { seedOption } from '../input/seed.ts';
import { setOption } from '../input/settings.ts';
import { renderDocument } from '../json/document.ts';
import { runFileJson } from '../json/run-file.ts';
import { reportStopped } from '../long-work.ts';
import { type ReadDesign, readDesign, reportDesign } from '../open-design.ts';
import { reportOf } from '../render/safe-lines.ts';
import { type FileReport, isReportFormat, renderReport, reportFormats, unnamedFiles } from '../report/index.ts';
import { fileTrouble, writeFiles } from '../run/output-files.ts';
import { type Chosen, type RunRequest, requestOf } from '../run/request.ts';
import { simulate } from '../run/simulate.ts';
import { createSources } from '../source-text.ts';
import { watchOption, whileWatching } from '../watch.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'simulate scenarios and report which objectives they meet',
  description:
    'Simulates every scenario of the files, or the one that you name. A folder means all .npu files in it and below that have a scenario. ' +
    'Exit codes: 0 if every objective is met, 1 if one is violated or undecided, 2 for bad input.',
  positional: {
    name: 'FILE',
    many: true,
    help: 'a .npu file, a folder, a pattern such as "designs/**/*.npu", or - for standard input',
  },
  options: [
    { name: 'scenario', short: 's', value: 'S', help: 'run only this scenario' },
    seedOption,
    setOption,
    formatOption('text', 'json', ...reportFormats),
    {
      name: 'trace',
      value: 'OUT',
      help: 'write the activities of the chips as a trace for Perfetto (ui.perfetto.dev)',
    },
    { name: 'html', value: 'OUT', help: "write a self-contained HTML page with the panel's plots" },
    { name: 'quiet', short: 'q', help: 'print only problems and the objectives that are not met' },
    jobsOption('the number of scenarios to simulate at the same time; 1 by default'),
    watchOption,
  ],
  examples: [
    'stimpack run examples/rush.npu',
    'stimpack run examples/rush.npu --set peak=9000rps --seed 7 --format json',
    'stimpack run designs -j 4 --format junit > objectives.xml',
    'stimpack run examples/rush.npu --html rush.html',
  ],
  run,
};

async function run(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const refuse = refusal('run', invocation.options.get('format') ?? 'text', terminal);
  const request = requestOf(invocation, context);
  if ('code' in request) return refuse(request);
  const named = () => namedFiles(invocation.positionals, terminal.directory);
  const once = async (): Promise<ExitCode> => {
    const { names, complaints, isList } = await named();
    if (!isList) return runFiles(names, request, context);
    return runFiles(names, request, context, complaints);
  };
  if (!invocation.options.has('watch')) return once();
  if (invocation.positionals.includes(standardInputArgument)) {
    return refuse({ code: 'usage', message: "'--watch' cannot watch standard input; name a file" });
  }
  return whileWatching(context, async () => (await named()).names, once);
}

/** `missing`: the arguments that name no file. Given if the files are a list, which JSON then shows as a list, even of one file. */
async function runFiles(
  names: readonly string[],
  request: RunRequest,
  context: CommandContext,
  missing?: readonly Complaint[],
): Promise<ExitCode> {
  const { terminal, engine } = context;
  const isText = request.format === 'text';
  const isJson = request.format === 'json';
  const isList = missing !== undefined;
  const reports = new Map<string, FileReport>();
  const chosen: Chosen[] = [];
  const fail = (name: string, complaint: Complaint, diagnostics: readonly Diagnostic[] = []): void => {
    reports.set(name, { name, complaints: [complaint], diagnostics, outcomes: [] });
    if (isText) terminal.err(renderComplaint(complaint, terminal));
  };
  for (const complaint of missing ?? []) if (isText) terminal.err(renderComplaint(complaint, terminal));
  for (const name of names) {
    const read = await readDesign(name, request.settings, context);
    if (read.kind === 'complaint') {
      fail(name, read.complaint);
      continue;
    }
    reports.set(name, { name, complaints: [], diagnostics: read.diagnostics, outcomes: [] });
    if (isText) reportDesign(read, name, context);
    if (hasErrors(read.diagnostics)) continue;
    // In a folder, files without a scenario are parts of other designs.
    if (isList && !hasScenario(read, request.scenario)) continue;
    const scenarios = chooseScenarios(read.design.scenarios, read.uri, request.scenario);
    if (typeof scenarios === 'string') {
      fail(name, { code: 'unknown-scenario', message: scenarios, file: name }, read.diagnostics);
    } else chosen.push({ name, read, scenarios });
  }
  const unwritable = fileTrouble(chosen, request, context);
  if (unwritable !== undefined) return refusal('run', request.format, terminal)(unwritable);

  const finished = await simulate(chosen, request, context);
  if (typeof finished === 'string') return reportStopped('run', isJson, finished, context);
  for (const [name, outcomes] of finished) {
    const report = reports.get(name);
    if (report !== undefined) reports.set(name, { ...report, outcomes });
  }
  const outcomes = [...finished.values()].flat();
  const troubles = writeFiles(chosen, outcomes, request, context);
  if (isText) for (const trouble of troubles) terminal.err(renderComplaint(trouble, terminal));

  const files = [...unnamedFiles(missing ?? []), ...reports.values()];
  const verdict = outcomes.length === 0 ? null : worstVerdict(outcomes.map((each) => runVerdict(each.result.main)));
  const isBad = troubles.length > 0 || files.some((file) => file.complaints.length > 0 || hasErrors(file.diagnostics));
  const nothing = outcomes.length === 0 && !isBad;
  if (nothing && isText) {
    const called = request.scenario === undefined ? 'a scenario' : `a scenario '${request.scenario}'`;
    terminal.err(reportOf([`no file has ${called}: there is nothing to run`]));
  }
  const exitCode = isBad || nothing ? exitCodes.badInput : verdict === 'met' ? exitCodes.ok : exitCodes.unmet;
  const sources = createSources((uri) => engine.readText(uri), terminal.directory);
  if (isReportFormat(request.format)) {
    const report = { command: 'run', files: withTroubles(files, troubles), sources };
    terminal.out(renderReport(report, request.format, exitCode));
  } else if (isJson && missing === undefined) {
    const [file] = files;
    const content = file === undefined ? {} : runFileJson(file, sources, troubles);
    terminal.out(renderDocument('run', exitCode, content));
  } else if (isJson) {
    const perFile = [...reports.values()].map((file) => runFileJson(file, sources));
    const diagnostics = [...(missing ?? []), ...troubles].map(complaintJson);
    terminal.out(renderDocument('run', exitCode, { verdict, files: perFile, diagnostics }));
  }
  return exitCode;
}

/** Whether a file declares a scenario, or this one. */
function hasScenario({ uri, design }: ReadDesign, wanted: string | undefined): boolean {
  return design.scenarios.some(({ origin, name }) => origin.uri === uri && (wanted ?? name) === name);
}

function withTroubles(files: readonly FileReport[], troubles: readonly Complaint[]): readonly FileReport[] {
  const [first, ...rest] = files;
  if (first === undefined || troubles.length === 0) return files;
  return [{ ...first, complaints: [...first.complaints, ...troubles] }, ...rest];
}

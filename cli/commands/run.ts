import { type Diagnostic, formatSeconds, runVerdict, type ScenarioResult, worstVerdict } from '../../design/index.ts';
import { writeChromeTrace } from '../../formats/index.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain, complaintJson, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { htmlPage } from '../html-page.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { renderDocument } from '../json/document.ts';
import { scenarioJson } from '../json/run.ts';
import { blankLine, longWork, reportStopped } from '../long-work.ts';
import { openDesign } from '../open-design.ts';
import { foreseeTrouble, writeOutput } from '../output-file.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { renderRunReport } from '../render/run-report/index.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'simulate scenarios and report which objectives they meet',
  description:
    'Simulates every scenario of the file, or the one that you name. Exit codes: 0 if every objective is met, 1 if one is violated or ' +
    'undecided, 2 for bad input.',
  positional: { name: 'FILE', many: false, help: 'a .npu file' },
  options: [
    { name: 'scenario', short: 's', value: 'S', help: 'run only this scenario' },
    { name: 'seed', value: 'N', help: 'the seed of the random streams, instead of the seed in the scenario' },
    formatOption('text', 'json'),
    {
      name: 'trace',
      value: 'OUT',
      help: 'write the activities of the chips as a trace for Perfetto (ui.perfetto.dev)',
    },
    { name: 'html', value: 'OUT', help: "write a self-contained HTML page with the panel's plots" },
  ],
  examples: [
    'stimpack run examples/rush.npu',
    'stimpack run examples/rush.npu --seed 7 --format json',
    'stimpack run examples/rush.npu --html rush.html',
  ],
  run,
};

/** As `seed:` of a scenario. */
const largestSeed = 2 ** 32 - 1;

interface Outcome {
  readonly result: ScenarioResult;
  readonly diagnostics: readonly Diagnostic[];
}

async function run(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal, engine } = context;
  const { options } = invocation;
  const json = options.get('format') === 'json';
  const [name = ''] = invocation.positionals;
  const refuse = (complaint: Complaint): ExitCode => complain('run', json, complaint, terminal);

  const seed = options.has('seed') ? Number(options.get('seed')) : undefined;
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= largestSeed)) {
    return refuse({
      code: 'usage',
      message: `'--seed' is a whole number from 0 to ${largestSeed}, not '${options.get('seed') ?? ''}'`,
    });
  }
  const opened = await openDesign('run', name, json, context);
  if (typeof opened === 'number') return opened;
  const chosen = chooseScenarios(opened.design.scenarios, opened.uri, options.get('scenario'));
  if (typeof chosen === 'string') return refuse({ code: 'unknown-scenario', message: chosen, file: name });

  const html = options.get('html');
  const trace = options.get('trace');
  const panel = html === undefined ? undefined : context.readPanel();
  if (html !== undefined && panel === undefined)
    throw new Error("the panel's bundle is missing beside the command line");
  if (trace !== undefined && chosen.length > 1) {
    const names = chosen.map((scenario) => scenario.name).join(', ');
    return refuse({ code: 'usage', message: `a trace shows one scenario: name it with --scenario (${names})` });
  }
  for (const file of [html, trace]) {
    const trouble = file === undefined ? undefined : foreseeTrouble(file, terminal.directory);
    if (trouble !== undefined) return refuse(trouble);
  }

  const outcomes: Outcome[] = [];
  for (const declared of chosen) {
    const scenario = seed === undefined ? declared : { ...declared, seed };
    const separate = blankLine(context, !json && outcomes.length > 0);
    const result = await longWork(
      context,
      (fraction) => ({ name: scenario.name, fraction }),
      (onProgress, stop) => engine.simulate(scenario, onProgress, stop),
      separate,
    );
    if (result === undefined) {
      const message = stoppedMessage(scenario.name, outcomes.length, chosen.length, [html, trace]);
      return reportStopped('run', json, message, context);
    }
    const outcome = { result, diagnostics: engine.sloDiagnostics(result, scenario) };
    outcomes.push(outcome);
    // Each report is written when it is ready, so the first one can be read while the second scenario runs.
    if (!json) {
      separate();
      const report = renderRunReport(result, terminal.look);
      const complaints = renderDiagnostics(outcome.diagnostics, opened.sources, terminal.look);
      terminal.out(`${report}${complaints === '' ? '' : `\n${complaints.trimEnd()}\n`}`);
    }
  }
  const results = outcomes.map((outcome) => outcome.result);
  const written: (readonly [file: string | undefined, render: () => string])[] = [
    [html, () => (panel === undefined ? '' : htmlPage(opened.uri, name, results, panel))],
    [trace, () => results.map(writeChromeTrace).join('')],
  ];
  // A file that cannot be written does not cost the results: they are reported all the same.
  const troubles: Complaint[] = [];
  for (const [file, render] of written) {
    const trouble = file === undefined ? undefined : writeOutput(file, terminal.directory, render());
    if (trouble !== undefined) troubles.push(trouble);
    else if (file !== undefined && file === trace) terminal.err(traceNote(trace, results));
  }
  const verdict = worstVerdict(outcomes.map((outcome) => runVerdict(outcome.result.main)));
  const exitCode = troubles.length > 0 ? exitCodes.badInput : verdict === 'met' ? exitCodes.ok : exitCodes.unmet;
  if (!json) for (const trouble of troubles) terminal.err(renderComplaint(trouble, terminal));
  if (json) {
    const diagnostics = [...opened.diagnostics, ...outcomes.flatMap((outcome) => outcome.diagnostics)];
    terminal.out(
      renderDocument('run', exitCode, {
        file: name,
        verdict,
        scenarios: outcomes.map((outcome) => scenarioJson(outcome.result)),
        diagnostics: [
          ...diagnostics.map((each) => diagnosticJson(each, opened.sources)),
          ...troubles.map(complaintJson),
        ],
      }),
    );
  }
  return exitCode;
}

function stoppedMessage(name: string, finished: number, of: number, files: readonly (string | undefined)[]): string {
  const unwritten = files.flatMap((file) => (file === undefined ? [] : [`${file} was not written.`]));
  return [`the simulation of ${name} ended early. ${finished} of ${of} scenarios are finished.`, ...unwritten].join(
    ' ',
  );
}

/** Reports if a trace does not contain the whole run. */
function traceNote(file: string, results: readonly ScenarioResult[]): string {
  return results
    .map(({ main }) => {
      const { windowStartSeconds: start, windowEndSeconds: end } = main.timeline.segments;
      if (start <= 0 && end >= main.seconds) return '';
      const whole = formatSeconds(main.seconds);
      return `${file}: segments from ${formatSeconds(start)} to ${formatSeconds(end)} of ${whole}; counters for all of it\n`;
    })
    .join('');
}

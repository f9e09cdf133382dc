import type { Capacity } from '../../design/index.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { capacityJson } from '../json/capacity.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { renderDocument } from '../json/document.ts';
import { longWork, tellStopped } from '../long-work.ts';
import { openDesign } from '../open-design.ts';
import { renderCapacityReport } from '../render/capacity-report.ts';

export const capacityCommand: Command = {
  name: 'capacity',
  summary: 'the largest load at which a scenario meets all its objectives',
  description:
    'Scales all arrivals of a scenario, of every one in the file or of the one that is named, and searches for the largest load that meets ' +
    'every objective. The answer is an interval: met at its lower end, violated from its upper end on. Exit code 0: every scenario ' +
    'holds the load that it is written at; 1: one does not; 2: bad input.',
  positional: { name: 'FILE', many: false, help: 'a .npu file' },
  options: [
    { name: 'scenario', short: 's', value: 'S', help: 'the one scenario to search' },
    { name: 'exit-zero', help: 'exit code 0 also where a scenario does not hold the load that it is written at' },
    formatOption('text', 'json'),
  ],
  examples: [
    'stimpack capacity examples/rush.npu',
    'stimpack capacity examples/rush.npu --scenario Rush --format json',
  ],
  run: search,
};

async function search(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal, engine } = context;
  const { options } = invocation;
  const json = options.get('format') === 'json';
  const [name = ''] = invocation.positionals;
  const refuse = (complaint: Complaint): ExitCode => complain('capacity', json, complaint, terminal);
  const opened = await openDesign('capacity', name, json, context);
  if (typeof opened === 'number') return opened;
  const chosen = chooseScenarios(opened.design.scenarios, opened.uri, options.get('scenario'));
  if (typeof chosen === 'string') return refuse({ code: 'unknown-scenario', message: chosen, file: name });
  const idle = chosen.find((scenario) => scenario.serves.every((serve) => serve.slos.length === 0));
  if (idle !== undefined) {
    const message = `${idle.name} states no objective, so any load meets it; write one: slo { p99 latency <= 15 ms }`;
    return refuse({ code: 'no-objective', message, file: name });
  }

  const found: Capacity[] = [];
  for (const scenario of chosen) {
    const capacity = await longWork(
      context,
      (fraction) => ({ name: scenario.name, fraction }),
      (onProgress, stop) => engine.capacity(scenario, onProgress, stop),
    );
    if (capacity === undefined) {
      const message = `the search for the capacity of ${scenario.name} ended early. ${found.length} of ${chosen.length} scenarios are finished.`;
      return tellStopped('capacity', json, message, context);
    }
    found.push(capacity);
    if (!json) terminal.out(`${found.length > 1 ? '\n' : ''}${renderCapacityReport(capacity, terminal.look)}`);
  }
  const isHeld = options.has('exit-zero') || found.every(holdsAsWritten);
  const exitCode = isHeld ? exitCodes.ok : exitCodes.unmet;
  if (json) {
    const diagnostics = opened.diagnostics.map((each) => diagnosticJson(each, opened.sources));
    terminal.out(renderDocument('capacity', exitCode, { file: name, scenarios: found.map(capacityJson), diagnostics }));
  }
  return exitCode;
}

/** Whether the load as written lies where all is met, whatever the caveats. */
function holdsAsWritten({ low }: Capacity): boolean {
  return low !== null && low.verdict === 'met' && low.factor >= 1;
}

import type { Capacity, CapacityProbe, Diagnostic, Origin, Scenario } from '../../design/index.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readSettings, setOption } from '../input/settings.ts';
import { capacityJson } from '../json/capacity.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { renderDocument } from '../json/document.ts';
import { blankLine, longWork, reportStopped } from '../long-work.ts';
import { openDesign } from '../open-design.ts';
import { renderCapacityReport } from '../render/capacity-report.ts';

export const capacityCommand: Command = {
  name: 'capacity',
  summary: 'find the largest load at which a scenario meets all its objectives',
  description:
    'Scales all arrivals of a scenario and searches for the largest load that meets every objective. It does so for every scenario in the ' +
    'file, or for the one that you name. The result is an interval: all objectives are met at its lower end, and one is violated at its ' +
    'upper end. If a network does not fit into memory, the command reports an error and also shows the capacity with a memory that is large ' +
    'enough. Exit codes: 0 if every scenario meets its objectives at the load as written, 1 if one does not, 2 for bad input.',
  positional: { name: 'FILE', many: false, help: 'a .npu file' },
  options: [
    { name: 'scenario', short: 's', value: 'S', help: 'search only this scenario' },
    { name: 'exit-zero', help: 'return 0 even if a scenario does not meet its objectives at the load as written' },
    setOption,
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
  const settings = readSettings(invocation.lists.get('set') ?? []);
  if ('code' in settings) return refuse(settings);
  const opened = await openDesign('capacity', name, json, context, { tolerates: 'memory-too-small', settings });
  if (typeof opened === 'number') return opened;
  const chosen = chooseScenarios(opened.design.scenarios, opened.uri, options.get('scenario'));
  if (typeof chosen === 'string') return refuse({ code: 'unknown-scenario', message: chosen, file: name });
  const idle = chosen.find((scenario) => scenario.serves.every((serve) => serve.slos.length === 0));
  if (idle !== undefined) {
    const message = `${idle.name} has no objective, so any load meets it; write one: slo { p99 latency <= 15 ms }`;
    return refuse({ code: 'no-objective', message, file: name });
  }

  const found: Capacity[] = [];
  for (const scenario of chosen) {
    const separate = blankLine(context, !json && found.length > 0);
    const searched = await longWork(
      context,
      (fraction) => ({ name: scenario.name, fraction }),
      (onProgress, stop) => engine.capacity(scenario, onProgress, stop),
      separate,
    );
    if (searched === undefined) {
      const message = `the search for the capacity of ${scenario.name} ended early. ${found.length} of ${chosen.length} scenarios are finished.`;
      return reportStopped('capacity', json, message, context);
    }
    const shortage = opened.tolerated.find(({ origin }) => isWithin(origin, scenario));
    const capacity = shortage === undefined ? searched : asIfItFitted(searched, shortage);
    found.push(capacity);
    separate();
    if (!json) terminal.out(renderCapacityReport(capacity, terminal.look));
  }
  const isMet = options.has('exit-zero') || found.every(meetsAsWritten);
  const exitCode = opened.tolerated.length > 0 ? exitCodes.badInput : isMet ? exitCodes.ok : exitCodes.unmet;
  if (json) {
    const diagnostics = opened.diagnostics.map((each) => diagnosticJson(each, opened.sources));
    terminal.out(renderDocument('capacity', exitCode, { file: name, scenarios: found.map(capacityJson), diagnostics }));
  }
  return exitCode;
}

/** Whether an error is at the name of a scenario, or at one of its variants. */
function isWithin({ uri, start }: Origin, scenario: Scenario): boolean {
  const { origin, serves, compare } = scenario;
  const inside = [origin, ...serves.map((serve) => serve.origin), ...compare.map((variant) => variant.origin)];
  const last = Math.max(...inside.filter((one) => one.uri === origin.uri).map(({ end }) => end));
  return uri === origin.uri && start >= origin.start && start <= last;
}

/**
 * The capacity of a chip whose memory is too small for the networks: its capacity with a memory that is large enough. No load is met,
 * because the chip cannot serve at all. But the number shows what a larger memory would bring.
 */
function asIfItFitted(capacity: Capacity, { message, origin }: Diagnostic): Capacity {
  const open = (probe: CapacityProbe): CapacityProbe => ({ ...probe, verdict: 'undecided' });
  const text = `${message.replace(/\.$/, '')}. The loads are those of the same chip with a memory that is large enough.`;
  const { low, high, limit } = capacity;
  return {
    ...capacity,
    low: low && open(low),
    high: high && open(high),
    limit: limit && { ...limit, verdict: 'undecided' },
    exceptions: capacity.exceptions.map(open),
    probes: capacity.probes.map(open),
    caveats: [{ code: 'memory-too-small', origin, text, effect: { kind: 'any' } }, ...capacity.caveats],
  };
}

/** Whether the load as written meets all objectives, without regard to caveats. */
function meetsAsWritten({ low }: Capacity): boolean {
  return low !== null && low.verdict === 'met' && low.factor >= 1;
}

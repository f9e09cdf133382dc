import type { Capacity, CapacityProbe, Diagnostic, Origin, Scenario } from '../../design/index.ts';
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
    'holds the load that it is written at; 1: one does not; 2: bad input. Networks that do not fit into memory are bad input as well; their ' +
    'figures are printed beside the error, as if the memory were large enough.',
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
  const opened = await openDesign('capacity', name, json, context, 'memory-too-small');
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
    const searched = await longWork(
      context,
      (fraction) => ({ name: scenario.name, fraction }),
      (onProgress, stop) => engine.capacity(scenario, onProgress, stop),
    );
    if (searched === undefined) {
      const message = `the search for the capacity of ${scenario.name} ended early. ${found.length} of ${chosen.length} scenarios are finished.`;
      return tellStopped('capacity', json, message, context);
    }
    const shortage = opened.tolerated.find(({ origin }) => isWithin(origin, scenario));
    const capacity = shortage === undefined ? searched : asIfItFitted(searched, shortage);
    found.push(capacity);
    if (!json) terminal.out(`${found.length > 1 ? '\n' : ''}${renderCapacityReport(capacity, terminal.look)}`);
  }
  const isHeld = options.has('exit-zero') || found.every(holdsAsWritten);
  const exitCode = opened.tolerated.length > 0 ? exitCodes.badInput : isHeld ? exitCodes.ok : exitCodes.unmet;
  if (json) {
    const diagnostics = opened.diagnostics.map((each) => diagnosticJson(each, opened.sources));
    terminal.out(renderDocument('capacity', exitCode, { file: name, scenarios: found.map(capacityJson), diagnostics }));
  }
  return exitCode;
}

/** Whether an error is at the name of a scenario, or at a variant in it. */
function isWithin({ uri, start }: Origin, scenario: Scenario): boolean {
  const { origin, serves, compare } = scenario;
  const inside = [origin, ...serves.map((serve) => serve.origin), ...compare.map((variant) => variant.origin)];
  const last = Math.max(...inside.filter((one) => one.uri === origin.uri).map(({ end }) => end));
  return uri === origin.uri && start >= origin.start && start <= last;
}

/**
 * The capacity of a chip whose memory does not hold the networks: what it would be if it did. No load is met, since the chip cannot serve at all,
 * but the figure says what a larger memory would bring.
 */
export function asIfItFitted(capacity: Capacity, { message, origin }: Diagnostic): Capacity {
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

/** Whether the load as written lies where all is met, whatever the caveats. */
function holdsAsWritten({ low }: Capacity): boolean {
  return low !== null && low.verdict === 'met' && low.factor >= 1;
}

import { hasErrors } from '../../design/index.ts';
import { changedInputs } from '../../language/index.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain } from '../complaint.ts';
import { effectCounts, scenarioPairs } from '../diff/changes.ts';
import { type DiffSide, openSides } from '../diff/sides.ts';
import { differsInContent, simulatePairs } from '../diff/simulate-pairs.ts';
import type { ProgramFile } from '../engine.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readSeed, seedOption } from '../input/seed.ts';
import { readSettings, setOption } from '../input/settings.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { type Comparison, comparisonJson, sideJson } from '../json/diff.ts';
import { type Json, renderDocument } from '../json/document.ts';
import { reportStopped } from '../long-work.ts';
import { reportDesign } from '../open-design.ts';
import { renderDiffReport } from '../render/diff-report.ts';

export const diffCommand: Command = {
  name: 'diff',
  summary: 'compare two designs: the changed inputs, and their effect on each objective',
  description:
    'Compares two files, or two git revisions of one file: which inputs changed, and what that did to each objective. With one revision, the ' +
    'other design is the file on the disk. Exit codes: 0 if no objective got worse, 1 if one that was met is undecided or violated, or one ' +
    'that was undecided is violated, 2 for bad input.',
  positional: { name: 'FILE', many: true, help: 'two .npu files, the earlier one first; with --rev, one' },
  options: [
    {
      name: 'rev',
      short: 'r',
      value: 'R1[..R2]',
      help: 'compare git revisions of the file: commits, branches or tags',
    },
    { name: 'scenario', short: 's', value: 'S', help: 'compare only this scenario' },
    seedOption,
    setOption,
    formatOption('text', 'json'),
  ],
  examples: [
    'stimpack diff rush.npu rush-hbm3.npu',
    'stimpack diff rush.npu --rev HEAD',
    'stimpack diff rush.npu --rev origin/main...HEAD --format json',
  ],
  run: diff,
};

async function diff(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { options, lists, positionals } = invocation;
  const json = options.get('format') === 'json';
  const refuse = (complaint: Complaint): ExitCode => complain('diff', json, complaint, terminal);
  const seed = readSeed(options.get('seed'));
  if (typeof seed === 'object') return refuse(seed);
  const settings = readSettings(lists.get('set') ?? []);
  if ('code' in settings) return refuse(settings);
  const sides = await openSides(positionals, options.get('rev'), settings, context);
  if ('code' in sides) return refuse(sides);
  const both = [sides.before, sides.after];
  if (!json) for (const { read, label } of both) reportDesign(read, label, context);
  if (both.some(({ read }) => hasErrors(read.diagnostics))) {
    if (json) {
      const { before, after } = sides;
      const content = { before: sideJson(before), after: sideJson(after), diagnostics: diagnosticsJson(both) };
      terminal.out(renderDocument('diff', exitCodes.badInput, content));
    }
    return exitCodes.badInput;
  }
  const [before = [], after = []] = both.map(({ read, label }) => {
    const chosen = chooseScenarios(read.design.scenarios, read.uri, options.get('scenario'));
    return typeof chosen === 'string'
      ? ({ code: 'unknown-scenario', message: `${label}: ${chosen}` } as const)
      : chosen;
  });
  if ('code' in before) return refuse(before);
  if ('code' in after) return refuse(after);

  const pairs = scenarioPairs(before, after);
  const scenarios = await simulatePairs(pairs, seed, context);
  if (typeof scenarios === 'string') return reportStopped('diff', json, scenarios, context);
  const inputs = changedInputs(await filesOf(sides.before), await filesOf(sides.after));
  const comparison: Comparison = {
    ...sides,
    inputs,
    hasUnnamedChanges: inputs.length === 0 && pairs.some(differsInContent),
    filesFromDisk: [...new Set(both.flatMap(({ read, fromDisk }) => [...fromDisk].map(read.sources.nameOf)))].sort(),
    scenarios,
  };
  const exitCode = effectCounts(scenarios).worse > 0 ? exitCodes.unmet : exitCodes.ok;
  if (json) {
    const content = { ...comparisonJson(comparison), diagnostics: diagnosticsJson(both) };
    terminal.out(renderDocument('diff', exitCode, content));
  } else terminal.out(renderDiffReport(comparison, terminal.look));
  return exitCode;
}

/** The files of a design that its author wrote: the library is the same on both sides. */
async function filesOf({ engine, read }: DiffSide): Promise<readonly ProgramFile[]> {
  return (await engine.files(read.uri)).filter(({ uri }) => !engine.isLibrary(uri));
}

/** The diagnostics of both designs, with the side of each. */
function diagnosticsJson(sides: readonly DiffSide[]): Json {
  return sides.flatMap(({ read }, index) =>
    read.diagnostics.map((each) => ({ side: index === 0 ? 'before' : 'after', ...diagnosticJson(each, read.sources) })),
  );
}

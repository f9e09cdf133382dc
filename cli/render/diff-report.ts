import {
  addCaveats,
  type Caveat,
  comparedTexts,
  type ScenarioResult,
  type SloOutcome,
  valueChangeText,
} from '../../design/index.ts';
import type { ChangedInput } from '../../language/index.ts';
import { type Effect, effectCounts, effects, type ObjectiveChange, type ScenarioChange } from '../diff/changes.ts';
import type { Comparison } from '../json/diff.ts';
import type { Look } from '../terminal.ts';
import { caveatLines, statedLines } from './caveats.ts';
import { indented, type Style, styleFor, tableLines, verdictText } from './run-report/style.ts';
import { reportOf } from './safe-lines.ts';
import type { TableColumn } from './table.ts';
import { wrap } from './text-width.ts';

/** More changed inputs are counted. Our assumption: a person reads a screen of them, and JSON has all. */
const mostInputs = 40;

/** The changed inputs and their effect on each objective, for people. */
export function renderDiffReport(comparison: Comparison, look: Look): string {
  const style = styleFor(look);
  const { before, after, scenarios } = comparison;
  return reportOf([
    ...wrap(`${before.label} -> ${after.label}`, style.width).map(style.paint.bold),
    '',
    ...inputLines(comparison, style),
    ...fromDiskLines(comparison, style),
    ...scenarios.flatMap((each) => ['', ...scenarioLines(each, style)]),
    ...caveatLines(caveatsOf(scenarios), style.width, style.paint),
    ...statedLines(statedOf(scenarios), style.width, style.paint),
    '',
    ...conclusion(scenarios, style),
  ]);
}

function inputLines({ inputs, hasUnnamedChanges }: Comparison, style: Style): readonly string[] {
  if (inputs.length === 0) {
    const text = hasUnnamedChanges
      ? 'Both files state the same values, but the simulated designs differ: a trace or a network that they read has another content, or ' +
        'their statements have another order.'
      : 'No input changed.';
    return wrap(text, style.width);
  }
  const columns: readonly TableColumn[] = [
    { header: inputs.length === 1 ? 'changed input' : `${inputs.length} changed inputs`, align: 'left' },
    { header: '', align: 'left' },
  ];
  const rows = inputs.slice(0, mostInputs).map((input) => [input.path, inputText(input)]);
  const rest = inputs.length - rows.length;
  const more = rest > 0 ? [indented(`and ${rest} more; --format json has all`)] : [];
  return [...tableLines(columns, rows, style), ...more];
}

function inputText({ before, after }: ChangedInput): string {
  if (before === null) return `${after ?? ''} (added)`;
  return after === null ? `${before} (removed)` : valueChangeText(before, after);
}

function fromDiskLines({ filesFromDisk }: Comparison, { width }: Style): readonly string[] {
  if (filesFromDisk.length === 0) return [];
  const text = `Read from the disk, because git does not track them: ${filesFromDisk.join(', ')}.`;
  return ['', ...wrap(text, width)];
}

function scenarioLines({ before, after, objectives }: ScenarioChange, style: Style): readonly string[] {
  const { paint } = style;
  const title = paint.bold(renamed(before?.scenario, after?.scenario));
  if (objectives.length === 0) return [title, indented('no objectives')];
  const several = new Set(objectives.map(({ serve }) => serve.after ?? serve.before)).size > 1;
  const columns: readonly TableColumn[] = [
    { header: 'objective', align: 'left', shrinkTo: 24 },
    { header: 'before', align: 'left' },
    { header: '', align: 'right', importance: 2 },
    { header: 'after', align: 'left' },
    { header: '', align: 'right', importance: 3 },
    { header: 'effect', align: 'left' },
  ];
  const rows = objectives.map((objective) => [
    objectiveText(objective, several),
    ...outcomeCells(objective.before, style),
    ...outcomeCells(objective.after, style),
    effectText(objective.effect, style),
  ]);
  return [title, ...tableLines(columns, rows, style)];
}

function objectiveText({ serve, before, after }: ObjectiveChange, hasServe: boolean): string {
  const text = renamed(before?.slo.text, after?.slo.text);
  const isRenamed = serve.before !== null && serve.after !== null && serve.before !== serve.after;
  return hasServe || isRenamed ? `${renamed(serve.before ?? undefined, serve.after ?? undefined)}: ${text}` : text;
}

/** The name of something, or both names if it has another one now. */
function renamed(before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined || before === after) return after ?? before ?? '';
  return `${before} -> ${after}`;
}

function outcomeCells(outcome: SloOutcome | null, style: Style): readonly string[] {
  return outcome === null ? ['', ''] : [verdictText(outcome.verdict, style), comparedTexts(outcome).measured];
}

function effectText(effect: Effect, { paint }: Style): string {
  if (effect === 'worse') return paint.red(effect);
  return effect === 'better' ? paint.green(effect) : paint.dim(effect);
}

function resultsOf(scenarios: readonly ScenarioChange[]): readonly ScenarioResult[] {
  return scenarios.flatMap(({ before, after }) =>
    [before, after].flatMap((result) => (result === null ? [] : [result])),
  );
}

/** The caveats of all runs, each once. */
function caveatsOf(scenarios: readonly ScenarioChange[]): readonly Caveat[] {
  const all: Caveat[] = [];
  for (const { main } of resultsOf(scenarios)) addCaveats(all, main.caveats);
  return all;
}

function statedOf(scenarios: readonly ScenarioChange[]): readonly string[] {
  return [...new Set(resultsOf(scenarios).flatMap(({ main }) => main.statedInputs ?? []))];
}

/** "2 objectives: 1 worse, 1 same" */
function conclusion(scenarios: readonly ScenarioChange[], { paint, width }: Style): readonly string[] {
  const counts = effectCounts(scenarios);
  const total = effects.reduce((sum, effect) => sum + counts[effect], 0);
  if (total === 0) return [paint.dim('the designs state no objective')];
  const parts = effects.flatMap((effect) => (counts[effect] === 0 ? [] : [`${counts[effect]} ${effect}`]));
  const text = `${total} ${total === 1 ? 'objective' : 'objectives'}: ${parts.join(', ')}`;
  const paintAll = counts.worse > 0 ? paint.red : paint.green;
  return wrap(text, width).map((line) => paint.bold(paintAll(line)));
}

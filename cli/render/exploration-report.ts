import {
  type ExplorationGoal,
  type ExplorationResult,
  exploredVerdicts,
  formatPercent,
  goalMeasure,
  goalText,
  isExclusion,
  safeText,
} from '../../design/index.ts';
import { type ExploredFile, valuesOf, verdictAt } from '../json/exploration.ts';
import type { Look } from '../terminal.ts';
import { bar } from './bars.ts';
import { caveatLines, statedLines } from './caveats.ts';
import { renderHeatTable } from './heat-table.ts';
import { type Paint, paintFor, verdictPaint } from './paint.ts';
import { reportOf } from './safe-lines.ts';
import { renderTable } from './table.ts';
import { wrap } from './text-width.ts';
import { countText } from './value-text.ts';

const indent = 2;
const widestReport = 110;
const widestBar = 20;
/** The most designs in the list. CSV and JSON have all of them. */
const mostListed = 24;

/** An exploration for people: the Pareto front, the range of each goal, and where in the plan the designs are. Ends with a newline. */
export function renderExplorationReport(result: ExplorationResult, { npu, shard }: ExploredFile, look: Look): string {
  const paint = paintFor(look.colour);
  const width = Math.min(look.width, widestReport);
  const { exploration } = result;
  const limits = (exploration.constraints ?? []).map(({ text }) => `subject to ${text}`);
  const goals = [...exploration.goals.map(({ sense, measure }) => `${sense} ${measure}`), ...limits].join(', ');
  const part = shard === null ? '' : `, part ${shard.index} of ${shard.count}`;
  const lines = [
    paint.bold(safeText(exploration.name)),
    ...wrap(`${safeText(exploration.scenario)} on ${safeText(npu)}: ${goals}${part}`, width - indent).map((line) =>
      paint.dim(`  ${line}`),
    ),
    '',
    ...sentences(result).flatMap((sentence) => wrap(sentence, width - indent).map((line) => `  ${line}`)),
    '',
    ...frontLines(result, look, width),
    ...heatLines(result, look, width),
    ...problemLines(result, width),
    ...caveatLines(result.caveats, width, paint),
    ...statedLines(result.statedInputs, width, paint),
  ];
  return reportOf(lines);
}

function sentences(result: ExplorationResult): readonly string[] {
  const { exploration, count, tried } = result;
  const counts = exploredVerdicts.map((_, verdict) => result.verdicts.filter((one) => one === verdict).length);
  const [met = 0, violated = 0, undecided = 0] = counts;
  const excluded = result.problems.filter(({ message }) => isExclusion(message)).length;
  const unbuilt = result.problems.length - excluded;
  const said = [
    [met, 'meets all objectives', 'meet all objectives'],
    [violated, 'violates one', 'violate one'],
    [undecided, 'is undecided', 'are undecided'],
    [excluded, 'is excluded', 'are excluded'],
    [unbuilt, 'makes no design', 'make no design'],
  ] as const;
  const shown = said
    .filter(([number]) => number > 0)
    .map(([number, one, several]) => `${countText(number)} ${number === 1 ? one : several}`);
  const how = exploration.search === undefined ? '' : `, chosen by ${exploration.search.kind}`;
  const of = tried < count ? ` of ${countText(count)}` : '';
  const lines = [`${countText(tried)}${of} designs${how}: ${shown.join(', ')}`];
  for (const [goal, { sense, measure }] of exploration.goals.entries()) {
    const best = bestOf(result, goal);
    if (best === undefined) {
      lines.push(`${extreme(sense)} ${goalMeasure(measure).name}: no design has one`);
      continue;
    }
    const value = result.measures[goal]?.[best] ?? Number.NaN;
    const where = best === result.asWritten ? 'as written' : labelled(result, best);
    const written = result.asWritten < 0 ? Number.NaN : (result.measures[goal]?.[result.asWritten] ?? Number.NaN);
    const change = best === result.asWritten ? '' : changeText(value, written);
    lines.push(`${extreme(sense)} ${goalMeasure(measure).name}: ${goalText(measure, value)}${change}, ${where}`);
  }
  return lines;
}

function extreme(sense: ExplorationGoal['sense']): string {
  return sense === 'maximize' ? 'largest' : 'smallest';
}

/** " (12 % more than as written)". */
function changeText(value: number, written: number): string {
  const change = value / written - 1;
  if (!Number.isFinite(change)) return '';
  const size = formatPercent(Math.abs(change), 2);
  return change === 0 ? ' (the same as written)' : ` (${size} ${change > 0 ? 'more' : 'less'} than as written)`;
}

/** The design of the front that is best in a goal. */
function bestOf({ front, measures, exploration }: ExplorationResult, goal: number): number | undefined {
  const sign = exploration.goals[goal]?.sense === 'minimize' ? -1 : 1;
  const column = measures[goal];
  let best: number | undefined;
  for (const [design, inFront] of front.entries()) {
    const value = column?.[design] ?? Number.NaN;
    if (inFront !== 1 || Number.isNaN(value)) continue;
    if (best === undefined || sign * (value - (column?.[best] ?? 0)) > 0) best = design;
  }
  return best;
}

/** "CMEM.capacity 64 MiB, HBM.bandwidth 614 GB/s". */
function labelled(result: ExplorationResult, design: number): string {
  const names = axisNames(result);
  return valuesOf(result, design)
    .map((value, axis) => `${names[axis] ?? ''} ${safeText(value)}`)
    .join(', ');
}

/** The paths of the axes without the declared name, as long as they are different. */
function axisNames({ exploration }: ExplorationResult): readonly string[] {
  const paths = exploration.axes.map(({ path }) => path);
  const short = paths.map((path) =>
    path
      .split('.')
      .slice(path.split('.').length > 2 ? 1 : 0)
      .join('.'),
  );
  return (new Set(short).size === short.length ? short : paths).map((path) => safeText(path));
}

function frontLines(result: ExplorationResult, look: Look, width: number): readonly string[] {
  const paint = paintFor(look.colour);
  const { goals, axes } = result.exploration;
  const [first] = result.measures;
  const [goal] = goals;
  if (first === undefined || goal === undefined) return [];
  // With one axis, all designs are listed, because the whole curve shows more than the front.
  const all = [...result.front.keys()];
  const isShort = axes.length === 1 && result.count <= mostListed;
  const sign = goal.sense === 'minimize' ? 1 : -1;
  const front = all.filter((design) => result.front[design] === 1);
  const sorted = isShort ? all : front.sort((a, b) => sign * ((first[a] ?? 0) - (first[b] ?? 0)) || a - b);
  const listed = sorted.slice(0, mostListed);
  const { asWritten } = result;
  const apart = asWritten >= 0 && !listed.includes(asWritten) ? [asWritten] : [];
  const most = Math.max(...[...listed, ...apart].map((design) => first[design] ?? 0).filter(Number.isFinite));
  const row = (design: number): string[] => [
    ...valuesOf(result, design).map((value) => safeText(value)),
    ...goals.map(({ measure }, place) => goalText(measure, result.measures[place]?.[design] ?? Number.NaN)),
    verdictText(result, design, paint),
    ...(look.plots ? [paint.cyan(bar((first[design] ?? 0) / most, widestBar, look.unicode))] : []),
    noteOf(result, design, isShort || apart.includes(design)),
  ];
  const table = renderTable(
    [
      ...axisNames(result).map((header) => ({ header, align: 'right', shrinkTo: 9, cut: 'start' }) as const),
      ...goals.map(
        ({ measure }, place) =>
          ({
            header: goalMeasure(measure).name,
            align: 'right',
            ...(place === 0 ? {} : { importance: goals.length + 2 - place }),
          }) as const,
      ),
      { header: 'objectives', align: 'left', importance: 2 },
      ...(look.plots ? [{ header: '', align: 'left', importance: 0 } as const] : []),
      { header: '', align: 'left', importance: 1 },
    ],
    [...listed.map(row), ...apart.map(row)],
    { width, paintHeader: paint.dim, indent },
  );
  const better = goals.length === 1 ? 'is better' : 'is as good in every goal and better in one';
  const violates = verdictAt(result, listed[0] ?? 0) === 'violated' ? ' (no design meets all objectives)' : '';
  const title = isShort ? 'All designs' : `Pareto front: no other design ${better}${violates}`;
  const more = sorted.length - listed.length;
  return [
    ...wrap(title, width - indent).map((line) => `  ${paint.bold(line)}`),
    ...table.lines,
    ...(more > 0 ? [paint.dim(`  and ${countText(more)} more on the front: see --format csv`)] : []),
  ];
}

function noteOf({ asWritten, front }: ExplorationResult, design: number, showsFront: boolean): string {
  const notes = [design === asWritten ? 'as written' : '', showsFront && front[design] === 1 ? 'on the front' : ''];
  const shown = notes.filter((note) => note !== '');
  return shown.length === 0 ? '' : `← ${shown.join(', ')}`;
}

function verdictText(result: ExplorationResult, design: number, paint: Paint): string {
  const verdict = verdictAt(result, design);
  return (verdict === 'unbuilt' ? paint.dim : verdictPaint(paint, verdict))(verdict);
}

/** With two axes, a table for each goal. */
function heatLines(result: ExplorationResult, look: Look, width: number): readonly string[] {
  if (result.exploration.axes.length !== 2) return [];
  return result.exploration.goals.flatMap((_, goal) => {
    const lines = renderHeatTable(result, goal, axisNames(result), look, width);
    return lines.length === 0 ? [] : ['', ...lines];
  });
}

function problemLines({ problems }: ExplorationResult, width: number): readonly string[] {
  const byMessage = new Map<string, number>();
  for (const { message } of problems) byMessage.set(message, (byMessage.get(message) ?? 0) + 1);
  const shown = [...byMessage]
    .slice(0, 3)
    .map(([message, count]) =>
      isExclusion(message) ? `${countText(count)} ${message}` : `${countText(count)} without a design: ${message}`,
    );
  if (shown.length === 0) return [];
  return ['', ...shown.flatMap((text) => wrap(text, width - indent).map((line) => `  ${line}`))];
}

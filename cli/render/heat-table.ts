import {
  type ExplorationMeasure,
  type ExplorationResult,
  formatNumber,
  goalMeasure,
  verdictMarks,
} from '../../design/index.ts';
import { verdictAt } from '../json/exploration.ts';
import type { Look } from '../terminal.ts';
import { sparkline } from './bars.ts';
import { paintFor } from './paint.ts';
import { padEnd, padStart, textWidth, wrap } from './text-width.ts';

const indent = 2;
const gap = 2;

/** The unit of all values in a table, and its size in the base unit of the measure. */
function unitOf(measure: ExplorationMeasure, largest: number): { readonly unit: string; readonly scale: number } {
  const { unit } = goalMeasure(measure);
  switch (unit) {
    case 'rps':
      return { unit: 'rps', scale: 1 };
    case 'tokens per second':
      return { unit: 'tokens/s', scale: 1 };
    case 'fraction':
      return { unit: '%', scale: 0.01 };
    case 'number':
      return { unit: '', scale: 1 };
    case 'seconds':
      return prefixed('s', largest);
    case 'joules':
      return prefixed('J', largest);
    case 'square metres':
      return { unit: 'mm²', scale: 1e-6 };
    case 'watts':
      return prefixed('W', largest);
  }
}

function prefixed(unit: string, largest: number): { readonly unit: string; readonly scale: number } {
  const prefixes = [
    [1, ''],
    [1e-3, 'm'],
    [1e-6, 'µ'],
    [1e-9, 'n'],
  ] as const;
  const [scale, prefix] = prefixes.find(([size]) => largest >= size) ?? [1e-9, 'n'];
  return { unit: `${prefix}${unit}`, scale };
}

/**
 * A goal over two axes: the first axis down, the second across. A mark after a value means: on the front (*), violates an objective, or
 * undecided. A higher block before a value means a better value. Empty if there is no room.
 */
export function renderHeatTable(
  result: ExplorationResult,
  goal: number,
  names: readonly string[],
  look: Look,
  width: number,
): readonly string[] {
  const [down, across] = result.exploration.axes;
  const measure = result.exploration.goals[goal]?.measure;
  const column = result.measures[goal];
  if (down === undefined || across === undefined || measure === undefined || column === undefined) return [];
  const paint = paintFor(look.colour);
  const known = [...column].filter((value) => Number.isFinite(value));
  if (known.length === 0) return [];
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const { unit, scale } = unitOf(measure, most);
  const isLess = result.exploration.goals[goal]?.sense === 'minimize';
  const cells = down.values.map((_, i) =>
    across.values.map((_, j) => {
      const design = i * across.values.length + j;
      const value = column[design] ?? Number.NaN;
      const share = most === least ? 1 : (isLess ? most - value : value - least) / (most - least);
      const block = look.plots && Number.isFinite(value) ? `${sparkline([share], 1, look.unicode)} ` : '';
      return { design, text: `${block}${formatNumber(value / scale, 4)}`, mark: markOf(result, design, look.unicode) };
    }),
  );
  const heads = down.values.map(({ text }) => text);
  const headWidth = Math.max(textWidth(names[0] ?? ''), ...heads.map(textWidth));
  const widths = across.values.map(({ text }, j) =>
    Math.max(textWidth(text), ...cells.map((row) => textWidth(row[j]?.text ?? '') + 1)),
  );
  if (indent + headWidth + widths.reduce((sum, one) => sum + one + gap, 0) > width) return [];
  const line = (head: string, texts: readonly string[]): string =>
    `${' '.repeat(indent)}${head}${texts.map((text) => ' '.repeat(gap) + text).join('')}`.trimEnd();
  const painted = (
    { design, text, mark }: { readonly design: number; readonly text: string; readonly mark: string },
    room: number,
  ): string => {
    const whole = padStart(`${text}${mark === '' ? ' ' : mark}`, room);
    if (result.front[design] === 1) return paint.bold(paint.cyan(whole));
    const verdict = verdictAt(result, design);
    if (verdict === 'violated') return paint.red(whole);
    return verdict === 'unbuilt' ? paint.dim(whole) : whole;
  };
  return [
    ...wrap(
      `${goalMeasure(measure).name}, ${unit}: ${names[1] ?? ''} across; ${legend(result, look.unicode)}`,
      width - indent,
    ).map((text, row) => ' '.repeat(indent) + (row === 0 ? paint.bold(text) : paint.dim(text))),
    line(
      paint.dim(padEnd(names[0] ?? '', headWidth)),
      across.values.map(({ text }, j) =>
        paint.dim(padStart(`${text} `, Math.max(widths[j] ?? 0, textWidth(text) + 1))),
      ),
    ),
    ...cells.map((row, i) =>
      line(
        paint.dim(padStart(heads[i] ?? '', headWidth)),
        row.map((cell, j) => painted(cell, Math.max(widths[j] ?? 0, textWidth(across.values[j]?.text ?? '') + 1))),
      ),
    ),
  ];
}

/** The mark of a verdict, in characters that the terminal supports. */
function markFor(verdict: 'violated' | 'undecided', unicode: boolean): string {
  return unicode ? verdictMarks[verdict] : asciiMarks[verdict];
}

const asciiMarks = { violated: '!', undecided: '?' } as const;

function markOf(result: ExplorationResult, design: number, unicode: boolean): string {
  if (result.front[design] === 1) return '*';
  const verdict = verdictAt(result, design);
  return verdict === 'violated' || verdict === 'undecided' ? markFor(verdict, unicode) : '';
}

function legend(result: ExplorationResult, unicode: boolean): string {
  const marks = new Set([...result.front.keys()].map((design) => markOf(result, design, unicode)));
  const words = [
    ['*', 'on the front'],
    [markFor('violated', unicode), 'violates an objective'],
    [markFor('undecided', unicode), 'undecided'],
  ] as const;
  return words
    .filter(([mark]) => marks.has(mark))
    .map(([mark, word]) => `${mark} ${word}`)
    .join(', ');
}

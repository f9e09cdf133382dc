import { type Verdict, verdictMarks } from '../../../design/index.ts';
import type { Look } from '../../terminal.ts';
import { type Paint, paintFor, verdictPaint } from '../paint.ts';
import { renderTable, type TableColumn } from '../table.ts';
import { joinLines } from '../text-width.ts';

export const indent = 2;
const widestReport = 100;
/** With fewer columns, signs replace words. */
const narrow = 60;

/** The style of every part of the report. */
export interface Style {
  readonly look: Look;
  readonly paint: Paint;
  readonly width: number;
}

export function styleFor(look: Look): Style {
  return { look, paint: paintFor(look.colour), width: Math.min(look.width, widestReport) };
}

/** One line below a heading. */
export function indented(text: string): string {
  return ' '.repeat(indent) + text;
}

/** Facts one after another, on as many lines as they need. */
export function joined(facts: readonly string[], style: Style, separator: string): string[] {
  return joinLines(facts, separator, style.width - indent).map(indented);
}

export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  return [...renderTable(columns, rows, { width: style.width, paintHeader: style.paint.dim, indent }).lines];
}

/** The verdict as a sign and a word. On a narrow terminal it is only the sign, so colour is never the only difference. */
export function verdictText(verdict: Verdict, { look, paint }: Style): string {
  const short = look.width < narrow;
  const text = !look.unicode ? verdict : short ? verdictMarks[verdict] : `${verdictMarks[verdict]} ${verdict}`;
  return verdictPaint(paint, verdict)(text);
}

export function verdictHeader({ look }: Style): string {
  return look.unicode && look.width < narrow ? '' : 'verdict';
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of a measured table. Missing or malformed cells throw with the file, the line and the column. */
export interface MeasuredRow {
  text(column: string): string;
  /** A number that is not negative. */
  number(column: string): number;
  /** A whole number, 1 or greater. */
  size(column: string): number;
}

/** Reads a table of comma-separated cells with one line of names. null if the folder has no such file. */
export function readTable(folder: string, name: string): readonly MeasuredRow[] | null {
  const path = join(folder, name);
  if (!existsSync(path)) return null;
  return parseTable(readFileSync(path, 'utf8'), path);
}

export function parseTable(content: string, path: string): readonly MeasuredRow[] {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const names = (lines[0] ?? '').split(',').map((one) => one.trim());
  return lines.slice(1).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const cells = line.split(',');
    const fail = (column: string, problem: string): never => {
      throw new Error(`${path}:${index + 2}: column '${column}' ${problem}`);
    };
    const text = (column: string): string => {
      const at = names.indexOf(column);
      if (at < 0) return fail(column, 'does not exist');
      return (cells[at] ?? '').trim();
    };
    const number = (column: string): number => {
      const written = text(column);
      const value = Number(written);
      if (written === '' || !Number.isFinite(value) || value < 0)
        return fail(column, `needs a number, not '${written}'`);
      return value;
    };
    const size = (column: string): number => {
      const value = number(column);
      return Number.isInteger(value) && value >= 1
        ? value
        : fail(column, `needs a whole number from 1, not '${value}'`);
    };
    return [{ text, number, size }];
  });
}

/** The median, as far as a list of numbers has one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

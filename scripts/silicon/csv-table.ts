import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of a measured table. Missing or malformed cells throw with the file, the line and the column. */
export interface MeasuredRow {
  text(column: string): string;
  /** One of some words. */
  oneOf<T extends string>(column: string, words: readonly T[]): T;
  /** A number that is not negative. */
  number(column: string): number;
  /** A number above 0: a measured time. */
  positive(column: string): number;
  /** A whole number, 1 or greater. */
  size(column: string): number;
  /** Numbers above 0 with spaces between them. */
  positives(column: string): readonly number[];
}

/** Reads a table of comma-separated cells with one line of names. null if the folder has no such file. */
export function readTable(folder: string, name: string): readonly MeasuredRow[] | null {
  const path = join(folder, name);
  if (!existsSync(path)) return null;
  return parseTable(readFileSync(path, 'utf8'), path);
}

export function parseTable(content: string, path: string): readonly MeasuredRow[] {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const names = cellsOf(lines[0] ?? '');
  return lines.slice(1).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const cells = cellsOf(line);
    const fail = (column: string, problem: string): never => {
      throw new Error(`${path}:${index + 2}: column '${column}' ${problem}`);
    };
    const text = (column: string): string => {
      const at = names.indexOf(column);
      if (at < 0) return fail(column, 'does not exist');
      if (names.indexOf(column, at + 1) >= 0) return fail(column, 'exists twice');
      return cells[at] ?? '';
    };
    const oneOf = <T extends string>(column: string, words: readonly T[]): T => {
      const written = text(column);
      return words.find((word) => word === written) ?? fail(column, `needs ${words.join(' or ')}, not '${written}'`);
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
    const above = (column: string, written: string): number => {
      const value = Number(written);
      return Number.isFinite(value) && value > 0 ? value : fail(column, `needs a number above 0, not '${written}'`);
    };
    const positive = (column: string): number => above(column, text(column));
    const positives = (column: string): readonly number[] =>
      text(column)
        .split(/\s+/)
        .map((one) => above(column, one));
    return [{ text, oneOf, number, positive, size, positives }];
  });
}

/** The cells of a line. A cell may be in quotes, which double inside. */
function cellsOf(line: string): readonly string[] {
  const cells = line.match(/(?<=^|,)\s*(?:"(?:[^"]|"")*"|[^,]*)\s*(?=,|$)/g) ?? [];
  return cells.map((cell) => cell.trim().replace(/^"(.*)"$/, (_, inner: string) => inner.replaceAll('""', '"').trim()));
}

/** The median, as far as a list of numbers has one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

import { type Problems, shown } from './problems.ts';

/** The numbers of a table of comma-separated cells, and the text of its first column. */
export interface TableRow {
  readonly line: number;
  readonly name: string;
  readonly numbers: readonly number[];
}

/**
 * Reads a table with these columns, in any order and among others. `nameColumn` is text; the others are numbers, 0 or
 * greater. Returns the rows that are right.
 */
export function readTable(
  file: string,
  text: string,
  nameColumn: string | null,
  columns: readonly string[],
  problems: Problems,
): readonly TableRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const header = (lines[0] ?? '').split(',').map((one) => one.trim());
  const wanted = nameColumn === null ? columns : [nameColumn, ...columns];
  const absent = wanted.filter((column) => !header.includes(column));
  if (absent.length > 0) {
    problems.add(file, 1, `the column '${absent[0]}' is missing. Expected the columns ${wanted.join(', ')}.`);
    return [];
  }
  const rows: TableRow[] = [];
  for (const [index, content] of lines.entries()) {
    if (index === 0 || content.trim() === '') continue;
    const line = index + 1;
    const cells = content.split(',').map((one) => one.trim());
    const wrong = columns.find((column) => !isCount(cells[header.indexOf(column)] ?? ''));
    if (wrong !== undefined) {
      problems.add(
        file,
        line,
        `'${wrong}' is ${shown(cells[header.indexOf(wrong)])}. Expected a number, 0 or greater.`,
      );
      continue;
    }
    const numbers = columns.map((column) => Number(cells[header.indexOf(column)]));
    rows.push({ line, name: nameColumn === null ? '' : (cells[header.indexOf(nameColumn)] ?? ''), numbers });
  }
  return rows;
}

function isCount(cell: string): boolean {
  return cell !== '' && Number.isFinite(Number(cell)) && Number(cell) >= 0;
}

/** An object in JSON, or undefined. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a file with one JSON object in each line. Empty lines are skipped. */
export function readJsonLines(
  file: string,
  text: string,
  problems: Problems,
): readonly { line: number; value: JsonObject }[] {
  const rows: { line: number; value: JsonObject }[] = [];
  for (const [index, content] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n/)
    .entries()) {
    if (content.trim() === '') continue;
    const value = parseJson(content);
    if (isObject(value)) rows.push({ line: index + 1, value });
    else
      problems.add(file, index + 1, `${shown(content.trim())} is not a JSON object. Expected one object in each line.`);
  }
  return rows;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

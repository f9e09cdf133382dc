import { type ColumnContent, type ColumnName, contentOf, isUnit, readColumnName } from './columns.ts';
import { shownName } from './records.ts';

/** The first records of a trace as text. `names`: the names of the columns, undefined for a CSV file without a header. */
export interface TraceSample {
  readonly names: readonly string[] | undefined;
  /** The units of the columns, if the header has a second row with them. */
  readonly units?: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
  readonly isJson: boolean;
  /** Whether commas separate the columns. */
  readonly hasCommas: boolean;
}

/** A column of the sample: its name and its content. */
export interface Column extends ColumnName {
  readonly index: number;
  readonly name: string;
  readonly content: ColumnContent;
  /** Whether all cells are days without a time. */
  readonly isDay: boolean;
  /** Whether all cells are AM or PM, which the times of day in another column need. */
  readonly isHalfOfDay: boolean;
}

/** The columns of a sample, in their order. */
export function columnsOf({ names, units, rows, hasCommas }: TraceSample): readonly Column[] {
  const width = names?.length ?? Math.max(0, ...rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, index): Column => {
    const name = names?.[index] ?? `${index + 1}`;
    const named =
      names === undefined
        ? { role: 'other' as const, rank: 9, unitsPerSecond: undefined, hasStrangeUnit: false }
        : readColumnName(isUnit(units?.[index] ?? '') ? `${name} ${units?.[index]}` : name);
    const cells = rows.map((row) => row[index] ?? '');
    const isDay = cells.every((cell) => /^\d{4}([-/])\d\d\1\d\d$/u.test(cell));
    const isHalfOfDay = cells.every((cell) => /^[ap]\.?m\.?$/iu.test(cell));
    return { ...named, index, name, content: contentOf(cells, hasCommas), isDay, isHalfOfDay };
  });
  // Beside a column of times, `arrivals` is a number of requests.
  const isTime = ({ role, name, content }: Column): boolean =>
    role === 'arrival' && !isArrivals(name) && holdsTimes(content);
  if (!columns.some(isTime)) return columns;
  return columns.map((column) => (isArrivals(column.name) ? { ...column, role: 'count' } : column));
}

function isArrivals(name: string): boolean {
  return name.trim().toLowerCase() === 'arrivals';
}

/** Whether at least half of the cells that are not empty are times. */
export function holdsTimes({ times, filled }: ColumnContent): boolean {
  return times > 0 && times * 2 >= filled;
}

/** How a message names a column: by its number, which `column:` accepts as well, if it may not quote the name. */
export function nameOf({ name, index }: Column): string {
  return shownName(name) ?? String(index + 1);
}

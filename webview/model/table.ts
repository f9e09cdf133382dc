import { writeCsv } from '../../protocol/index.ts';

/** The numbers of a plot, for a table in the page and for exported files. */
export interface TableData {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface TableColumn {
  readonly title: string;
  /** camelCase with the unit, as in the output of the command line: `p99LatencySeconds`. */
  readonly key: string;
  readonly format?: (value: number) => string;
}

/** The table as CSV: values with full precision, not as they are displayed. */
export function tableCsv(data: TableData): string {
  return writeCsv(
    data.columns.map((column) => column.key),
    data.rows,
  );
}

/** Rows as objects with the same keys as in CSV. null if there is no value. */
export function tableJson(data: TableData): string {
  const rows = data.rows.map((row) =>
    Object.fromEntries(
      data.columns.map((column, i) => {
        const cell = row[i] ?? null;
        return [column.key, typeof cell === 'number' && !Number.isFinite(cell) ? null : cell];
      }),
    ),
  );
  return `${JSON.stringify({ caption: data.caption, rows }, null, 2)}\n`;
}

import { h } from './dom.ts';

/** The numbers behind a plot: shown as a table, saved as CSV. */
export interface TableData {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface TableColumn {
  readonly title: string;
  /** camelCase with the unit, as in the command line's output: `p99LatencySeconds`. */
  readonly key: string;
  readonly format?: (value: number) => string;
}

export function tableElement(data: TableData): HTMLTableElement {
  const head = data.columns.map((column) => h('th', { scope: 'col' }, column.title));
  const rows = data.rows.map((row) =>
    h(
      'tr',
      {},
      ...row.map((cell, index) => {
        const column = data.columns[index];
        if (typeof cell === 'string') return h(index === 0 ? 'th' : 'td', index === 0 ? { scope: 'row' } : {}, cell);
        const text = column?.format?.(cell) ?? String(cell);
        return h(index === 0 ? 'th' : 'td', { 'data-value': cell, ...(index === 0 ? { scope: 'row' } : {}) }, text);
      }),
    ),
  );
  return h(
    'table',
    { class: 'numbers' },
    h('caption', {}, data.caption),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  );
}

/** RFC 4180, values as they are: full precision, empty where nothing was measured. */
export function tableCsv(data: TableData): string {
  const lines = [data.columns.map((column) => column.key), ...data.rows];
  return `${lines.map((line) => line.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  return /[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
}

/** Rows as objects, under the same keys as CSV; null where nothing was measured. */
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

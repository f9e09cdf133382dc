import { safeText } from './safe-text.ts';

export type Cell = string | number | boolean | null | undefined;

/**
 * Rows as RFC 4180 defines them: each ends with CRLF, and quotes enclose a cell that contains a comma or a quote. A cell is one line: a text of a
 * foreign file could otherwise forge a row, or a line that a problem matcher reads.
 */
export function writeCsv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [header.map(cellText).join(',')];
  for (const row of rows) lines.push(row.map(cellText).join(','));
  lines.push('');
  return lines.join('\r\n');
}

/**
 * A text that a spreadsheet would run as a formula. A leading apostrophe marks it as text (OWASP, "CSV Injection").
 */
const formula = /^[=+\-@]/u;

/** Numbers have full precision. A value that was not measured (NaN, null) is empty. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : cell > 0 ? 'inf' : '-inf';
  if (typeof cell === 'boolean') return String(cell);
  const line = safeText(cell, Number.POSITIVE_INFINITY);
  const text = formula.test(line) ? `'${line}` : line;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { padEnd, padStart, textWidth, truncate } from './text-width.ts';

export interface TableColumn {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** Columns of the lowest importance go first where the terminal is too narrow; the default, Infinity, never goes. */
  readonly importance?: number;
  /** May be shortened with an ellipsis, down to this many columns. Its cells must be unpainted. */
  readonly shrinkTo?: number;
  /** The last resort, when no other column can go: shortened further, down to this many. */
  readonly floor?: number;
  /** Which end of a cell is given up; the end by default. Names of layers differ at their end. */
  readonly cut?: 'start' | 'end';
}

export interface TableStyle {
  /** Columns of text; Infinity: as wide as it comes. */
  readonly width: number;
  readonly paintHeader: (text: string) => string;
  readonly indent: number;
}

export interface RenderedTable {
  readonly lines: readonly string[];
  /** Headers of the columns that had no room. */
  readonly hidden: readonly string[];
}

const gap = 2;

interface Placed {
  readonly column: TableColumn;
  readonly index: number;
  width: number;
}

/** Aligned columns under a header. A row of undefined is a blank line. Never wider than asked, as far as shrinking and hiding columns go. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[] | undefined)[],
  style: TableStyle,
): RenderedTable {
  let placed: Placed[] = columns.map((column, index) => ({
    column,
    index,
    width: rows.reduce((widest, row) => Math.max(widest, textWidth(row?.[index] ?? '')), textWidth(column.header)),
  }));
  const total = (): number => placed.reduce((sum, each) => sum + each.width, style.indent + gap * (placed.length - 1));
  const hidden: Placed[] = [];
  while (total() > style.width) {
    const over = total() - style.width;
    const shrinkable = placed.find((each) => each.width > (each.column.shrinkTo ?? Number.POSITIVE_INFINITY));
    if (shrinkable !== undefined) {
      shrinkable.width = Math.max(shrinkable.column.shrinkTo ?? 0, shrinkable.width - over);
      continue;
    }
    const least = placed.reduce((low, each) => (importance(each) < importance(low) ? each : low));
    if (importance(least) === Number.POSITIVE_INFINITY) {
      const last = placed.find((each) => each.width > (each.column.floor ?? Number.POSITIVE_INFINITY));
      if (last !== undefined) last.width = Math.max(last.column.floor ?? 0, last.width - over);
      break;
    }
    hidden.push(least);
    placed = placed.filter((each) => each !== least);
  }
  const line = (cells: readonly string[], paint: (text: string) => string): string => {
    const fitted = placed.map(({ column, index, width }, position) => {
      const cell =
        column.shrinkTo === undefined ? (cells[index] ?? '') : truncate(cells[index] ?? '', width, column.cut);
      if (column.align === 'right') return paint(padStart(cell, width));
      // Nothing stands to the right of the last column: no blanks that a colour would keep alive.
      return paint(position === placed.length - 1 ? cell : padEnd(cell, width));
    });
    return (' '.repeat(style.indent) + fitted.join(' '.repeat(gap))).trimEnd();
  };
  const headers = columns.map((column) => column.header);
  return {
    lines: [
      line(headers, style.paintHeader),
      ...rows.map((row) => (row === undefined ? '' : line(row, (text) => text))),
    ],
    hidden: hidden.sort((a, b) => a.index - b.index).map((each) => each.column.header),
  };
}

function importance(each: Placed): number {
  return each.column.importance ?? Number.POSITIVE_INFINITY;
}

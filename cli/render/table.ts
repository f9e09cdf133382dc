import { padEnd, padStart, textWidth, truncate } from './text-width.ts';

export interface TableColumn {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** If the terminal is too narrow, the columns with the lowest importance are hidden first. The default, Infinity, is never hidden. */
  readonly importance?: number;
  /** The column may be shortened with an ellipsis to this width. Its cells must have no colour codes. */
  readonly shrinkTo?: number;
  /** The smallest width, used only if no other column can be hidden. */
  readonly floor?: number;
  /** The end of a cell that is cut, by default its end. Names of layers differ at their end, so they are cut at the start. */
  readonly cut?: 'start' | 'end';
}

export interface TableStyle {
  /** The number of columns of text. Infinity means no limit. */
  readonly width: number;
  readonly paintHeader: (text: string) => string;
  readonly indent: number;
}

export interface RenderedTable {
  readonly lines: readonly string[];
  /** The headers of the hidden columns. */
  readonly hidden: readonly string[];
}

const gap = 2;

interface Placed {
  readonly column: TableColumn;
  readonly index: number;
  width: number;
}

/**
 * Aligned columns below a header. An undefined row is a blank line. The table fits the width as far as shortening and hiding columns allow.
 */
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
      // The last column gets no blanks at its end, because colour codes would prevent their removal.
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

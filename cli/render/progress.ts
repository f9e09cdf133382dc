import { safeText } from '../../design/index.ts';
import type { Look } from '../terminal.ts';
import { bar } from './bars.ts';
import { paintFor } from './paint.ts';
import { padEnd, truncate } from './text-width.ts';

const cells = 24;

/**
 * The columns beside the name: two spaces, the bar, a space, "100 %", and one free column, because some terminals start a new line after
 * the last column.
 */
const columnsBeside = cells + 9;

/** One line without a line end, never wider than the terminal: "Rush  ████████▌          34 %". */
export function renderProgress(name: string, fraction: number, look: Look): string {
  const paint = paintFor(look.colour);
  const drawn = padEnd(bar(fraction, cells, look.unicode), cells);
  const shown = truncate(safeText(name, Number.POSITIVE_INFINITY), Math.max(1, look.width - columnsBeside));
  return `${shown}  ${paint.cyan(drawn)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}

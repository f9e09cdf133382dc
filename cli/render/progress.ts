import type { Look } from '../terminal.ts';
import { bar } from './bars.ts';
import { paintFor } from './paint.ts';
import { padEnd } from './text-width.ts';

const cells = 24;

/** One line, without a line end: "Rush  ████████▌          34 %". */
export function renderProgress(name: string, fraction: number, look: Look): string {
  const paint = paintFor(look.colour);
  const drawn = padEnd(bar(fraction, cells, look.unicode), cells);
  return `${name}  ${paint.cyan(drawn)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}

import type { SlotColumn } from '../../../design/index.ts';
import { sparkline } from '../bars.ts';
import type { Style } from './style.ts';

/** One value for each character, from slots that are wider than a character. The last slot may extend past the end of the run. */
export function stretched({ slotSeconds, values }: SlotColumn, seconds: number, cells: number): number[] {
  return Array.from(
    { length: cells },
    (_, cell) => values[Math.floor((((cell + 0.5) / cells) * seconds) / slotSeconds)] ?? Number.NaN,
  );
}

/**
 * A line from the minimum to the maximum of its values, for values that change only a little, and this range. Undefined if both ends have
 * the same text.
 */
export function rising(
  values: readonly number[],
  text: (value: number) => string,
  { look }: Style,
): { readonly line: string; readonly range: string } | undefined {
  const measured = values.filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...measured), Math.max(...measured)];
  if (!(high > low) || text(low) === text(high)) return undefined;
  const line = sparkline(
    values.map((value) => value - low),
    high - low,
    look.unicode,
  );
  return { line, range: `${text(low)} to ${text(high)}` };
}

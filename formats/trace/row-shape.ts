import type { TraceLayout } from './layout.ts';
import type { TraceRecord } from './records.ts';

/**
 * Why the cells of a CSV row cannot be assigned to the columns. Undefined where they can, or where the time is not affected.
 * `index`: the cell with the time. `width`: the number of cells that a row should have.
 */
export function shapeProblem(
  record: TraceRecord,
  index: number,
  width: number,
  layout: TraceLayout,
): string | undefined {
  const { count } = record;
  if (count === width) return undefined;
  if (count < width) {
    if (record.isLast) return 'the file ends in the middle of it';
    // A time in the first column is right although later cells are missing. In any other column, another cell may have moved to its place.
    return index === 0 && count > 0 ? undefined : `it has ${cellCount(count)} instead of ${width}`;
  }
  if (layout.isFractionApart && count === width + 1) return undefined;
  let isPadded = true;
  for (let at = width; at < count; at++) if (record.text(at) !== '') isPadded = false;
  if (isPadded || (index === 0 && (layout.form === 'date' || !isThousand(record)))) return undefined;
  return `it has ${cellCount(count)} instead of ${width}`;
}

/** Whether a comma between thousands has split the number in the first cell: `12,500`. */
function isThousand(record: TraceRecord): boolean {
  return /^\d{1,3}$/u.test(record.text(0)) && /^\d{3}(\.\d*)?$/u.test(record.text(1));
}

function cellCount(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}

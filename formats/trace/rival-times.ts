import { epochUnit, guessRank } from './columns.ts';
import type { Column } from './sample.ts';

/* A trace often has several times of each request. The earliest of them is the arrival, unless it is something else. */

/** How far two columns with the same times in other units can differ, as a share of their whole time. Our assumption: rounded values. */
const sameTimeTolerance = 0.01;

/** Ratios of two units of time. */
const ratios = [1, 60, 3600, 86_400, 1e3, 1e6, 1e9, 60e3];

/** Whether two columns have the same times, except for their unit, their zone and their start. */
export function isSameTime({ content: one }: Column, { content: other }: Column): boolean {
  const ratio = Math.abs((one.last - one.first) / (other.last - other.first));
  const isUnit = ratios.some((unit) => Math.abs(Math.max(ratio, 1 / ratio) / unit - 1) <= sameTimeTolerance);
  const relative = ({ values, first, last }: Column['content']) =>
    values.map((value) => (value - first) / (last - first));
  const [left, right] = [relative(one), relative(other)];
  return (
    isUnit &&
    left.length === right.length &&
    left.every((value, row) => Math.abs(value - (right[row] ?? 0)) <= sameTimeTolerance)
  );
}

/** With fewer rows, values that are a little smaller can be a coincidence. Our assumption. */
const fewestRows = 10;
/** Two times of each request span about the same time, up to this factor. Our assumption. */
const mostSpan = 2;

/**
 * A column whose name is not that of an arrival and whose values are times before those of `chosen`, in every row: perhaps the arrivals. For
 * example `queue_time` or `t_in` before `start`.
 */
export function earlierTimes(chosen: Column, columns: readonly Column[]): Column | undefined {
  const later = secondsOf(chosen);
  if (later.length < fewestRows) return undefined;
  return columns.find((column) => {
    const { role, rank, content } = column;
    const isUnnamed = role === 'duration' || ((role === 'other' || role === 'arrival') && rank >= guessRank);
    const isLikely = isUnnamed && content.form === chosen.content.form && !content.isCounter && !content.isUneven;
    if (column === chosen || !isLikely || content.values.length !== later.length) return false;
    const earlier = secondsOf(column);
    const ratio = spanOf(earlier) / spanOf(later);
    const isBefore = earlier.every((time, row) => time <= (later[row] ?? 0));
    return isBefore && ratio <= mostSpan && ratio * mostSpan >= 1 && !isSameTime(column, chosen);
  });
}

/** The values in seconds if the name or the values have a unit. */
function secondsOf({ content, unitsPerSecond }: Column): readonly number[] {
  const unit = content.form === 'number' ? (unitsPerSecond ?? epochUnit(content.first) ?? 1) : 1;
  return unit === 1 ? content.values : content.values.map((value) => value / unit);
}

function spanOf(times: readonly number[]): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}

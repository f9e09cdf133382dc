/** The factors between two units of time that programs write. */
const factors = [1e3, 1e6, 1e9];
/** The fewest rows before and after a change. Our assumption: with fewer, the mean time between requests is a coincidence. */
const fewestRows = 10;
/** How far the mean time between requests can differ before and after a change, apart from the factor. Our assumption. */
const rateTolerance = 3;
/** The share of the gaps on each side of a change that are on their side of the border between the two units. Our assumption. */
const leastShare = 0.9;
/** The longest time between the requests around a change, in mean times between requests. Our assumption. */
const longestStep = 20;

/**
 * The row from which on numbers that count from the start of a recording are written in a finer unit: the time and all later times between
 * requests are then larger by a factor of 1000. `times`: on the clock of the file, ascending. Undefined if there is no such row.
 */
export function unitChange(times: Float64Array, baseSeconds: number): number | undefined {
  const count = times.length;
  const last = times[count - 1] ?? 0;
  for (let row = fewestRows; row <= count - fewestRows; row++) {
    const before = baseSeconds + (times[row - 1] ?? 0);
    const after = baseSeconds + (times[row] ?? 0);
    if (before <= 0 || after < before * 1e3) continue;
    const meanBefore = ((times[row - 1] ?? 0) - (times[0] ?? 0)) / (row - 1);
    const meanAfter = (last - (times[row] ?? 0)) / (count - 1 - row);
    const isChange = factors.some((factor) => {
      const step = after / factor - before;
      const rate = meanAfter / factor / meanBefore;
      return step >= 0 && step <= longestStep * meanBefore && rate < rateTolerance && rate > 1 / rateTolerance;
    });
    if (isChange) return row;
  }
  return undefined;
}

/**
 * The row from which on gaps are written in another unit: nearly all of them are larger, or smaller, than nearly all earlier ones by a factor of about
 * 1000. `times`: the sums of the gaps, ascending. Undefined if there is no such row.
 */
export function gapUnitChange(times: Float64Array): number | undefined {
  const count = times.length;
  const first = times[0] ?? 0;
  const last = times[count - 1] ?? 0;
  let found: number | undefined;
  let farthest = rateTolerance;
  for (let row = fewestRows; row <= count - fewestRows; row++) {
    const middle = times[row - 1] ?? 0;
    const ratio = (last - middle) / (count - row) / ((middle - first) / (row - 1));
    const change = Math.max(ratio, 1 / ratio);
    if (change <= farthest || !factors.some((factor) => isNear(change, factor))) continue;
    farthest = change;
    found = row;
  }
  if (found === undefined) return undefined;
  const before = meanGap(times, 0, found - 1);
  const after = meanGap(times, found - 1, count - 1);
  return exactRow(times, Math.sqrt(before) * Math.sqrt(after), before < after);
}

function isNear(ratio: number, factor: number): boolean {
  return ratio < factor * rateTolerance && ratio > factor / rateTolerance;
}

function meanGap(times: Float64Array, from: number, to: number): number {
  return ((times[to] ?? 0) - (times[from] ?? 0)) / (to - from);
}

/**
 * The row that divides the gaps best into those below and those above a border. Undefined if too many are on the wrong side. `rises`: whether the
 * smaller gaps are the earlier ones.
 */
function exactRow(times: Float64Array, border: number, rises: boolean): number | undefined {
  const count = times.length;
  /** Whether a gap is in the unit of the start. */
  const isEarly = (row: number) => (times[row] ?? 0) - (times[row - 1] ?? 0) < border === rises;
  let late = 0;
  for (let row = 1; row < count; row++) if (!isEarly(row)) late++;
  let early = 0;
  let best = { right: -1, early: 0, row: 0 };
  for (let row = 1; row < count; row++) {
    if (isEarly(row)) early++;
    else late--;
    if (early + late > best.right) best = { right: early + late, early, row: row + 1 };
  }
  const isClear =
    best.early >= leastShare * (best.row - 1) && best.right - best.early >= leastShare * (count - best.row);
  const isLong = best.row >= fewestRows && best.row <= count - fewestRows;
  return isClear && isLong ? best.row : undefined;
}

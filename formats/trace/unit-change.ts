/** The factors between two units of time that programs write. */
const factors = [1e3, 1e6, 1e9];
/** The fewest rows before and after a change. Our assumption: with fewer, the mean time between requests is a coincidence. */
const fewestRows = 10;
/** How far the mean time between requests can differ before and after a change, apart from the factor. Our assumption. */
const rateTolerance = 3;
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

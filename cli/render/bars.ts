const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** Without the full block, so that sparklines below one another do not touch. */
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
const asciiHeights = ['_', '.', '-', '=', '*', '#'];

function clamp(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? low : Math.min(high, Math.max(low, value));
}

/** A horizontal bar of `fraction` of `width` cells, in steps of an eighth. Any value above zero is visible. */
export function bar(fraction: number, width: number, unicode: boolean): string {
  const cells = clamp(fraction, 0, 1) * width;
  if (!unicode) return '#'.repeat(fraction > 0 ? Math.max(1, Math.round(cells)) : 0);
  const steps = fraction > 0 ? Math.max(1, Math.round(cells * 8)) : 0;
  return '█'.repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? '');
}

/** One character for each value. Its height is the share of `top`. NaN leaves a gap. Values above `top` have full height. */
export function sparkline(values: readonly number[], top: number, unicode: boolean): string {
  const steps = unicode ? heights : asciiHeights;
  return values
    .map((value) => {
      if (Number.isNaN(value)) return ' ';
      const share = top > 0 ? clamp(value / top, 0, 1) : 0;
      return steps[Math.min(steps.length - 1, Math.floor(share * steps.length))] ?? ' ';
    })
    .join('');
}

/**
 * Draws `parts` of one whole as adjacent runs of cells. Each part above zero has at least one cell, so that every part is visible. The
 * other cells are divided by size (largest remainders). The lengths add up to `width`.
 */
export function stackedCells(parts: readonly number[], width: number): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  if (!(whole > 0)) return parts.map(() => 0);
  const own = parts.filter((part) => part > 0).length;
  const exact = parts.map((part) => (part / whole) * (width - own));
  const cells = exact.map((value, index) => Math.floor(value) + ((parts[index] ?? 0) > 0 ? 1 : 0));
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let left = width - cells.reduce((sum, count) => sum + count, 0);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    cells[index] = (cells[index] ?? 0) + 1;
    left--;
  }
  return cells;
}

/**
 * The averages of `values` over `count` equal intervals, or the values themselves if there are fewer. Intervals of NaN stay NaN. `pick:
 * max` takes the largest value of each interval.
 */
export function resample(values: ArrayLike<number>, count: number, pick: 'mean' | 'max'): number[] {
  const cells = Math.min(count, values.length);
  const result: number[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const from = Math.floor((cell * values.length) / cells);
    const to = Math.max(from + 1, Math.floor(((cell + 1) * values.length) / cells));
    let sum = 0;
    let known = 0;
    let highest = Number.NaN;
    for (let i = from; i < to; i++) {
      const value = values[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      known++;
      if (!(highest >= value)) highest = value;
    }
    result.push(known === 0 ? Number.NaN : pick === 'mean' ? sum / known : highest);
  }
  return result;
}

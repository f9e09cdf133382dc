const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** Without the full block: lines of sparks under one another stay apart. */
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
const asciiHeights = ['_', '.', '-', '=', '*', '#'];

function clamp(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? low : Math.min(high, Math.max(low, value));
}

/** A horizontal bar of `fraction` of `width` cells, in steps of an eighth; anything above zero shows at least a sliver. */
export function bar(fraction: number, width: number, unicode: boolean): string {
  const cells = clamp(fraction, 0, 1) * width;
  if (!unicode) return '#'.repeat(fraction > 0 ? Math.max(1, Math.round(cells)) : 0);
  const steps = fraction > 0 ? Math.max(1, Math.round(cells * 8)) : 0;
  return '█'.repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? '');
}

/** One character a value, its height the value's share of `top`. NaN leaves a gap. Values above `top` stay at the top. */
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
 * `parts` of one whole as adjoining runs of cells. Each part above zero has a cell of its own, so that nothing that happened is
 * invisible; the others are shared out by size (largest remainders). Lengths add up to `width`.
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

/** Averages of `values` over `count` equal stretches, or the values themselves where there are fewer; NaN stretches stay NaN. `pick` max keeps the highest. */
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

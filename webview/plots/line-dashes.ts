/**
 * The dashes of every line in a plot, CSS pixels on and off. Charts draw their lines with them and the legend draws its swatches with
 * them, so that both always agree.
 */
export const lineDashes = {
  line: [],
  dash: [6, 3],
  dot: [2, 2],
  dashdot: [8, 3, 2, 3],
  sparse: [1, 3],
  limit: [6, 3],
  'base-line': [6, 3],
} as const satisfies Readonly<Record<string, readonly number[]>>;

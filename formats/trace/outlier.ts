import { formatSeconds } from '../../design/index.ts';

/** A first or last request is suspicious if its distance is more than this many times the span of all the others. Our assumption. */
const outlierFactor = 10;
/** In a trace with fewer requests, none is called an outlier. Our assumption. */
const fewestForOutlier = 10;

/** A first or last request that is far from all others. */
export interface Outlier {
  readonly which: 'first' | 'last';
  /** Its distance to the next request, and the span of all the others, as texts with units. */
  readonly gap: string;
  readonly others: string;
}

/**
 * The first or last request if it is far from all others. Typical causes are a 0 among dates, and a number that was cut off.
 * `times`: in seconds, ascending.
 */
export function outlierOf(times: Float64Array): Outlier | undefined {
  const count = times.length;
  if (count < fewestForOutlier) return undefined;
  const at = (row: number): number => times[row] ?? 0;
  for (const [which, gap, others] of [
    ['first', at(1) - at(0), at(count - 1) - at(1)],
    ['last', at(count - 1) - at(count - 2), at(count - 2) - at(0)],
  ] as const) {
    if (others > 0 && gap > outlierFactor * others)
      return { which, gap: formatSeconds(gap), others: formatSeconds(others) };
  }
  return undefined;
}

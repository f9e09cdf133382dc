import { formatSeconds } from '../../design/index.ts';

/** A first or last request is suspicious if its distance is more than this many times the span of all the others. Our assumption. */
const outlierFactor = 10;
/** In a trace with fewer requests, none is called an outlier. Our assumption. */
const fewestForOutlier = 10;

/** At most this share of the requests can be far from the others. Our assumption: more of them are a part of the traffic. */
const mostFar = 0.01;

/** The first or last requests, if they are far from all others. */
export interface Outlier {
  readonly which: 'first' | 'last';
  readonly requests: number;
  /** Their distance to the next request, and the span of all the others, as texts with units. */
  readonly gap: string;
  readonly others: string;
}

/**
 * The first or last requests if they are far from all others. Typical causes are a 0 among dates, the zero time of Go (year 1), and a number that was
 * cut off. `times`: in seconds, ascending.
 */
export function outlierOf(times: Float64Array): Outlier | undefined {
  const count = times.length;
  if (count < fewestForOutlier) return undefined;
  const at = (row: number): number => times[row] ?? 0;
  const most = Math.max(1, Math.floor(count * mostFar));
  for (let requests = 1; requests <= most; requests++) {
    for (const [which, gap, others] of [
      ['first', at(requests) - at(requests - 1), at(count - 1) - at(requests)],
      ['last', at(count - requests) - at(count - requests - 1), at(count - requests - 1) - at(0)],
    ] as const) {
      if (others > 0 && gap > outlierFactor * others)
        return { which, requests, gap: formatSeconds(gap), others: formatSeconds(others) };
    }
  }
  return undefined;
}

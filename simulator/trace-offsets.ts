import type { Arrivals, Scenario } from '../design/index.ts';

/**
 * The arrivals of each serve on one common clock. Every trace starts at its own first request; where two traces or more state absolute times, the
 * earliest of them starts the run, and the others start as much later as they were recorded. An offset is replayed as fast as its trace.
 */
export function alignedArrivals(serves: Scenario['serves']): readonly Arrivals[] {
  const starts = serves.flatMap(({ arrivals }) => {
    const start = arrivals.kind === 'trace' ? arrivals.startSeconds : undefined;
    return start === undefined ? [] : [start];
  });
  const earliest = Math.min(...starts);
  return serves.map(({ arrivals }) => {
    if (starts.length < 2 || arrivals.kind !== 'trace' || arrivals.startSeconds === undefined) return arrivals;
    const offset = (arrivals.startSeconds - earliest) / arrivals.speedup;
    if (offset === 0) return arrivals;
    return { ...arrivals, timesSeconds: arrivals.timesSeconds.map((seconds) => seconds + offset) };
  });
}

import type { Arrivals, Scenario } from '../design/index.ts';

/**
 * The arrivals of each serve on one common clock. Every trace starts at its own first request. Where several traces share a clock (dates, times of day,
 * or the rows of one file), the earliest of them starts the run, and the others start as much later as they were recorded. An offset is replayed as
 * fast as its trace.
 */
export function alignedArrivals(serves: Scenario['serves']): readonly Arrivals[] {
  const earliest = new Map<string, number>();
  for (const { arrivals } of serves) {
    const clock = clockOf(arrivals);
    if (clock === undefined) continue;
    earliest.set(clock.name, Math.min(earliest.get(clock.name) ?? Number.POSITIVE_INFINITY, clock.startSeconds));
  }
  return serves.map(({ arrivals }) => {
    const clock = clockOf(arrivals);
    if (clock === undefined || arrivals.kind !== 'trace') return arrivals;
    const offset = (clock.startSeconds - (earliest.get(clock.name) ?? clock.startSeconds)) / arrivals.speedup;
    if (offset === 0) return arrivals;
    return { ...arrivals, timesSeconds: arrivals.timesSeconds.map((seconds) => seconds + offset) };
  });
}

/** The clock of a trace, and its first arrival on it. A clock of a file is shared by all traces that read this file. */
function clockOf(arrivals: Arrivals): { readonly name: string; readonly startSeconds: number } | undefined {
  if (arrivals.kind !== 'trace' || arrivals.startSeconds === undefined) return undefined;
  const { clock = 'utc', path, startSeconds } = arrivals;
  if (clock === 'file') return { name: `file ${path.replace(/^(\.\/)+/u, '')}`, startSeconds };
  return { name: clock === 'local' ? 'utc' : clock, startSeconds };
}

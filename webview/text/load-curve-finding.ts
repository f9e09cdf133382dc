import type { LoadLine, LoadPoint } from '../../protocol/index.ts';
import { formatPercent, formatRate } from '../../protocol/index.ts';

/** How far a line meets all objectives, with its loads in ascending order. */
interface Reach {
  /** The largest load up to which each simulated load is met. undefined: the smallest one is not met. */
  readonly met: LoadPoint | undefined;
  /** The next load, which is violated or undecided. undefined: every load is met. */
  readonly next: LoadPoint | undefined;
}

function reachOf({ points }: LoadLine): Reach {
  const end = points.findIndex(({ verdict }) => verdict !== 'met');
  return end < 0 ? { met: points.at(-1), next: undefined } : { met: points[end - 1], next: points[end] };
}

function nextText({ next }: Reach): string {
  if (next === undefined) return '';
  const what = next.verdict === 'violated' ? 'one is violated' : 'one is undecided';
  return `; at ${formatRate(next.offeredRps)}, the next simulated load, ${what}`;
}

/**
 * What the curve shows: how much load meets all objectives, with and without burst mode, and where the knee is. It counts all objectives, as
 * quick fixes and the search for a capacity do. `limitSeconds`: the limit of the time that the curve
 * shows, which `measure` names; null if there is none.
 */
export function loadCurveFinding(lines: readonly LoadLine[], limitSeconds: number | null, measure: string): string {
  const [design, base] = lines;
  if (design === undefined) return '';
  const knee = design.points[design.knee];
  const bend = knee === undefined ? '' : ` The knee of the curve is at ${formatRate(knee.offeredRps)}.`;
  if (limitSeconds === null) return `${measure} rises with the load.${bend}`;
  const reach = reachOf(design);
  if (reach.met === undefined) return `No simulated load meets all objectives.${bend}`;
  const own = `All objectives are met up to ${formatRate(reach.met.offeredRps)}`;
  const end = `${nextText(reach)}.${bend}`;
  if (base === undefined) return `${own}${end}`;
  const without = reachOf(base).met;
  if (without === undefined) return `${own}${end} In base mode only, no simulated load meets them.`;
  const gain = reach.met.offeredRps / without.offeredRps - 1;
  if (gain === 0) return `${own}, the same as in base mode only${end}`;
  const difference = `${formatPercent(Math.abs(gain), 2)} ${gain > 0 ? 'more' : 'less'}`;
  return `${own}, ${difference} than in base mode only (${formatRate(without.offeredRps)})${end}`;
}

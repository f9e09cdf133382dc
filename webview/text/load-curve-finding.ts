import type { LoadLine, LoadPoint } from '../../protocol/index.ts';
import { formatNumber, formatPercent, formatRate } from '../../protocol/index.ts';

/** How far a line meets all objectives, with its loads in ascending order. */
interface Reach {
  /** The largest load that meets all objectives, as in the search for a capacity. undefined: no load does. */
  readonly met: LoadPoint | undefined;
  /** The next load, which is violated or undecided. undefined: the largest load is met. */
  readonly next: LoadPoint | undefined;
  /** The largest load below `met` that does not meet them, for example because its goodput is too small. */
  readonly exception: LoadPoint | undefined;
}

function reachOf({ points }: LoadLine): Reach {
  const place = points.findLastIndex(({ verdict }) => verdict === 'met');
  const exception = points.slice(0, Math.max(0, place)).findLast(({ verdict }) => verdict !== 'met');
  return { met: points[place], next: points[place + 1], exception };
}

/** What arrived, which differs from the stated mean in traffic with bursts, and the factor, by which the search for a capacity names loads. */
function loadText({ offeredRps, factor }: LoadPoint): string {
  return `${formatRate(offeredRps)} (${formatNumber(factor, 3)}x the load as written)`;
}

function nextText({ next, exception }: Reach): string {
  const what = ({ verdict }: LoadPoint) => (verdict === 'violated' ? 'one is violated' : 'one is undecided');
  const below = exception === undefined ? '' : `; at ${loadText(exception)} and perhaps less, ${what(exception)}`;
  return next === undefined ? below : `${below}; at ${loadText(next)}, the next simulated load, ${what(next)}`;
}

/** Of a line that meets all objectives at no load. */
function unmetText({ points }: LoadLine): string {
  const violated = points.find(({ verdict }) => verdict === 'violated');
  if (violated === points[0]) return 'No simulated load meets all objectives';
  const from = violated === undefined ? 'none is violated' : `one is violated at ${loadText(violated)}`;
  return `At the smallest loads, an objective is undecided; ${from}`;
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
  if (reach.met === undefined) return `${unmetText(design)}.${bend}`;
  const own = `All objectives are met up to ${loadText(reach.met)}`;
  const end = `${nextText(reach)}.${bend}`;
  if (base === undefined) return `${own}${end}`;
  const without = reachOf(base).met;
  if (without === undefined) return `${own}${end} In base mode only, no simulated load meets them.`;
  const gain = reach.met.offeredRps / without.offeredRps - 1;
  if (gain === 0) return `${own}, the same as in base mode only${end}`;
  const difference = `${formatPercent(Math.abs(gain), 2)} ${gain > 0 ? 'more' : 'less'}`;
  return `${own}, ${difference} than in base mode only (${formatRate(without.offeredRps)})${end}`;
}

import type { LoadLine, LoadPoint } from '../../protocol/index.ts';
import { formatPercent, formatRate, formatSeconds, percentileName } from '../../protocol/index.ts';

/** Whether a chip completes what it is offered; where it does not, its latency grows with the run. The simulator's own mark for a knee. */
export function keptUp({ offeredRps, completedRps }: LoadPoint): boolean {
  return completedRps >= 0.98 * offeredRps;
}

/** Largest of the tried loads up to which latency stays within the limit; undefined where not even the first does. */
function carried({ points }: LoadLine, limitSeconds: number): LoadPoint | undefined {
  const over = points.findIndex(({ latencySeconds }) => !(latencySeconds <= limitSeconds));
  return over < 0 ? points.at(-1) : points[over - 1];
}

/** What the curve shows: how much load stays within the objective, with burst mode and without; else where the knees lie. */
export function loadCurveFinding(lines: readonly LoadLine[], limitSeconds: number | null, fraction: number): string {
  const [design, base] = lines;
  if (design === undefined) return '';
  const knee = design.points[design.knee];
  const bend = knee === undefined ? '' : ` Its knee lies at ${formatRate(knee.offeredRps)}.`;
  if (limitSeconds === null) return `${percentileName(fraction)} latency rises with the load.${bend}`;
  const name = `${percentileName(fraction)} latency`;
  const limit = formatSeconds(limitSeconds);
  const most = carried(design, limitSeconds);
  if (most === undefined) return `${name} is above ${limit} at every load that was tried.`;
  const own = `Of the loads tried, ${name} stays within ${limit} up to ${formatRate(most.offeredRps)}`;
  if (base === undefined) return `${own}.${bend}`;
  const without = carried(base, limitSeconds);
  if (without === undefined) return `${own}; in base mode alone at none.${bend}`;
  const gain = most.offeredRps / without.offeredRps - 1;
  const more =
    gain > 0
      ? `, ${formatPercent(gain, 2)} more than in base mode alone (${formatRate(without.offeredRps)})`
      : ', as in base mode alone';
  return `${own}${more}.${bend}`;
}

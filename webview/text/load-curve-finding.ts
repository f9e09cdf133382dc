import type { LoadLine, LoadPoint } from '../../protocol/index.ts';
import { formatPercent, formatRate, formatSeconds, percentileName } from '../../protocol/index.ts';

/** Whether a chip completes the load that it is offered. If not, its latency grows with the run. The simulator uses the same rule for a knee. */
export function keptUp({ offeredRps, completedRps }: LoadPoint): boolean {
  return completedRps >= 0.98 * offeredRps;
}

/** The largest simulated load up to which latency stays within the limit; undefined if the smallest one is already above it. */
function carried({ points }: LoadLine, limitSeconds: number): LoadPoint | undefined {
  const over = points.findIndex(({ latencySeconds }) => !(latencySeconds <= limitSeconds));
  return over < 0 ? points.at(-1) : points[over - 1];
}

/** What the curve shows: how much load meets the objective, with and without burst mode, and where the knee is. */
export function loadCurveFinding(lines: readonly LoadLine[], limitSeconds: number | null, fraction: number): string {
  const [design, base] = lines;
  if (design === undefined) return '';
  const knee = design.points[design.knee];
  const bend = knee === undefined ? '' : ` The knee of the curve is at ${formatRate(knee.offeredRps)}.`;
  if (limitSeconds === null) return `${percentileName(fraction)} latency rises with the load.${bend}`;
  const name = `${percentileName(fraction)} latency`;
  const limit = formatSeconds(limitSeconds);
  const most = carried(design, limitSeconds);
  if (most === undefined) return `${name} is above the ${limit} limit at every simulated load.`;
  const own = `${name} stays within the ${limit} limit up to ${formatRate(most.offeredRps)}`;
  if (base === undefined) return `${own}.${bend}`;
  const without = carried(base, limitSeconds);
  if (without === undefined) return `${own}. In base mode only, it is above the limit at every simulated load.${bend}`;
  const gain = most.offeredRps / without.offeredRps - 1;
  const more =
    gain > 0
      ? `, ${formatPercent(gain, 2)} more than in base mode only (${formatRate(without.offeredRps)})`
      : ', the same as in base mode only';
  return `${own}${more}.${bend}`;
}

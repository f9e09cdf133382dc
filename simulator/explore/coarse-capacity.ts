import { addCaveats, type Caveat, followsChips, type Scenario } from '../../design/index.ts';
import { runInputOf, type TableCache } from '../run-input.ts';
import { exactLog, exactPow, meanRatePerSecond } from '../serving/index.ts';
import { completedRps } from './capacity.ts';
import { highestFactor, isSustained, searchLimitCaveat, tryLoad } from './try-load.ts';

/**
 * How far apart the loads lie that are tried: designs are held against one another, and not signed for. Our assumption. They are the same
 * for all designs of a scenario, the load as written among them, so that two designs of one capacity have one figure.
 */
const LOAD_STEP = 1.02;
/** The highest load that is tried, as a share of what the chips could do at best: as that of a capacity's own search. */
const CEILING = 1.05;
/** Strides of 1, 2, 4 ... up to 128 steps: down to a load of 1/156 of that, or up as far. */
const MOST_STEPS = 255;

/** A capacity as one figure. */
export interface CoarseCapacity {
  /** Requests per second of all models together; NaN where no load that was tried meets every objective. */
  readonly rps: number;
  /** What the search itself rests on. */
  readonly caveats: readonly Caveat[];
}

/**
 * The largest load that surely meets every objective, in requests per second of all models together, on loads two per cent apart: from above in
 * growing strides down to the first one that does, then by bisection up to the next that does not. undefined where it was cancelled. `capacity` looks closer, and says where it is not monotone. Caveats are taken as accepted: the verdict beside the
 * figure says whether they could change it.
 */
export function coarseCapacity(
  scenario: Scenario,
  tables: TableCache,
  isCancelled?: () => boolean,
): CoarseCapacity | undefined {
  const input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, tables);
  if (scenario.serves.some(({ arrivals }) => followsChips(arrivals))) {
    const own = tryLoad(input, 1, isCancelled);
    // The only load of a closed loop is its own.
    return own && { rps: own.verdict === 'met' ? completedRps(own.run) : Number.NaN, caveats: [] };
  }
  const first = Math.floor(exactLog(highestFactor(input) * CEILING) / exactLog(LOAD_STEP));
  const factorAt = (step: number): number => exactPow(LOAD_STEP, first - step);
  const caveats: Caveat[] = [];
  const meets = (step: number): boolean | undefined => {
    if (!isSustained(input, factorAt(step))) return false;
    const load = tryLoad(input, factorAt(step), isCancelled);
    if (load === undefined) return undefined;
    const met = load.verdict === 'met';
    // A trace that a run cuts is cut in the scenario's own run as well, which reports it.
    if (met)
      addCaveats(
        caveats,
        load.run.caveats.filter(({ code }) => code === 'steady-traffic'),
      );
    return met;
  };
  const offeredRps = scenario.serves.reduce((sum, serve) => sum + meanRatePerSecond(serve.arrivals), 0);
  const top = meets(0);
  if (top === undefined) return undefined;
  // Steps count downwards in load. A short run, or a trace, may end before an overload shows: then the edge lies above.
  const direction = top ? -1 : 1;
  let near = 0;
  let far: number | undefined;
  for (let stride = 1; far === undefined && Math.abs(near) + stride <= MOST_STEPS; stride *= 2) {
    const next = near + direction * stride;
    const met = meets(next);
    if (met === undefined) return undefined;
    if (met === top) near = next;
    else far = next;
  }
  if (far === undefined) {
    // One text for all designs of an exploration, so that it is listed once.
    const text = top
      ? `In some designs of ${scenario.name} every load that was tried meets all objectives. Their capacity can be larger.`
      : `In some designs of ${scenario.name} no load that was tried meets all objectives. A smaller load may meet them.`;
    addCaveats(caveats, [searchLimitCaveat(text, scenario.origin)]);
  }
  if (far === undefined && !top) return { rps: Number.NaN, caveats };
  let meeting = top ? near : (far ?? near);
  let missing = top ? (far ?? near) : near;
  while (meeting - missing > 1) {
    const middle = (missing + meeting) >> 1;
    const met = meets(middle);
    if (met === undefined) return undefined;
    if (met) meeting = middle;
    else missing = middle;
  }
  return { rps: offeredRps * factorAt(meeting), caveats };
}

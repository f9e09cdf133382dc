import type { Scenario } from '../../design/index.ts';
import { runInputOf, type TableCache } from '../run-input.ts';
import { exactLog, exactPow, meanRatePerSecond, scaleArrivals, simulateRun } from '../serving/index.ts';
import { verdictOf } from '../simulate-scenario.ts';
import { highestFactor, isSustained } from './capacity.ts';

/**
 * How far apart the loads lie that are tried: designs are held against one another, and not signed for. Our assumption. They are the same
 * for all designs of a scenario, the load as written among them, so that two designs of one capacity have one figure.
 */
const LOAD_STEP = 1.02;
/** The highest load that is tried, as a share of what the chips could do at best: as that of a capacity's own search. */
const CEILING = 1.05;
/** Strides of 1, 2, 4 ... up to 128 steps: down to a load of 1/156 of that, or up as far. */
const MOST_STEPS = 255;

/**
 * The largest load that surely meets every objective, in requests per second of all models together, on loads two per cent apart: from above in
 * growing strides down to the first one that does, then by bisection up to the next that does not. NaN where none is found; undefined
 * where it was cancelled. `capacity` looks closer, and says where it is not monotone. Caveats are taken as accepted: the verdict beside the
 * figure says whether they could change it.
 */
export function coarseCapacity(
  scenario: Scenario,
  tables: TableCache,
  isCancelled?: () => boolean,
): number | undefined {
  const input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, tables);
  const first = Math.floor(exactLog(highestFactor(input) * CEILING) / exactLog(LOAD_STEP));
  const factorAt = (step: number): number => exactPow(LOAD_STEP, first - step);
  const meets = (step: number): boolean | undefined => {
    if (!isSustained(input, factorAt(step))) return false;
    const serves = input.serves.map((serve) => ({
      ...serve,
      arrivals: scaleArrivals(serve.arrivals, factorAt(step)),
    }));
    const cancelling = isCancelled === undefined ? {} : { isCancelled };
    const run = simulateRun({ ...input, serves }, { ...cancelling, endsAtViolation: true, acceptsCaveats: true });
    return run && verdictOf(run) === 'met';
  };
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
  if (far === undefined && !top) return Number.NaN;
  let meeting = top ? near : (far ?? near);
  let missing = top ? (far ?? near) : near;
  while (meeting - missing > 1) {
    const middle = (missing + meeting) >> 1;
    const met = meets(middle);
    if (met === undefined) return undefined;
    if (met) meeting = middle;
    else missing = middle;
  }
  const offeredRps = scenario.serves.reduce((sum, serve) => sum + meanRatePerSecond(serve.arrivals), 0);
  return offeredRps * factorAt(meeting);
}

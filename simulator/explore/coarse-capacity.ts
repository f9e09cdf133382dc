import { addCaveats, type Caveat, followsChips, type Scenario } from '../../design/index.ts';
import { exactLog, exactPow, meanRatePerSecond, type RunInput } from '../serving/index.ts';
import { completedRps } from './capacity.ts';
import { highestFactor, isSustained, searchLimitCaveat, tryLoad } from './try-load.ts';

/**
 * The ratio of neighbouring loads. Our assumption: enough to compare designs, which do not need an exact capacity. All designs of a
 * scenario use the same loads, including the load as written. So two designs with the same capacity get the same value.
 */
const LOAD_STEP = 1.02;
/** The highest load that the search tries, as a fraction of the saturation load. */
const CEILING = 1.05;
/** The largest number of steps. With strides of 1, 2, 4, ... 128 steps, the lowest load is 1/156 of the first one. */
const MOST_STEPS = 255;

/** A capacity as one number. */
export interface CoarseCapacity {
  /** The total rate of all serves in requests per second. NaN: no tried load meets all objectives. */
  readonly rps: number;
  /** The smallest larger load that violates an objective, in the same unit. NaN: no such load was tried. */
  readonly violatedRps: number;
  /** The caveats of the search itself. */
  readonly caveats: readonly Caveat[];
}

/**
 * The largest load that certainly meets all objectives, in requests per second of all serves together. Neighbouring loads differ by
 * 2 %. The search starts at the highest load and goes down in growing strides to the first load that meets all objectives. Then it
 * bisects. undefined: the search was cancelled.
 *
 * `capacity` searches more exactly and reports loads at which the verdict is not monotone. This search treats caveats as accepted.
 * The verdict of the design shows whether they could change the result.
 */
export function coarseCapacity(
  scenario: Scenario,
  input: RunInput,
  isCancelled?: () => boolean,
): CoarseCapacity | undefined {
  if (scenario.serves.some(({ arrivals }) => followsChips(arrivals))) {
    const own = tryLoad(input, 1, isCancelled);
    // The load of a closed loop cannot be scaled.
    return (
      own && { rps: own.verdict === 'met' ? completedRps(own.run) : Number.NaN, violatedRps: Number.NaN, caveats: [] }
    );
  }
  const first = Math.floor(exactLog(highestFactor(input) * CEILING) / exactLog(LOAD_STEP));
  const factorAt = (step: number): number => exactPow(LOAD_STEP, first - step);
  const caveats: Caveat[] = [];
  // Larger steps are lower loads.
  let violatedStep = Number.NEGATIVE_INFINITY;
  const meets = (step: number): boolean | undefined => {
    const violates = (): void => {
      violatedStep = Math.max(violatedStep, step);
    };
    if (!isSustained(input, factorAt(step))) {
      violates();
      return false;
    }
    const load = tryLoad(input, factorAt(step), isCancelled);
    if (load === undefined) return undefined;
    const met = load.verdict === 'met';
    if (load.verdict === 'violated') violates();
    // If a run replays only a part of a trace, the run of the scenario itself does so too and reports it.
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
  // A larger step is a lower load. A short run or a trace can end before overload has an effect. Then the capacity is
  // above the
  // first load, and the search goes up.
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
    // The text is the same for all designs of an exploration, so the report lists it once.
    const text = top
      ? `In some designs of ${scenario.name} every load that was tried meets all objectives. Their capacity can be larger.`
      : `In some designs of ${scenario.name} no load that was tried meets all objectives. A smaller load may meet them.`;
    addCaveats(caveats, [searchLimitCaveat(text, scenario.origin)]);
  }
  if (far === undefined && !top) return { rps: Number.NaN, violatedRps: Number.NaN, caveats };
  let meeting = top ? near : (far ?? near);
  let missing = top ? (far ?? near) : near;
  while (meeting - missing > 1) {
    const middle = (missing + meeting) >> 1;
    const met = meets(middle);
    if (met === undefined) return undefined;
    if (met) meeting = middle;
    else missing = middle;
  }
  // The first load is above saturation, and no load from saturation on is sustained.
  const ceiling = isSustained(input, Number.POSITIVE_INFINITY) ? Number.POSITIVE_INFINITY : highestFactor(input);
  const violatedRps = Number.isFinite(violatedStep)
    ? offeredRps * Math.min(factorAt(violatedStep), ceiling)
    : Number.NaN;
  return { rps: offeredRps * factorAt(meeting), violatedRps, caveats };
}

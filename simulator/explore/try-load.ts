import type { Caveat, RunResult, Verdict } from '../../design/index.ts';
import { runVerdict } from '../../design/index.ts';
import { withCaveats } from '../caveats.ts';
import { leastLoad, type RunInput, scaleArrivals, simulateRun } from '../serving/index.ts';
import { steadyCaveat, worstPartMeets } from './steady-traffic.ts';

/** The result of one load of a search. */
export interface TriedLoad {
  /**
   * Its objectives can be `met` because of a test with only the worst part of the traffic. The run then has a caveat
   * for it.
   */
  readonly run: RunResult;
  /** The verdict of all objectives together, as if all caveats were accepted. */
  readonly verdict: Verdict;
}

/** Runs a scenario with each rate multiplied by a factor. undefined: the run was cancelled. */
export function tryLoad(
  input: RunInput,
  factor: number,
  isCancelled?: () => boolean,
  onProgress?: (fraction: number) => void,
): TriedLoad | undefined {
  const serves = input.serves.map((serve) => ({ ...serve, arrivals: scaleArrivals(serve.arrivals, factor) }));
  const scaled = { ...input, serves };
  const watching = {
    ...(isCancelled === undefined ? {} : { isCancelled }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  // Ignore the caveats of the input here, so that the search finds an interval. The result of the search includes them.
  const run = simulateRun(scaled, {
    ...watching,
    endsAtViolation: true,
    acceptsCaveats: 'of-input',
    measuresOnly: true,
  });
  if (run === undefined) return undefined;
  const verdict = isSustained(input, factor) ? runVerdict(run) : 'violated';
  if (verdict !== 'undecided') return { run, verdict };
  const meets = worstPartMeets(scaled, run, isCancelled);
  if (meets === undefined) return undefined;
  return meets ? { run: metByWorstPart(run, steadyCaveat(input)), verdict: 'met' } : { run, verdict };
}

/** A tried load with the caveats of the input and of its run, and the verdict that they allow. */
export function withItsCaveats(input: RunInput, factor: number, { run, verdict }: TriedLoad): TriedLoad {
  const under = withCaveats(run, input);
  // A load above saturation stays there with more work or more requests. A caveat with an unknown effect could change that.
  const isOpen = under.caveats.some(({ effect }) => effect.kind === 'any');
  return { run: under, verdict: isOpen || isSustained(input, factor) ? runVerdict(under) : verdict };
}

function metByWorstPart(run: RunResult, caveat: Caveat | null): RunResult {
  const serves = run.serves.map((serve) => ({
    ...serve,
    slos: serve.slos.map(({ undecided: _, ...outcome }) => ({ ...outcome, verdict: 'met' as const })),
  }));
  return { ...run, serves, caveats: caveat === null ? run.caveats : [...run.caveats, caveat] };
}

/** The factor at which the load reaches saturation. No load above it is sustainable. */
export function highestFactor(input: RunInput): number {
  return 1 / leastLoad(input);
}

/** The relative tolerance for the rounding of a sum over layers. */
const ROUNDING = 1e-9;

/**
 * Whether a load is below saturation, so the chips can serve it without an end. A capacity never includes a larger load, even if an
 * overloaded chip meets a throughput. A trace ends, so its load can be above saturation.
 */
export function isSustained(input: RunInput, factor: number): boolean {
  return (
    input.serves.some(({ arrivals }) => arrivals.kind === 'trace') || factor < highestFactor(input) * (1 - ROUNDING)
  );
}

/** The caveat of a search that stopped at its highest or lowest load. */
export function searchLimitCaveat(text: string, origin: Caveat['origin']): Caveat {
  return { code: 'search-limit', origin, text, effect: { kind: 'none' } };
}

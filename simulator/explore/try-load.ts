import type { Caveat, RunResult, Verdict } from '../../design/index.ts';
import { runVerdict } from '../../design/index.ts';
import { leastLoad, type RunInput, scaleArrivals, simulateRun } from '../serving/index.ts';
import { steadyCaveat, worstPartMeets } from './steady-traffic.ts';

/** What one load of a search gave. */
export interface TriedLoad {
  /** Its objectives are `met` also where only the worst part of the traffic says so; its caveats then include that. */
  readonly run: RunResult;
  /** Of all objectives together, as if every caveat were accepted. */
  readonly verdict: Verdict;
}

/** Runs a scenario with every rate multiplied by a factor. undefined where it was cancelled. */
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
  // An interval that holds if the caveats are accepted says more than none: they come in with the result.
  const run = simulateRun(scaled, { ...watching, endsAtViolation: true, acceptsCaveats: true });
  if (run === undefined) return undefined;
  const verdict = isSustained(input, factor) ? runVerdict(run) : 'violated';
  if (verdict !== 'undecided') return { run, verdict };
  const meets = worstPartMeets(scaled, run, isCancelled);
  if (meets === undefined) return undefined;
  return meets ? { run: metByWorstPart(run, steadyCaveat(input)), verdict: 'met' } : { run, verdict };
}

function metByWorstPart(run: RunResult, caveat: Caveat | null): RunResult {
  const serves = run.serves.map((serve) => ({
    ...serve,
    slos: serve.slos.map(({ undecided: _, ...outcome }) => ({ ...outcome, verdict: 'met' as const })),
  }));
  return { ...run, serves, caveats: caveat === null ? run.caveats : [...run.caveats, caveat] };
}

/** The factor at which the chips would be busy all the time if every request came in its best batch and mode: no steady load lies above. */
export function highestFactor(input: RunInput): number {
  return 1 / leastLoad(input);
}

/** Rounding of a sum over layers. */
const ROUNDING = 1e-9;

/**
 * Whether the chips can carry a load for ever: below saturation. No objective makes a larger load part of a capacity, not even a throughput that an
 * overloaded chip delivers. A trace ends, so it may be played faster than that.
 */
export function isSustained(input: RunInput, factor: number): boolean {
  return (
    input.serves.some(({ arrivals }) => arrivals.kind === 'trace') || factor < highestFactor(input) * (1 - ROUNDING)
  );
}

/** What a search rests on that stopped at the highest or the lowest load that it tries. */
export function searchLimitCaveat(text: string, origin: Caveat['origin']): Caveat {
  return { code: 'search-limit', origin, text, effect: { kind: 'none' } };
}

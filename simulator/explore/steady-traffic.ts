import type { Arrivals, Caveat, RunResult, Slo, UndecidedReason } from '../../design/index.ts';
import { leastLoad, type RunInput, type ServeInput, simulateRun } from '../serving/index.ts';

/*
 * Traffic whose rate changes so slowly that the budget of requests does not cover it: a day of `diurnal` traffic, bursts of an hour. A search for a load
 * then tests its worst part instead, steady traffic at the highest rate. What is met there is met by the traffic itself, since that is the steady traffic
 * with a part of its requests left out.
 */

/** Reasons that a longer run of the same traffic would remove. */
const horizonReasons: readonly UndecidedReason[] = ['part-of-a-period', 'few-bursts', 'short-run'];

/** An objective that a run left open, by the place of its serve. */
interface OpenObjective {
  readonly serve: number;
  readonly slo: Slo;
}

/** The slowest rate that is tested beside the peak, as a share of it, for traffic that pauses. Our assumption. */
const LOWEST_SHARE = 0.02;

/**
 * Whether the worst part of the traffic meets the objectives that a run left open, because it did not cover the traffic. false also where that cannot
 * help: another objective is open or violated, the rates do not change, or the peak is not carried. undefined where it was cancelled.
 */
export function worstPartMeets(input: RunInput, run: RunResult, isCancelled?: () => boolean): boolean | undefined {
  const open: OpenObjective[] = [];
  for (const [serve, { slos }] of run.serves.entries()) {
    for (const { slo, verdict, undecided } of slos) {
      if (verdict === 'met') continue;
      // A rate of completions, and an accuracy, may be better at the peak than elsewhere.
      if (slo.metric !== 'latency' || undecided === undefined || !horizonReasons.includes(undecided)) return false;
      open.push({ serve, slo });
    }
  }
  if (open.length === 0 || !input.serves.some(({ arrivals }) => changes(arrivals))) return false;
  const parts = isMonotone(input) ? [highest] : [highest, lowest];
  for (const part of parts) {
    const serves = input.serves.map((serve, index): ServeInput => {
      const slos = open.flatMap((objective) => (objective.serve === index ? [objective.slo] : []));
      return { ...serve, arrivals: part(serve.arrivals), slos };
    });
    const steady = { ...input, serves };
    if (leastLoad(steady) >= 1) return false;
    const cancelling = isCancelled === undefined ? {} : { isCancelled };
    const tested = simulateRun(steady, { ...cancelling, endsAtViolation: true, acceptsCaveats: true });
    if (tested === undefined) return undefined;
    if (tested.serves.some(({ slos }) => slos.some(({ verdict }) => verdict !== 'met'))) return false;
  }
  return true;
}

/**
 * What a load that only the worst part of the traffic has met rests on; null where that is a proof. Of one network that is served one request at a time in
 * one mode, a request waits no longer if others are left out. Batches and policies can make it wait longer.
 */
export function steadyCaveat(input: RunInput): Caveat | null {
  const changing = input.serves.find(({ arrivals }) => changes(arrivals));
  if (changing === undefined || isMonotone(input)) return null;
  const text =
    'The budget of requests does not cover the changes of the traffic, so the search tests steady traffic at its highest and its lowest rate. ' +
    'State a longer duration to test the traffic itself.';
  return { code: 'steady-traffic', origin: changing.arrivals.origin, text, effect: { kind: 'any' } };
}

function isMonotone({ serves, order, canBurst, burst }: RunInput): boolean {
  const oneMode = !canBurst || burst.kind === 'never' || burst.kind === 'always';
  return oneMode && serves.length === 1 && order !== 'sjf' && serves.every(({ batch }) => batch.maxSize === 1);
}

function changes(arrivals: Arrivals): boolean {
  return arrivals.kind === 'bursty' || (arrivals.kind === 'diurnal' && arrivals.amplitude > 0);
}

function highest(arrivals: Arrivals): Arrivals {
  const { origin } = arrivals;
  switch (arrivals.kind) {
    case 'diurnal':
      return { kind: 'poisson', ratePerSecond: arrivals.ratePerSecond * (1 + arrivals.amplitude), origin };
    case 'bursty':
      return {
        kind: 'poisson',
        ratePerSecond: Math.max(arrivals.lowRatePerSecond, arrivals.highRatePerSecond),
        origin,
      };
    default:
      return arrivals;
  }
}

function lowest(arrivals: Arrivals): Arrivals {
  const { origin } = arrivals;
  switch (arrivals.kind) {
    case 'diurnal': {
      const share = Math.max(1 - arrivals.amplitude, LOWEST_SHARE * (1 + arrivals.amplitude));
      return { kind: 'poisson', ratePerSecond: arrivals.ratePerSecond * share, origin };
    }
    case 'bursty': {
      const [low, high] = [arrivals.lowRatePerSecond, arrivals.highRatePerSecond];
      const ratePerSecond = Math.max(Math.min(low, high), LOWEST_SHARE * Math.max(low, high));
      return { kind: 'poisson', ratePerSecond, origin };
    }
    default:
      return arrivals;
  }
}

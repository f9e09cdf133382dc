import {
  type Arrivals,
  type Caveat,
  type RunResult,
  type Slo,
  staysInOneMode,
  type UndecidedReason,
} from '../../design/index.ts';
import { leastLoad, type RunInput, type ServeInput, simulateRun } from '../serving/index.ts';

/*
 * Some traffic changes its rate so slowly that the budget of requests does not cover the changes: a day of `diurnal` traffic, or
 * bursts of an hour. A search for a load then tests the worst part of the traffic: steady traffic at the highest rate. If steady
 * traffic meets an objective, the traffic itself meets it too, because it is the steady traffic without some of its requests.
 */

/** The reasons for `undecided` that a longer run of the same traffic would remove. */
const horizonReasons: readonly UndecidedReason[] = ['part-of-a-period', 'few-bursts', 'short-run'];

/** An undecided objective of a run, with the index of its serve. */
interface OpenObjective {
  readonly serve: number;
  readonly slo: Slo;
}

/**
 * The lowest rate that is tested in addition to the peak, as a fraction of the peak, for traffic with pauses. Our
 * assumption.
 */
const LOWEST_SHARE = 0.02;

/**
 * Whether the worst part of the traffic meets the objectives that are undecided because the run did not cover the traffic. It is
 * also false if this cannot help: another objective is undecided or violated, the rates do not change, or the peak is above
 * saturation. undefined: the search was cancelled.
 */
export function worstPartMeets(input: RunInput, run: RunResult, isCancelled?: () => boolean): boolean | undefined {
  const open: OpenObjective[] = [];
  for (const [serve, { slos }] of run.serves.entries()) {
    for (const { slo, verdict, undecided } of slos) {
      if (verdict === 'met') continue;
      // A throughput, a goodput or an accuracy can be better at the peak than at other times.
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
    const tested = simulateRun(steady, {
      ...cancelling,
      endsAtViolation: true,
      acceptsCaveats: true,
      measuresOnly: true,
    });
    if (tested === undefined) return undefined;
    if (tested.serves.some(({ slos }) => slos.some(({ verdict }) => verdict !== 'met'))) return false;
  }
  return true;
}

/**
 * The caveat of a load that was tested only with the worst part of the traffic. null: the test is a proof. This is the case for one
 * network with batch size 1 in one mode, because a request then never waits longer if other requests are missing. With batches or a
 * policy it can wait longer.
 */
export function steadyCaveat(input: RunInput): Caveat | null {
  const changing = input.serves.find(({ arrivals }) => changes(arrivals));
  if (changing === undefined || isMonotone(input)) return null;
  const text =
    'The budget of requests does not cover the changes of the traffic, so the search tests steady traffic at its highest and its lowest rate. ' +
    'State a longer duration to test the traffic itself.';
  return { code: 'steady-traffic', origin: changing.arrivals.origin, text, effect: { kind: 'any' } };
}

function isMonotone(input: RunInput): boolean {
  const { serves, order, kinds } = input;
  if (kinds !== undefined || !staysInOneMode(input)) return false;
  return serves.length === 1 && order !== 'sjf' && serves.every(({ batch }) => batch.maxSize === 1);
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

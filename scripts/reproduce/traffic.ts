import { type Arrivals, assertNever, type Duration, type Scenario } from '../../design/index.ts';
import { deadlineSeconds } from '../../simulator/index.ts';
import { serviceTimes } from './service-times.ts';

export const traffics = ['poisson', 'bursty'] as const;
export type Traffic = (typeof traffics)[number];

/**
 * Bursts, all our assumptions: three times the mean load, for a tenth of the time, and as long on average as the latency limit (a mix's shortest): a
 * shorter one is smoothed by the limit, a longer one is a matter of how many chips there are.
 */
export const burstLoad = 3;
export const busyFraction = 0.1;

/** How many requests a run has, at a load that keeps TPUv4i busy: enough bursts, and waits as long as the limit, within what a minute allows. */
export const fewestRequests = 20_000;
export const mostRequests = 100_000;
export const limitsPerRun: Readonly<Record<Traffic, number>> = { poisson: 100, bursty: 400 };

/** Of the load that keeps a chip busy, what a search under this traffic tries first: bursts then just exceed what the chip can do. */
export const usualLoad: Readonly<Record<Traffic, number>> = { poisson: 0.95, bursty: 1.25 / burstLoad };

/** How thorough the experiment is; the page is made with 1. */
export type Effort = number;

/** Each network's share of the requests: such that on this scenario's chip, in base mode, each takes the same time. Sums to 1. */
export function requestShares(scenario: Scenario): readonly number[] {
  const speeds = scenario.serves.map((serve) => 1 / serviceTimes(scenario.npu, serve.model).base.seconds);
  const total = speeds.reduce((sum, speed) => sum + speed, 0);
  return speeds.map((speed) => speed / total);
}

function arrivalsOf(traffic: Traffic, rate: number, limit: number, origin: Arrivals['origin']): Arrivals {
  switch (traffic) {
    case 'poisson':
      return { kind: 'poisson', ratePerSecond: rate, origin };
    case 'bursty':
      return {
        kind: 'bursty',
        lowRatePerSecond: (rate * (1 - busyFraction * burstLoad)) / (1 - busyFraction),
        highRatePerSecond: rate * burstLoad,
        meanHighSeconds: limit,
        meanLowSeconds: (limit * (1 - busyFraction)) / busyFraction,
        origin,
      };
    default:
      return assertNever(traffic);
  }
}

/** What is offered to every contender: networks, their shares, and for how long. */
export interface Offer {
  readonly scenario: Scenario;
  /** The baseline's shares, whoever serves. */
  readonly shares: readonly number[];
  readonly traffic: Traffic;
  readonly duration: Duration;
}

function shortestLimit(scenario: Scenario): number {
  return Math.min(...scenario.serves.map((serve) => deadlineSeconds(serve.slos)));
}

/**
 * Equally many requests at every load under Poisson traffic, equally long under bursty traffic: with the same random numbers, the same requests
 * and the same bursts. `busyRps`: the load that keeps the baseline busy.
 */
export function offerOf(scenario: Scenario, traffic: Traffic, busyRps: number, effort: Effort): Offer {
  const shares = requestShares(scenario);
  const rps = busyRps * usualLoad[traffic];
  const wanted = limitsPerRun[traffic] * shortestLimit(scenario) * rps;
  const count = Math.round(effort * Math.min(mostRequests, Math.max(fewestRequests, wanted)));
  const duration: Duration =
    traffic === 'poisson' ? { kind: 'requests', count } : { kind: 'time', seconds: count / rps };
  return { scenario, shares, traffic, duration };
}

/** The scenario at a load of `rps` requests a second over all its networks. */
export function atLoad({ scenario, shares, traffic, duration }: Offer, rps: number): Scenario {
  const limit = shortestLimit(scenario);
  const serves = scenario.serves.map((serve, index) => {
    const rate = rps * (shares[index] ?? 0);
    return { ...serve, arrivals: arrivalsOf(traffic, rate, limit, serve.arrivals.origin) };
  });
  return { ...scenario, serves, duration };
}

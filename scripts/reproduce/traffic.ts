import { type Arrivals, assertNever, type Duration, type Scenario } from '../../design/index.ts';
import { deadlineSeconds } from '../../simulator/index.ts';
import { serviceTimes } from './service-times.ts';

export const traffics = ['poisson', 'bursty'] as const;
export type Traffic = (typeof traffics)[number];

/**
 * Bursts, all of them our assumptions. Their load is three times the mean, they are a tenth of the time, and they last
 * on average as long as the latency limit (the shortest one of a mix). The limit would smooth a shorter burst. A longer
 * burst is a question of how many chips there are.
 */
export const burstLoad = 3;
export const busyFraction = 0.1;

/**
 * The number of requests of a run of the paired search, at a load that keeps TPUv4i busy. It allows enough bursts and
 * waiting times as long as the limit. Our assumption.
 */
export const fewestRequests = 100_000;
export const mostRequests = 500_000;
export const limitsPerRun: Readonly<Record<Traffic, number>> = { poisson: 100, bursty: 400 };

/** The fraction of the saturation load that a search tries first: bursts are then slightly above the load that the chip can serve. */
export const usualLoad: Readonly<Record<Traffic, number>> = { poisson: 0.95, bursty: 1.25 / burstLoad };

/** The factor for the number of requests. The committed page was written with 1. */
export type Effort = number;

/**
 * Each network's share of the requests. On the scenario's chip, in base mode, each network then takes the same time.
 * The shares sum to 1.
 */
export function requestShares(scenario: Scenario): readonly number[] {
  const speeds = scenario.serves.map((serve) => 1 / serviceTimes(scenario.npu, serve.model).base.seconds);
  const total = speeds.reduce((sum, speed) => sum + speed, 0);
  return speeds.map((speed) => speed / total);
}

/** Bursts of a Markov-modulated Poisson process, relative to its mean load. */
export interface Bursts {
  /** The load in a burst, as a multiple of the mean load. */
  readonly load: number;
  /** The share of the time in which there is a burst. */
  readonly share: number;
  readonly meanSeconds: number;
}

function arrivalsOf(
  traffic: Traffic,
  rate: number,
  { load, share, meanSeconds }: Bursts,
  origin: Arrivals['origin'],
): Arrivals {
  switch (traffic) {
    case 'poisson':
      return { kind: 'poisson', ratePerSecond: rate, origin };
    case 'bursty':
      return {
        kind: 'bursty',
        lowRatePerSecond: (rate * (1 - share * load)) / (1 - share),
        highRatePerSecond: rate * load,
        meanHighSeconds: meanSeconds,
        meanLowSeconds: (meanSeconds * (1 - share)) / share,
        origin,
      };
    default:
      return assertNever(traffic);
  }
}

/** The load that every contender receives: the networks, their shares, and the duration. */
export interface Offer {
  readonly scenario: Scenario;
  /** The shares of the baseline, for every contender. */
  readonly shares: readonly number[];
  readonly traffic: Traffic;
  readonly duration: Duration;
  /** Bursts other than the usual ones. */
  readonly bursts?: Bursts;
}

function shortestLimit(scenario: Scenario): number {
  return Math.min(...scenario.serves.map((serve) => deadlineSeconds(serve.slos)));
}

/**
 * The same number of requests at every load under Poisson traffic, and the same duration under bursty traffic. With the
 * same random numbers, these are the same requests and the same bursts. `busyRps` is the load that keeps the baseline
 * busy.
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

/** The scenario at a load of `rps` requests per second over all its networks. */
export function atLoad({ scenario, shares, traffic, duration, bursts }: Offer, rps: number): Scenario {
  const usual: Bursts = { load: burstLoad, share: busyFraction, meanSeconds: shortestLimit(scenario) };
  const serves = scenario.serves.map((serve, index) => {
    const rate = rps * (shares[index] ?? 0);
    return { ...serve, arrivals: arrivalsOf(traffic, rate, bursts ?? usual, serve.arrivals.origin) };
  });
  return { ...scenario, serves, duration };
}

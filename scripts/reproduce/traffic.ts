import { type Arrivals, assertNever, type Scenario } from '../../design/index.ts';
import { deadlineSeconds } from '../../simulator/serving/input.ts';
import { serviceTimes } from './service-times.ts';

export const traffics = ['poisson', 'bursty'] as const;
export type Traffic = (typeof traffics)[number];

/**
 * Bursts, all our assumptions: three times the mean load, for a tenth of the time, and as long on average as the latency limit (a mix's shortest): a
 * shorter one is smoothed by the limit, a longer one is a matter of how many chips there are.
 */
export const burstLoad = 3;
export const busyFraction = 0.1;

/** Requests in one run: enough cycles of bursts and of waits as long as the limit, within what a minute allows. */
export const fewestRequests = 20_000;
export const mostRequests = 100_000;
const limitsPerRun: Readonly<Record<Traffic, number>> = { poisson: 100, bursty: 400 };

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

/** The scenario at a load of `rps` requests a second over all its networks. */
export function atLoad(scenario: Scenario, shares: readonly number[], traffic: Traffic, rps: number): Scenario {
  const limit = Math.min(...scenario.serves.map((serve) => deadlineSeconds(serve.slos)));
  const serves = scenario.serves.map((serve, index) => {
    const rate = rps * (shares[index] ?? 0);
    return { ...serve, arrivals: arrivalsOf(traffic, rate, limit, serve.arrivals.origin) };
  });
  const count = Math.round(Math.min(mostRequests, Math.max(fewestRequests, limitsPerRun[traffic] * limit * rps)));
  return { ...scenario, serves, duration: { kind: 'requests', count } };
}

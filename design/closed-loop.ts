import type { Arrivals } from './scenario.ts';

/**
 * Whether the chips determine the rate of the traffic. In a closed loop the next request waits for an answer, and with offline traffic all requests wait from the
 * start. There is no offered load to scale, and the throughput is the rate at which the chips complete requests.
 */
export function followsChips(arrivals: Arrivals): boolean {
  return arrivals.kind === 'closed' || (arrivals.kind === 'trace' && arrivals.offline === true);
}

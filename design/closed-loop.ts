import type { Arrivals } from './scenario.ts';

/**
 * Whether the chips set the pace of the traffic: in a closed loop the next request waits for an answer, and offline all requests wait from the
 * start. There is no offered load that could be scaled, and the throughput is what the chips reach.
 */
export function followsChips(arrivals: Arrivals): boolean {
  return arrivals.kind === 'closed' || (arrivals.kind === 'trace' && arrivals.offline === true);
}

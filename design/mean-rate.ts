import type { Arrivals } from './scenario.ts';

/** The long-run average rate of `bursty` traffic in requests per second: each state counts with its mean time. */
export function burstyMeanRate({
  lowRatePerSecond,
  highRatePerSecond,
  meanLowSeconds,
  meanHighSeconds,
}: Extract<Arrivals, { kind: 'bursty' }>): number {
  const seconds = meanLowSeconds + meanHighSeconds;
  return (lowRatePerSecond * meanLowSeconds + highRatePerSecond * meanHighSeconds) / seconds;
}

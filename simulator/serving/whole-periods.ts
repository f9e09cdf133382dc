import type { Arrivals } from '../../design/index.ts';
import { SLOTS } from './record/buckets.ts';

/*
 * `diurnal` traffic is judged over whole periods. A run cannot measure its warm-up, so the measured part consists of the last whole periods of the
 * run, and the warm-up of the rest.
 */

/**
 * How far the measured time can be from whole periods, as a fraction of the measured time. Our assumption: this changes a
 * share of requests by less than the same fraction.
 */
const PERIOD_TOLERANCE = 0.02;

/** The longest period of the traffic in seconds. 0: no traffic is periodic. */
export function longestPeriodSeconds(serves: readonly { readonly arrivals: Arrivals }[]): number {
  return serves.reduce(
    (longest, { arrivals }) =>
      arrivals.kind === 'diurnal' && arrivals.amplitude > 0 ? Math.max(longest, arrivals.periodSeconds) : longest,
    0,
  );
}

/** Whether a time is a whole number of periods, or so many periods that an incomplete one has little effect. */
export function coversPeriods(seconds: number, periodSeconds: number): boolean {
  const rest = seconds - Math.round(seconds / periodSeconds) * periodSeconds;
  return seconds > periodSeconds / 2 && Math.abs(rest) <= PERIOD_TOLERANCE * seconds;
}

/** The number of slots before the last whole periods of a run, at least `warmupSlots`. */
export function slotsBeforePeriods(
  endSeconds: number,
  slotSeconds: number,
  warmupSlots: number,
  periodSeconds: number,
): number {
  const measured = endSeconds - warmupSlots * slotSeconds;
  if (periodSeconds === 0 || coversPeriods(measured, periodSeconds)) return warmupSlots;
  const periods = Math.floor(measured / periodSeconds);
  return periods === 0 ? warmupSlots : Math.round((endSeconds - periods * periodSeconds) / slotSeconds);
}

/** The length of a run that measures `periods` periods after its warm-up, which consists of whole slots. */
export function runSecondsFor(periods: number, periodSeconds: number, warmupFraction: number): number {
  return (periods * periodSeconds) / measuredShare(warmupFraction);
}

/** The largest number of whole periods that a run of up to `longestSeconds` measures after its warm-up. */
export function periodsWithin(longestSeconds: number, periodSeconds: number, warmupFraction: number): number {
  return Math.floor((longestSeconds * measuredShare(warmupFraction)) / periodSeconds);
}

function measuredShare(warmupFraction: number): number {
  return 1 - Math.ceil(warmupFraction * SLOTS - 1e-9) / SLOTS;
}

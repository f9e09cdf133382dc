import type { Overload } from '../../../design/index.ts';
import type { RunInput } from '../input.ts';
import { overloadOf, servedBefore } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { burstOverload } from './burst-overload.ts';
import { type PeakOverload, peakOverload } from './peak-overload.ts';
import { type QueueMemory, queueMemory } from './queue-memory.ts';

/** What is known of a serve before its run, from traffic and service times alone. */
export interface Outlook {
  readonly memory: QueueMemory;
  /** Requests per second in the long run. */
  readonly ratePerSecond: number;
  /** null where the chips can complete what arrives. */
  readonly overload: Overload | null;
  /** null where the chips can complete what arrives at the peak of each period and in each burst. */
  readonly peak: PeakOverload | null;
  /**
   * Seconds after which everything repeats; Infinity where it never does, so that no run has seen the largest latency.
   * 0: a recording.
   */
  readonly repeatSeconds: number;
}

/** One for each serve. */
export function outlooksOf(input: RunInput): readonly Outlook[] {
  const repeatSeconds = repeatSecondsOf(input);
  return input.serves.map(({ arrivals }, index) => ({
    memory: queueMemory(input, index),
    ratePerSecond: meanRatePerSecond(arrivals),
    overload: overloadAt(input, index),
    peak: peakOverload(input, index) ?? burstOverload(input, index),
    repeatSeconds,
  }));
}

function overloadAt(input: RunInput, index: number): Overload | null {
  const load = overloadOf(input, index);
  if (load === null) return null;
  const offeredRps = servedBefore(input, index).reduce((sum, { arrivals }) => sum + meanRatePerSecond(arrivals), 0);
  return { offeredRps, saturationRps: offeredRps / load };
}

/** Periods that are tried until all constant rates fit. */
const MOST_PERIODS = 10_000;
/** How exactly they have to fit, in requests. */
const FIT = 1e-6;

function repeatSecondsOf({ serves }: RunInput): number {
  const rates: number[] = [];
  for (const { arrivals, serviceScale } of serves) {
    if (arrivals.kind === 'trace') continue;
    if (arrivals.kind !== 'constant' || serviceScale !== undefined) return Number.POSITIVE_INFINITY;
    rates.push(arrivals.ratePerSecond);
  }
  const [first] = rates;
  if (first === undefined || rates.length < serves.length) return 0;
  for (let periods = 1; periods <= MOST_PERIODS; periods++) {
    const seconds = periods / first;
    if (rates.every((rate) => Math.abs(seconds * rate - Math.round(seconds * rate)) < FIT)) return seconds;
  }
  return Number.POSITIVE_INFINITY;
}

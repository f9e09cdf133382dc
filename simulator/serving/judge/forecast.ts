import { type Overload, staysInOneMode } from '../../../design/index.ts';
import type { RunInput } from '../input.ts';
import { leastLoad, longestSeconds, overloadOf, servedBefore } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { isRecorded } from '../traffic/recording.ts';
import { burstOverload } from './burst-overload.ts';
import { type PeakOverload, peakOverload } from './peak-overload.ts';
import { type QueueMemory, queueMemory } from './queue-memory.ts';

/** Properties of a serve that follow from its traffic and service times, so they are known before the run. */
export interface Forecast {
  readonly memory: QueueMemory;
  /** The long-run average rate in requests per second. */
  readonly ratePerSecond: number;
  /** The long-run overload. null: the chips can serve the mean rate. */
  readonly overload: Overload | null;
  /** The overload at the peak of each period or in each burst. null: the chips can serve them. */
  readonly peak: PeakOverload | null;
  /**
   * Seconds after which all traffic repeats. Infinity: it never repeats, so a longer run can have a larger latency. 0: all
   * traffic is recorded.
   */
  readonly repeatSeconds: number;
}

/** One for each serve. */
export function forecastsOf(input: RunInput): readonly Forecast[] {
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

/**
 * The longest time of one query of a closed loop with a single client. If the chips stay in one mode, all of its queries
 * take the same time. Infinity for other closed loops: they repeat too, but after an unknown time.
 */
function loopSeconds(input: RunInput): number {
  const { serves, kinds } = input;
  const [serve] = serves;
  if (serve === undefined || serves.length > 1 || serve.serviceScale !== undefined) return Number.POSITIVE_INFINITY;
  const { arrivals, batch } = serve;
  const oneMode = kinds === undefined && staysInOneMode(input);
  if (arrivals.kind !== 'closed' || arrivals.clients > 1 || !oneMode) return Number.POSITIVE_INFINITY;
  const batches = Math.ceil(arrivals.requestsPerQuery / batch.maxSize);
  return arrivals.thinkSeconds + batches * (batch.timeoutSeconds + longestSeconds(input, serve));
}

/**
 * The largest number of periods of the first serve that we test for a common period of all constant rates. Our
 * assumption.
 */
const MOST_PERIODS = 10_000;
/** The tolerance of a common period, in requests. Our assumption. */
const FIT = 1e-6;

/** Whether base mode cannot serve the traffic and burst mode can: then the queue and the mode repeat later than the traffic does, if at all. */
function growsInBaseMode(input: RunInput): boolean {
  if (staysInOneMode(input)) return false;
  if (input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return false;
  return leastLoad({ ...input, burst: { kind: 'never' } }) > 1;
}

function repeatSecondsOf(input: RunInput): number {
  const { serves } = input;
  if (serves.some(({ arrivals }) => arrivals.kind === 'closed')) return loopSeconds(input);
  if (growsInBaseMode(input)) return Number.POSITIVE_INFINITY;
  const rates: number[] = [];
  for (const serve of serves) {
    const { arrivals, serviceScale, steps } = serve;
    if (isRecorded(serve)) continue;
    if (arrivals.kind !== 'constant' || serviceScale !== undefined || steps !== undefined)
      return Number.POSITIVE_INFINITY;
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

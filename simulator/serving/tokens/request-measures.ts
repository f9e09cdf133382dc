import type { LatencySummary, ServeResult } from '../../../design/index.ts';
import type { SequenceRequests, SequenceRun } from '../../sequences/index.ts';
import type { ServeRecorder } from '../record/serve-recorder.ts';
import { latencySummary } from '../result/latency-summary.ts';
import { recordedRate } from '../traffic/recording.ts';
import { histogramOf, type TokenRun } from './measure.ts';

/* The counts, times and rates of the requests of a language model. */

export function countsOf({ times }: TokenRun): ServeResult['counts'] {
  const { arrival, admitted, last, dropped } = times;
  let completed = 0;
  let queued = 0;
  let droppedCount = 0;
  for (let r = 0; r < arrival.length; r++) {
    if (dropped[r] === 1) droppedCount++;
    else if (!Number.isNaN(last[r])) completed++;
    else if (Number.isNaN(admitted[r])) queued++;
  }
  const arrived = arrival.length;
  return { arrived, completed, queued, running: arrived - completed - queued - droppedCount, dropped: droppedCount };
}

export function summaryOf(recorder: ServeRecorder, { part }: TokenRun): LatencySummary {
  return latencySummary({ recorder, part, histogram: histogramOf(recorder, part) });
}

/** Mean sequences of a step. */
export function meanSequences({ observed, steps }: SequenceRun): number {
  if (observed === undefined) return Number.NaN;
  const { sequences, steps: counts } = observed.spans;
  let sum = 0;
  for (let span = 0; span < counts.length; span++) sum += (sequences[span] as number) * (counts[span] as number);
  return sum / steps;
}

/** The share of the measured requests that got a token from a step in burst mode. */
export function burstRequests(
  { times, part, recorders }: TokenRun,
  run: SequenceRun,
  { outputTokens }: SequenceRequests,
): number {
  const burst = run.observed?.burstTokens;
  if (burst === undefined) return 0;
  let finished = 0;
  let inBurst = 0;
  for (let r = 0; r < outputTokens.length; r++) {
    if (!((times.last[r] as number) >= part.warmupSeconds)) continue;
    if ((times.arrival[r] as number) < recorders.latency.countsFromSeconds) continue;
    finished++;
    if ((burst[r] as number) > 0) inBurst++;
  }
  return finished === 0 ? 0 : inBurst / finished;
}

/** Arrivals per second, until the last arrival. */
export function offeredRps({ serve, times, part, recorders }: TokenRun): number {
  const { arrival } = times;
  const from = recorders.latency.countsFromSeconds > 0 ? recorders.latency.countsFromSeconds : part.warmupSeconds;
  let first = 0;
  while (first < arrival.length && (arrival[first] as number) < from) first++;
  if (serve.arrivals.kind === 'trace') {
    const rate = recordedRate(arrival, first, arrival.length);
    if (!Number.isNaN(rate)) return rate;
  }
  const end = Math.min(part.endSeconds, arrival.at(-1) ?? part.endSeconds);
  return (arrival.length - first) / (end > from ? end - from : part.endSeconds - from);
}

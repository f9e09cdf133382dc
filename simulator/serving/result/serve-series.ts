import type { Distribution, ServeSeries } from '../../../design/index.ts';
import type { LatencyHistogram } from '../judge/latency-histogram.ts';
import { BUCKETS } from '../record/buckets.ts';
import { CELLS, cellStart, cellValue, quantileCell } from '../record/histogram.ts';
import type { ServeRecorder } from '../record/serve-recorder.ts';

/** The largest number of points of a distribution. */
const DISTRIBUTION_POINTS = 512;

/** The number of buckets that a run of this length has used. */
export function bucketCount(endSeconds: number, bucketSeconds: number): number {
  return Math.max(1, Math.min(BUCKETS, Math.ceil(endSeconds / bucketSeconds - 1e-9)));
}

/** The counts and percentiles of a serve in each bucket. */
export function seriesOf(
  recorder: ServeRecorder,
  buckets: number,
  bucketSeconds: number,
  endSeconds: number,
): ServeSeries {
  const completed = new Float64Array(buckets);
  const p50Seconds = new Float64Array(buckets).fill(Number.NaN);
  const p99Seconds = new Float64Array(buckets).fill(Number.NaN);
  const maxSeconds = new Float64Array(buckets).fill(Number.NaN);
  const queued = new Float64Array(buckets);
  const lowest = recorder.lowestCell;
  const cells = recorder.highestCell - lowest + 1;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const row = bucket * CELLS + lowest;
    let count = 0;
    for (let cell = 0; cell < cells; cell++) count += recorder.latencies[row + cell] as number;
    completed[bucket] = count;
    const seconds = Math.min(bucketSeconds, endSeconds - bucket * bucketSeconds);
    queued[bucket] = seconds > 0 ? (recorder.queuedSeconds[bucket] as number) / seconds : 0;
    if (count === 0) continue;
    const largest = recorder.largest[bucket] as number;
    const quantile = (p: number) => cellValue(lowest + quantileCell(recorder.latencies, row, cells, count, p));
    p50Seconds[bucket] = Math.min(quantile(0.5), largest);
    p99Seconds[bucket] = Math.min(quantile(0.99), largest);
    maxSeconds[bucket] = largest;
  }
  return {
    arrived: recorder.arrived.slice(0, buckets),
    completed,
    completedInTime: recorder.inTime.slice(0, buckets),
    p50Seconds,
    p99Seconds,
    maxSeconds,
    queued,
    maxQueued: recorder.mostQueued.slice(0, buckets),
  };
}

/**
 * The cells that are not empty. Neighbours are joined if there are too many, but not in the tail, which users read in
 * the plot.
 */
export function distributionOf(histogram: LatencyHistogram): Distribution {
  const cells: number[] = [];
  for (let cell = 0; cell < CELLS; cell++) if ((histogram.counts[cell] as number) > 0) cells.push(cell);
  const join = Math.max(1, Math.ceil(cells.length / (DISTRIBUTION_POINTS / 2)));
  const seconds: number[] = [];
  const fraction: number[] = [];
  let below = 0;
  for (const [i, cell] of cells.entries()) {
    below += histogram.counts[cell] as number;
    const fromEnd = cells.length - 1 - i;
    if (fromEnd < DISTRIBUTION_POINTS / 2 || i % join === 0) {
      seconds.push(cellStart(cell + 1));
      fraction.push(below / histogram.total);
    }
  }
  return { seconds: Float64Array.from(seconds), fraction: Float64Array.from(fraction) };
}

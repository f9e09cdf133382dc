import type { LatencySummary } from '../../../design/index.ts';
import { slotSums, total } from '../judge/measured-part.ts';
import { largestLatency, type MeasuredServe } from '../judge/measured-serve.ts';
import { RELATIVE_ERROR } from '../record/histogram.ts';
import { FINISHED, LATENCY } from '../record/serve-recorder.ts';

/** Mean, percentiles and maximum of the measured times of a recorder, in seconds. */
export function latencySummary(measured: Pick<MeasuredServe, 'recorder' | 'part' | 'histogram'>): LatencySummary {
  const { recorder, part, histogram } = measured;
  const finished = total(slotSums(recorder, part, FINISHED));
  const largest = largestLatency(measured);
  const quantile = (p: number) => Math.min(histogram.quantile(p), largest);
  return {
    mean: finished > 0 ? total(slotSums(recorder, part, LATENCY)) / finished : Number.NaN,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    p999: quantile(0.999),
    max: largest,
    relativeError: RELATIVE_ERROR,
  };
}

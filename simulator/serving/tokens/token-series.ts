import type { TimePercentiles, TokenSeries } from '../../../design/index.ts';
import type { SequenceRun } from '../../sequences/index.ts';
import { seriesOf } from '../result/serve-series.ts';
import type { TokenRecorders } from './replay.ts';

/** What a language model did over time, in the buckets of its run. `endSeconds`: the end of the run, which can cut its last steps. */
export function tokenSeriesOf(
  run: SequenceRun,
  { ttft, tpot }: Pick<TokenRecorders, 'ttft' | 'tpot'>,
  buckets: number,
  bucketSeconds: number,
  endSeconds: number,
): TokenSeries {
  const percentiles = (recorder: TokenRecorders['ttft']): TimePercentiles => {
    const { p50Seconds, p99Seconds } = seriesOf(recorder, buckets, bucketSeconds, endSeconds);
    return { p50Seconds, p99Seconds };
  };
  const { progress, intervalNanoseconds } = run.samples;
  const grid: SampleGrid = { seconds: intervalNanoseconds / 1e9, endSeconds: run.endNanoseconds / 1e9 };
  const counts = (column: Float64Array, isWhole = false): Float64Array => {
    const until = (seconds: number) => {
      const count = countUntil(column, grid, Math.min(seconds, endSeconds));
      return isWhole ? Math.floor(count + 1e-9) : count;
    };
    return Float64Array.from(
      { length: buckets },
      (_, bucket) => until((bucket + 1) * bucketSeconds) - until(bucket * bucketSeconds),
    );
  };
  return {
    ttft: percentiles(ttft),
    tpot: percentiles(tpot),
    steps: counts(progress.steps),
    prefillTokens: counts(progress.prefillTokens),
    outputTokens: counts(progress.outputTokens),
    preemptions: counts(progress.preemptions, true),
  };
}

/** The dynamic energy of the steps between two times of a run, in joules. */
export function joulesBetween(run: SequenceRun, from: number, to: number): number {
  const { progress, intervalNanoseconds } = run.samples;
  const grid: SampleGrid = { seconds: intervalNanoseconds / 1e9, endSeconds: run.endNanoseconds / 1e9 };
  return countUntil(progress.joules, grid, to) - countUntil(progress.joules, grid, from);
}

/** The times of the samples: every `seconds` from 0, and one at the end of the last step. */
interface SampleGrid {
  readonly seconds: number;
  readonly endSeconds: number;
}

/** A count that grows from sample to sample, at a time: linear between two samples, so that the sum over all buckets is exact. */
function countUntil(column: Float64Array, grid: SampleGrid, seconds: number): number {
  const last = column.length - 1;
  const at = (index: number) => column[index] ?? 0;
  if (last < 1 || seconds >= grid.endSeconds) return at(last);
  const before = Math.min(last - 1, Math.floor(seconds / grid.seconds));
  const start = before * grid.seconds;
  const end = before === last - 1 ? grid.endSeconds : start + grid.seconds;
  const share = end > start ? Math.min(1, (seconds - start) / (end - start)) : 1;
  return at(before) + share * (at(before + 1) - at(before));
}

const none = new Float64Array();

/** Of a run without the data of plots. */
export const noTokenSeries: TokenSeries = {
  ttft: { p50Seconds: none, p99Seconds: none },
  tpot: { p50Seconds: none, p99Seconds: none },
  steps: none,
  prefillTokens: none,
  outputTokens: none,
  preemptions: none,
};

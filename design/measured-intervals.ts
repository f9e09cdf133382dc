import type { TimeStatistic } from './exploration-measures.ts';

/** The range that contains the true value with the confidence of the scenario. Infinity: no such end is known. NaN: nothing was measured. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export type TimeIntervals = Readonly<Record<TimeStatistic, Interval>>;

/** The confidence intervals of the measures of one serve, in the units of its result. */
export interface ServeIntervals {
  readonly latency: TimeIntervals;
  readonly throughput: Interval;
  readonly goodput: Interval;
  readonly accuracy: Interval;
  /** Of a language model. */
  readonly tokens?: { readonly ttft: TimeIntervals; readonly tpot: TimeIntervals; readonly throughput: Interval };
}

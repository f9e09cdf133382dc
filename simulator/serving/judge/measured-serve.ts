import type { Overload } from '../../../design/index.ts';
import type { ServeInput } from '../input.ts';
import type { ServeRecorder } from '../record/serve-recorder.ts';
import type { LatencyHistogram } from './latency-histogram.ts';
import type { MeasuredPart } from './measured-part.ts';
import type { Observations } from './observations.ts';
import type { PeakOverload } from './peak-overload.ts';

/** Everything that a verdict on an objective of one serve depends on. */
export interface MeasuredServe {
  readonly serve: ServeInput;
  readonly recorder: ServeRecorder;
  readonly part: MeasuredPart;
  readonly histogram: LatencyHistogram;
  /** The number of unfinished requests that are older than a limit. */
  readonly overdue: (limitSeconds: number) => number;
  readonly deadlineSeconds: number;
  /** Which requests can run in burst mode: none, all, or some of them. */
  readonly burst: 'never' | 'always' | 'sometimes';
  /** The confidence of this check. It is higher than `statedConfidence` if the run has several interim checks. */
  readonly confidence: number;
  /** The confidence that is shown to the user. */
  readonly statedConfidence: number;
  /** Whether the run has ended, so this is the last check. */
  readonly ended: boolean;
  /** How much of its traffic the run has observed. */
  readonly observations: Observations;
  /** The long-run overload, with which latencies grow without limit. null: the chips can serve the traffic. */
  readonly overload: Overload | null;
  /** The overload at the peak of each period, or in each burst. null: the chips can serve them. */
  readonly peak: PeakOverload | null;
  /** Whether later traffic can differ from the traffic of the run. Then the largest latency has no upper bound. */
  readonly endless: boolean;
  /** The mean time from the start of a batch to its end, over the requests, in seconds. */
  readonly serviceSeconds: number;
  /** Present if a growing queue does not make the value grow: the time per token, which the limits of a step bound. */
  readonly isBounded?: true;
}

/** The largest latency of the measured part in seconds, exact. NaN: no request finished. */
export function largestLatency({
  recorder,
  part,
  histogram,
}: Pick<MeasuredServe, 'recorder' | 'part' | 'histogram'>): number {
  if (histogram.total === 0) return Number.NaN;
  let largest = 0;
  for (let bucket = part.firstSlot * 4; bucket < recorder.largest.length; bucket++) {
    largest = Math.max(largest, recorder.largest[bucket] as number);
  }
  return largest;
}

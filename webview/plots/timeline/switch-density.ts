import type { RunResult } from '../../../protocol/index.ts';
import { activities } from '../../../protocol/index.ts';
import type { TimeWindow } from '../../model/view-state.ts';
import type { TimelineIndex } from './timeline-index.ts';
import { firstAbove } from './timeline-index.ts';

/** Whether the list of switches covers a window. The list has a limited length, the shares of time do not. */
export function listsAllSwitches({ timeline: { switches } }: RunResult, window: TimeWindow): boolean {
  const { total, startSeconds } = switches;
  return total <= startSeconds.length || window.endSeconds <= (startSeconds.at(-1) ?? 0);
}

/**
 * How many mode switches each of `bins` equal parts of a window has, relative to the part with the most of them: 0 to 1. If the list of switches ends
 * inside the window, the time that the chip spends switching replaces the count in all parts, because both halves of one strip must mean the same.
 */
export function switchDensity(
  run: RunResult,
  index: TimelineIndex,
  chip: number,
  window: TimeWindow,
  bins: number,
): Float64Array {
  const density = listsAllSwitches(run, window)
    ? countsOf(run, index, chip, window, bins)
    : sharesOf(run, chip, window, bins);
  const most = density.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? density : density.map((value) => value / most);
}

function countsOf(run: RunResult, index: TimelineIndex, chip: number, window: TimeWindow, bins: number): Float64Array {
  const counts = new Float64Array(bins);
  const order = index.switchesByChip[chip];
  const { startSeconds } = run.timeline.switches;
  if (order === undefined) return counts;
  const perSecond = bins / (window.endSeconds - window.startSeconds);
  const last = firstAbove(order, startSeconds, window.endSeconds);
  for (let i = firstAbove(order, startSeconds, window.startSeconds - 1e-12); i < last; i++) {
    const bin = Math.floor(((startSeconds[order[i] ?? 0] ?? 0) - window.startSeconds) * perSecond);
    const within = Math.min(bins - 1, Math.max(0, bin));
    counts[within] = (counts[within] ?? 0) + 1;
  }
  return counts;
}

function sharesOf(run: RunResult, chip: number, window: TimeWindow, bins: number): Float64Array {
  const { buckets, bucketSeconds, shares } = run.timeline.overview;
  const kind = activities.indexOf('switching');
  const sums = new Float64Array(bins);
  const binSeconds = (window.endSeconds - window.startSeconds) / bins;
  for (let bin = 0; bin < bins; bin++) {
    const from = window.startSeconds + bin * binSeconds;
    const last = Math.min(buckets - 1, Math.ceil((from + binSeconds) / bucketSeconds) - 1);
    for (let bucket = Math.max(0, Math.floor(from / bucketSeconds)); bucket <= last; bucket++) {
      const overlap =
        Math.min(from + binSeconds, (bucket + 1) * bucketSeconds) - Math.max(from, bucket * bucketSeconds);
      const share = shares[(chip * buckets + bucket) * activities.length + kind] ?? 0;
      sums[bin] = (sums[bin] ?? 0) + share * Math.max(0, overlap);
    }
  }
  return sums;
}

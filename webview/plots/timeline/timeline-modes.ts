import type { Activity, RunResult } from '../../../protocol/index.ts';
import { activities } from '../../../protocol/index.ts';
import { bucketAt } from '../../model/buckets.ts';
import type { TimelineIndex } from './timeline-index.ts';
import { firstAbove } from './timeline-index.ts';

/** A part of a slot in which a chip stays in one mode, and the share of each activity in it, 0..1. */
export interface ModeStretch {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly mode: 'base' | 'burst';
  readonly shares: readonly (readonly [activity: Activity, share: number])[];
}

/** Shares have 32 bits, so they have rounding errors. */
const tolerance = 1e-4;

/**
 * What is certain about a slot of the overview without its segments: the times of the mode switches are listed, and work in a mode happened between
 * them. undefined if the chip never switches, if the list ends earlier, or if the two contradict each other.
 */
export function modeStretches(
  run: RunResult,
  index: TimelineIndex,
  chip: number,
  bucket: number,
): readonly ModeStretch[] | undefined {
  const { overview, switches } = run.timeline;
  const order = index.switchesByChip[chip];
  const [opening] = order ?? [];
  if (order === undefined || opening === undefined) return undefined;
  const start = bucket * overview.bucketSeconds;
  const end = start + overview.bucketSeconds;
  const listedWhole = switches.total <= switches.startSeconds.length;
  if (!listedWhole && end > (switches.startSeconds.at(-1) ?? 0)) return undefined;

  const first = firstAbove(order, switches.startSeconds, start);
  const isBurst = (change: number) => (switches.toBurst[change] ?? 0) === 1;
  // Before its first switch, the chip was in the other mode.
  let burst = first > 0 ? isBurst(order[first - 1] ?? 0) : !isBurst(opening);
  const stretches: { startSeconds: number; endSeconds: number; mode: 'base' | 'burst' }[] = [];
  const lasts = { base: 0, burst: 0 };
  let from = start;
  const close = (to: number) => {
    const mode = burst ? 'burst' : 'base';
    lasts[mode] += to - from;
    if (to > from) stretches.push({ startSeconds: from, endSeconds: to, mode });
    from = to;
  };
  for (let i = first; i < order.length; i++) {
    const at = switches.startSeconds[order[i] ?? 0] ?? 0;
    if (at >= end) break;
    close(at);
    burst = isBurst(order[i] ?? 0);
  }
  close(end);

  const share = (activity: Activity) =>
    overview.shares[(chip * overview.buckets + bucket) * activities.length + activities.indexOf(activity)] ?? 0;
  const inside = { base: ['base'], burst: ['burst', 'quantizing'] } as const;
  const fits = (mode: 'base' | 'burst') =>
    inside[mode].reduce((sum, activity) => sum + share(activity), 0) <=
    lasts[mode] / overview.bucketSeconds + tolerance;
  if (!fits('base') || !fits('burst')) return undefined;
  return stretches.map((stretch) => ({
    ...stretch,
    shares: inside[stretch.mode].map((activity) => [
      activity,
      Math.min(1, (share(activity) * overview.bucketSeconds) / lasts[stretch.mode]),
    ]),
  }));
}

/** The mode of a chip at a time; undefined if it is not certain. */
export function modeAt(
  run: RunResult,
  index: TimelineIndex,
  chip: number,
  seconds: number,
): 'base' | 'burst' | undefined {
  const stretches = modeStretches(run, index, chip, bucketAt(run.timeline.overview, seconds)) ?? [];
  return stretches.findLast(({ startSeconds }) => startSeconds <= seconds)?.mode;
}

import type { Timeline } from '../../protocol/index.ts';
import { activities } from '../../protocol/index.ts';
import type { Landmark } from './actions.ts';
import type { Shown } from './shown.ts';
import { lateIn } from './shown.ts';
import type { TimeWindow } from './view-state.ts';

export interface FoundLandmark {
  readonly seconds: number;
  /** How much time around it to show. */
  readonly spanSeconds: number;
  /** The time window that contains it. If both ends are equal, the time is exact. */
  readonly stretch: TimeWindow;
}

/** The next mode switch or late request in a direction, or undefined if there is none. `fromSeconds` is the current position. */
export function findLandmark(
  shown: Shown,
  landmark: Landmark,
  fromSeconds: number,
  direction: 1 | -1,
): FoundLandmark | undefined {
  return landmark === 'switch' ? findSwitch(shown, fromSeconds, direction) : findLate(shown, fromSeconds, direction);
}

type Overview = Timeline['overview'];

/** Some batches around a switch should be visible. A thousandth of the run, at most 20 ms, shows them (our assumption). */
const switchSpanSeconds = 0.02;

function findSwitch(shown: Shown, from: number, direction: 1 | -1): FoundLandmark | undefined {
  const times = shown.run.timeline.switches.startSeconds;
  let found: number | undefined;
  // A step must leave the switch at the cursor, despite rounding errors.
  const margin = 1e-9;
  for (const time of times) {
    if (direction > 0 ? time > from + margin : time < from - margin) {
      found = time;
      if (direction > 0) break;
    } else if (direction < 0) break;
  }
  const { switches, overview } = shown.run.timeline;
  const listedUntil = times.at(-1) ?? 0;
  if (switches.total > times.length && (found === undefined || from > listedUntil)) {
    // Beyond the listed switches, the results only list the buckets that contain one.
    const bucket = nextSwitchBucket(overview, Math.max(from, listedUntil), direction);
    if (bucket !== undefined) return inBucket(bucket, overview.bucketSeconds, overview.bucketSeconds);
  }
  if (found === undefined) return undefined;
  return {
    seconds: found,
    spanSeconds: Math.min(switchSpanSeconds, shown.run.seconds / 1000),
    stretch: { startSeconds: found, endSeconds: found },
  };
}

function inBucket(bucket: number, bucketSeconds: number, spanSeconds: number): FoundLandmark {
  return {
    seconds: (bucket + 0.5) * bucketSeconds,
    spanSeconds,
    stretch: { startSeconds: bucket * bucketSeconds, endSeconds: (bucket + 1) * bucketSeconds },
  };
}

function nextSwitchBucket(
  { buckets, bucketSeconds, shares }: Overview,
  from: number,
  direction: 1 | -1,
): number | undefined {
  const kinds = activities.length;
  const switching = activities.indexOf('switching');
  const chips = shares.length / (buckets * kinds);
  for (
    let bucket = Math.floor(from / bucketSeconds) + direction;
    bucket >= 0 && bucket < buckets;
    bucket += direction
  ) {
    for (let chip = 0; chip < chips; chip++) {
      if ((shares[(chip * buckets + bucket) * kinds + switching] ?? 0) > 0) return bucket;
    }
  }
  return undefined;
}

function findLate(shown: Shown, from: number, direction: 1 | -1): FoundLandmark | undefined {
  const { buckets, bucketSeconds } = shown.run.series;
  // From outside the run, the search starts at its edge.
  let bucket = Math.min(buckets, Math.max(-1, Math.floor(from / bucketSeconds))) + direction;
  for (; bucket >= 0 && bucket < buckets; bucket += direction) {
    if (lateIn(shown.serve, bucket) <= 0) continue;
    return inBucket(bucket, bucketSeconds, bucketSeconds * 20);
  }
  return undefined;
}

import type { SegmentsRequest, TimelineSegments } from '../protocol/index.ts';
import type { Shown } from './shown.ts';
import type { TimeWindow } from './view-state.ts';

/** Segments that were fetched for a window, and what they belong to. */
export interface Detail {
  readonly scenario: string;
  readonly run: number;
  readonly hash: string | null;
  readonly segments: TimelineSegments;
}

/** Fewer segments than this on screen, and the layers inside them are worth fetching. */
const coarseSegments = 60;

/** Fewer requests than this in a window, and each is worth a mark of its own. */
const closeRequests = 2000;

export function covers(segments: TimelineSegments, window: TimeWindow): boolean {
  return segments.windowStartSeconds <= window.startSeconds && window.endSeconds <= segments.windowEndSeconds;
}

/** Looks that are kept: what was seen a moment ago is there when one steps back. */
const keptLooks = 4;

export function keepDetail(details: readonly Detail[], detail: Detail): readonly Detail[] {
  return [detail, ...details].slice(0, keptLooks);
}

/** Those that belong to the shown run. */
export function detailsOf(shown: Shown, details: readonly Detail[], hash: string | null): readonly TimelineSegments[] {
  return details
    .filter((each) => each.hash === hash && each.scenario === shown.scenario.scenario && each.run === shown.runIndex)
    .map(({ segments }) => segments);
}

/** The shown run with fetched segments in place of its own, where some belong to it and hold the window. */
export function withDetail(shown: Shown, details: readonly Detail[], hash: string | null): Shown {
  const segments = detailsOf(shown, details, hash).find((each) => covers(each, shown.window));
  return segments === undefined ? shown : { ...shown, segments, detailed: true };
}

/**
 * What to ask the host for, or undefined where the window is shown as well as it can be. More is asked for than is seen, so that
 * the next step aside finds its segments there.
 */
export function wantedDetail(shown: Shown, uri: string, hash: string | null): SegmentsRequest | undefined {
  if (!shown.zoomed || shown.detailed) return undefined;
  const { window, segments } = shown;
  const span = window.endSeconds - window.startSeconds;
  const fewRequests = shown.serve.offeredRps * span <= closeRequests;
  if (!fewRequests && covers(segments, window) && countIn(segments, window) > coarseSegments) return undefined;
  return {
    uri,
    hash,
    scenario: shown.scenario.scenario,
    run: shown.runIndex,
    startSeconds: Math.max(0, window.startSeconds - span),
    endSeconds: Math.min(shown.run.seconds, window.endSeconds + span),
  };
}

function countIn({ startSeconds, endSeconds }: TimelineSegments, window: TimeWindow): number {
  let count = 0;
  for (let i = 0; i < startSeconds.length; i++) {
    if ((startSeconds[i] ?? 0) < window.endSeconds && (endSeconds[i] ?? 0) > window.startSeconds) count++;
  }
  return count;
}

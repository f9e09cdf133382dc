import type { SegmentsRequest, TimelineSegments } from '../../protocol/index.ts';
import type { Shown } from './shown.ts';
import type { TimeWindow } from './view-state.ts';

/** Segments that were fetched for a time window, and the run that they belong to. */
export interface Detail {
  readonly scenario: string;
  readonly run: number;
  readonly hash: string | null;
  readonly segments: TimelineSegments;
  /** The same, with the layers of one batch and mode merged: for windows with too many layers to see. */
  readonly stretches: TimelineSegments;
}

/** With fewer segments than this on screen, fetching their layers is worthwhile. */
const coarseSegments = 60;

/** With fewer requests than this in a window, each request gets a mark. */
const closeRequests = 2000;

function covers(segments: TimelineSegments, window: TimeWindow): boolean {
  return segments.windowStartSeconds <= window.startSeconds && window.endSeconds <= segments.windowEndSeconds;
}

/** Answers that are kept, so that stepping back needs no new request. */
const keptDetails = 4;

export function keepDetail(details: readonly Detail[], detail: Omit<Detail, 'stretches'>): readonly Detail[] {
  return [{ ...detail, stretches: joined(detail.segments) }, ...details].slice(0, keptDetails);
}

/** With more segments than this in a window, a batch is drawn as one segment. */
const mostLayers = 600;

/** Merges consecutive segments of one chip, batch and mode. */
function joined(segments: TimelineSegments): TimelineSegments {
  const { startSeconds, endSeconds, chip, activity, batch, firstLayer, lastLayer } = segments;
  const heads: number[] = [];
  const ends: number[] = [];
  const lasts: number[] = [];
  /** For each chip, the position of its newest merged segment. */
  const newest = new Map<number, number>();
  for (let i = 0; i < startSeconds.length; i++) {
    const at = newest.get(chip[i] ?? 0);
    const head = at === undefined ? undefined : heads[at];
    const goesOn =
      at !== undefined &&
      head !== undefined &&
      batch !== undefined &&
      batch[head] === batch[i] &&
      activity[head] === activity[i] &&
      (startSeconds[i] ?? 0) - (ends[at] ?? 0) < 1e-12;
    if (goesOn) {
      ends[at] = endSeconds[i] ?? 0;
      lasts[at] = lastLayer[i] ?? 0;
      continue;
    }
    newest.set(chip[i] ?? 0, heads.length);
    heads.push(i);
    ends.push(endSeconds[i] ?? 0);
    lasts.push(lastLayer[i] ?? 0);
  }
  const of = (column: Uint16Array | Uint8Array) => heads.map((head) => column[head] ?? 0);
  return {
    ...segments,
    startSeconds: Float64Array.from(heads, (head) => startSeconds[head] ?? 0),
    endSeconds: Float64Array.from(ends),
    chip: Uint16Array.from(of(chip)),
    activity: Uint8Array.from(of(activity)),
    serve: Uint16Array.from(of(segments.serve)),
    batchSize: Uint16Array.from(of(segments.batchSize)),
    firstLayer: Uint16Array.from(of(firstLayer)),
    lastLayer: Uint16Array.from(lasts),
    ...(batch === undefined ? {} : { batch: Uint32Array.from(heads, (head) => batch[head] ?? 0) }),
  };
}

/** The segments that belong to the shown run. */
export function detailsOf(shown: Shown, details: readonly Detail[], hash: string | null): readonly TimelineSegments[] {
  return ofRun(shown, details, hash).map(({ segments }) => segments);
}

function ofRun({ scenario, runIndex }: Shown, details: readonly Detail[], hash: string | null): readonly Detail[] {
  return details.filter((each) => each.hash === hash && each.scenario === scenario.scenario && each.run === runIndex);
}

/** The shown run. If fetched segments belong to it and cover the window, they replace the segments of the run. */
export function withDetail(shown: Shown, details: readonly Detail[], hash: string | null): Shown {
  const detail = ofRun(shown, details, hash).find((each) => covers(each.segments, shown.window));
  if (detail === undefined) return shown;
  const segments = countIn(detail.segments, shown.window) > mostLayers ? detail.stretches : detail.segments;
  return { ...shown, segments, detailed: true };
}

/**
 * What to request from the host; undefined if nothing finer exists for the window. The request covers more than the window, so that the next step
 * to either side needs no new one.
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

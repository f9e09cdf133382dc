import type { SegmentsRequest, TimelineSegments } from '../protocol/index.ts';
import type { Shown } from './shown.ts';
import type { TimeWindow } from './view-state.ts';

/** Segments that were fetched for a window, and what they belong to. */
export interface Detail {
  readonly scenario: string;
  readonly run: number;
  readonly hash: string | null;
  readonly segments: TimelineSegments;
  /** The same, layers of one batch in one mode joined: for windows in which single layers are too many to be told apart. */
  readonly stretches: TimelineSegments;
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

export function keepDetail(details: readonly Detail[], detail: Omit<Detail, 'stretches'>): readonly Detail[] {
  return [{ ...detail, stretches: joined(detail.segments) }, ...details].slice(0, keptLooks);
}

/** More segments than this in a window, and a batch is drawn as one. */
const mostLayers = 600;

/** Segments that follow one another on a chip, of one batch in one mode, as one. */
function joined(segments: TimelineSegments): TimelineSegments {
  const { startSeconds, endSeconds, chip, activity, batch, firstLayer, lastLayer } = segments;
  const heads: number[] = [];
  const ends: number[] = [];
  const lasts: number[] = [];
  /** Of each chip, the place of its newest head. */
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

/** Those that belong to the shown run. */
export function detailsOf(shown: Shown, details: readonly Detail[], hash: string | null): readonly TimelineSegments[] {
  return ofRun(shown, details, hash).map(({ segments }) => segments);
}

function ofRun({ scenario, runIndex }: Shown, details: readonly Detail[], hash: string | null): readonly Detail[] {
  return details.filter((each) => each.hash === hash && each.scenario === scenario.scenario && each.run === runIndex);
}

/** The shown run with fetched segments in place of its own, where some belong to it and hold the window. */
export function withDetail(shown: Shown, details: readonly Detail[], hash: string | null): Shown {
  const detail = ofRun(shown, details, hash).find((each) => covers(each.segments, shown.window));
  if (detail === undefined) return shown;
  const segments = countIn(detail.segments, shown.window) > mostLayers ? detail.stretches : detail.segments;
  return { ...shown, segments, detailed: true };
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

import type { Timeline, TimelineSegments } from '../../../protocol/index.ts';

/**
 * Segments by chip, so that the cost of drawing a window depends only on its content. Segments of one chip do not overlap: their ends have the same
 * order as their starts.
 */
export interface TimelineIndex {
  readonly segments: TimelineSegments;
  /** For each chip, indices into the segment columns, in the order of time. */
  readonly byChip: readonly Uint32Array[];
  /** For each chip, indices into the switch columns, in the order of time. */
  readonly switchesByChip: readonly Uint32Array[];
}

export function indexTimeline({ chips, switches }: Timeline, segments: TimelineSegments): TimelineIndex {
  return {
    segments,
    byChip: groupByChip(segments.chip, chips),
    switchesByChip: groupByChip(switches.chip, chips),
  };
}

function groupByChip(chip: Uint16Array, chips: number): readonly Uint32Array[] {
  const counts = new Uint32Array(chips);
  for (let i = 0; i < chip.length; i++) counts[chip[i] ?? 0] = (counts[chip[i] ?? 0] ?? 0) + 1;
  const groups = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(chips);
  for (let i = 0; i < chip.length; i++) {
    const c = chip[i] ?? 0;
    const group = groups[c];
    const at = filled[c] ?? 0;
    if (group === undefined) continue;
    group[at] = i;
    filled[c] = at + 1;
  }
  return groups;
}

/** The first position in `order` whose time is above `seconds`. */
export function firstAbove(order: Uint32Array, times: Float64Array, seconds: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[order[middle] ?? 0] ?? 0) > seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The segment of a chip at a time; undefined if the chip is idle or its segment is unknown. */
export function segmentAt(index: TimelineIndex, chip: number, seconds: number): number | undefined {
  const order = index.byChip[chip];
  if (order === undefined) return undefined;
  const segment = order[firstAbove(order, index.segments.endSeconds, seconds)];
  if (segment === undefined || (index.segments.startSeconds[segment] ?? 0) > seconds) return undefined;
  return segment;
}

/**
 * For each pixel, the segment that covers most of it, or -1. The cost of drawing depends on the pixels, not on the number of segments (the same
 * method as Perfetto's). A segment narrower than a pixel gets the pixel if it is the longest there.
 */
export function longestPerPixel(
  index: TimelineIndex,
  chip: number,
  startSeconds: number,
  endSeconds: number,
  pixels: number,
): Int32Array {
  const owners = new Int32Array(pixels).fill(-1);
  const covered = new Float64Array(pixels);
  const order = index.byChip[chip];
  if (order === undefined || pixels === 0) return owners;
  const { startSeconds: starts, endSeconds: ends } = index.segments;
  const pixelsPerSecond = pixels / (endSeconds - startSeconds);
  for (let i = firstAbove(order, ends, startSeconds); i < order.length; i++) {
    const segment = order[i] ?? 0;
    const from = ((starts[segment] ?? 0) - startSeconds) * pixelsPerSecond;
    const to = ((ends[segment] ?? 0) - startSeconds) * pixelsPerSecond;
    if (from >= pixels) break;
    const last = Math.min(pixels - 1, Math.ceil(to) - 1);
    for (let pixel = Math.max(0, Math.floor(from)); pixel <= last; pixel++) {
      const cover = Math.min(to, pixel + 1) - Math.max(from, pixel);
      if (cover > (covered[pixel] ?? 0)) {
        covered[pixel] = cover;
        owners[pixel] = segment;
      }
    }
  }
  return owners;
}

/** How many segments of a chip overlap a window. */
export function countSegments(index: TimelineIndex, chip: number, startSeconds: number, endSeconds: number): number {
  const order = index.byChip[chip];
  if (order === undefined) return 0;
  const first = firstAbove(order, index.segments.endSeconds, startSeconds);
  return Math.max(0, firstAbove(order, index.segments.startSeconds, endSeconds) - first);
}

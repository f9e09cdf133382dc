import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimelineSegments } from '../../../protocol/index.ts';
import {
  countSegments,
  indexTimeline,
  longestPerPixel,
  segmentAt,
  type TimelineIndex,
} from '../../../webview/plots/timeline/timeline-index.ts';
import { fixtureResults } from '../fixtures.ts';

const [scenario] = fixtureResults();
if (scenario === undefined) throw new Error('no fixture');
const { timeline } = scenario.main;

/** One chip, segments from gaps and lengths. */
function indexOf(pieces: readonly (readonly [gap: number, length: number])[]): TimelineIndex {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const [gap, length] of pieces) {
    starts.push(at + gap);
    ends.push(at + gap + length);
    at += gap + length;
  }
  const zeros = new Uint16Array(starts.length);
  const segments: TimelineSegments = {
    windowStartSeconds: 0,
    windowEndSeconds: at,
    startSeconds: Float64Array.from(starts),
    endSeconds: Float64Array.from(ends),
    chip: zeros,
    activity: new Uint8Array(starts.length),
    serve: zeros,
    batchSize: zeros,
    firstLayer: zeros,
    lastLayer: zeros,
  };
  return indexTimeline({ ...timeline, chips: 1 }, segments);
}

const pieces = fc.array(
  fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0.001, max: 3, noNaN: true })),
  { minLength: 1, maxLength: 60 },
);
const view = fc.tuple(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: 0.1, max: 60, noNaN: true }));

test('a pixel belongs to the segment that covers most of it', () => {
  fc.assert(
    fc.property(pieces, view, fc.integer({ min: 1, max: 40 }), (list, [start, span], pixels) => {
      const index = indexOf(list);
      const { startSeconds, endSeconds } = index.segments;
      const owners = longestPerPixel(index, 0, start, start + span, pixels);
      owners.forEach((owner, pixel) => {
        const left = start + (pixel * span) / pixels;
        const right = start + ((pixel + 1) * span) / pixels;
        const cover = (i: number) =>
          Math.max(0, Math.min(right, endSeconds[i] ?? 0) - Math.max(left, startSeconds[i] ?? 0));
        const best = Math.max(...list.map((_, i) => cover(i)));
        const tolerance = 1e-9 * (1 + span);
        if (owner < 0) expect(best).toBeLessThan(tolerance);
        else expect(cover(owner)).toBeGreaterThan(best - tolerance);
      });
    }),
  );
});

test('counting and finding agree with a linear search', () => {
  fc.assert(
    fc.property(pieces, view, (list, [start, span]) => {
      const index = indexOf(list);
      const { startSeconds, endSeconds } = index.segments;
      const inside = list.filter((_, i) => (startSeconds[i] ?? 0) <= start + span && (endSeconds[i] ?? 0) > start);
      expect(countSegments(index, 0, start, start + span)).toBe(inside.length);
      const there = list.findIndex((_, i) => (startSeconds[i] ?? 0) <= start && (endSeconds[i] ?? 0) > start);
      expect(segmentAt(index, 0, start) ?? -1).toBe(there);
    }),
  );
});

test('segments and mode switches are separate for each chip', () => {
  const [, calm] = fixtureResults();
  if (calm === undefined) throw new Error('no fixture');
  const two = indexTimeline(calm.main.timeline, calm.main.timeline.segments);
  const { chip } = two.segments;
  expect(two.byChip.map((order) => order.length)).toEqual([0, 1].map((c) => chip.filter((each) => each === c).length));
  for (const [c, order] of two.byChip.entries()) expect(order.every((i) => chip[i] === c)).toBe(true);
});

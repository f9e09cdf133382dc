import type { Activity, RunResult } from '../../../protocol/index.ts';
import { activities, chipNames } from '../../../protocol/index.ts';
import type { TimeWindow } from '../../model/view-state.ts';
import type { Fill } from '../charts/patterns.ts';
import { activityFills } from '../charts/patterns.ts';
import type { Palette } from '../theme.ts';
import { listsAllSwitches, switchDensity } from './switch-density.ts';
import type { TimelineIndex } from './timeline-index.ts';
import { countSegments, firstAbove, longestPerPixel } from './timeline-index.ts';
import type { ModeStretch } from './timeline-modes.ts';
import { modeStretches } from './timeline-modes.ts';

/** The area of the lanes in the canvas, CSS pixels. */
export interface LaneArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Space above each lane for the marks of mode switches, which are too short to be visible in the lane. */
export const railHeight = 9;
export const laneGap = 5;

export function laneHeight(chips: number): number {
  return chips <= 2 ? 44 : chips <= 4 ? 30 : chips <= 8 ? 20 : 12;
}

interface Lane {
  readonly chip: number;
  readonly top: number;
  readonly height: number;
}

/** Single segments also show the mode by their height: burst is higher than base. */
const segmentHeight: Readonly<Record<Activity, number>> = {
  idle: 0,
  base: 0.55,
  burst: 1,
  switching: 1,
  quantizing: 1,
};

/** With more segments per pixel than this, shares of time are drawn instead. */
const segmentsPerPixel = 2;

export interface Painter {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly fills: Readonly<Record<Activity, Fill>>;
}

export function createPainter(context: CanvasRenderingContext2D, palette: Palette): Painter {
  return { context, palette, fills: activityFills(context, palette) };
}

function lanesOf(area: LaneArea, chips: number): readonly Lane[] {
  const height = laneHeight(chips);
  return Array.from({ length: chips }, (_, chip) => ({
    chip,
    top: area.top + railHeight + chip * (height + railHeight + laneGap),
    height,
  }));
}

/** Whether a window is drawn as single segments: all of them are known, and there are few enough per pixel. */
export function isDetailed(index: TimelineIndex, chip: number, window: TimeWindow, pixels: number): boolean {
  const { windowStartSeconds, windowEndSeconds } = index.segments;
  const known = window.startSeconds >= windowStartSeconds && window.endSeconds <= windowEndSeconds;
  if (!known) return false;
  return countSegments(index, chip, window.startSeconds, window.endSeconds) <= pixels * segmentsPerPixel;
}

export function paintTimeline(
  painter: Painter,
  area: LaneArea,
  run: RunResult,
  index: TimelineIndex,
  window: TimeWindow,
  labels: (segment: number) => readonly string[],
): void {
  const { context, palette } = painter;
  context.save();
  const names = chipNames(run);
  for (const lane of lanesOf(area, run.timeline.chips)) {
    context.strokeStyle = palette.grid;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(area.left, lane.top + lane.height + 0.5);
    context.lineTo(area.right, lane.top + lane.height + 0.5);
    context.stroke();
    const pixels = Math.max(0, Math.round(area.right - area.left));
    if (isDetailed(index, lane.chip, window, pixels)) paintSegments(painter, area, lane, index, window, pixels, labels);
    else paintShares(painter, area, lane, run, index, window);
    paintSwitches(painter, area, lane, run, index, window);
    paintLaneName(painter, area, lane, names[lane.chip] ?? '');
  }
  context.restore();
}

function paintLaneName({ context, palette }: Painter, area: LaneArea, lane: Lane, name: string): void {
  context.font = `${palette.fontSize}px ${palette.font}`;
  context.fillStyle = palette.muted;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  // A long name of a kind of chip is compressed.
  context.fillText(name, area.left - 6, lane.top + lane.height / 2, area.left - 8);
}

const stackOrder: readonly Activity[] = ['base', 'burst', 'quantizing'];

/** In a slot wider than this, CSS pixels, the times of the modes matter. */
const wideSlot = 12;

/** One mode between two switches; its height is the share of time in which the chip was busy. */
function paintStretch(
  painter: Painter,
  area: LaneArea,
  lane: Lane,
  { startSeconds, endSeconds, shares }: ModeStretch,
  window: TimeWindow,
): void {
  const perSecond = (area.right - area.left) / (window.endSeconds - window.startSeconds);
  const pixel = (seconds: number) => Math.round(area.left + (seconds - window.startSeconds) * perSecond);
  const left = Math.max(area.left, pixel(startSeconds));
  const right = Math.min(area.right, pixel(endSeconds));
  if (endSeconds <= window.startSeconds || left >= area.right) return;
  paintStack(painter, lane, { left, right }, shares);
}

/** Stacked from the bottom of a lane. Every share, however small, gets at least one pixel. */
function paintStack(
  { context, fills }: Painter,
  lane: Lane,
  { left, right }: { readonly left: number; readonly right: number },
  shares: ModeStretch['shares'],
): void {
  let bottom = lane.top + lane.height;
  for (const [activity, share] of shares) {
    if (share <= 0) continue;
    const height = Math.min(bottom - lane.top, Math.max(1, share * lane.height));
    context.fillStyle = fills[activity];
    context.fillRect(left, bottom - height, Math.max(1, right - left), height);
    bottom -= height;
  }
}

/** Shares of time, stacked. Buckets narrower than a pixel are averaged. */
function paintShares(
  painter: Painter,
  area: LaneArea,
  lane: Lane,
  run: RunResult,
  index: TimelineIndex,
  window: TimeWindow,
): void {
  const { buckets, bucketSeconds, shares } = run.timeline.overview;
  const perSecond = (area.right - area.left) / (window.endSeconds - window.startSeconds);
  const first = Math.max(0, Math.floor(window.startSeconds / bucketSeconds));
  const last = Math.min(buckets - 1, Math.ceil(window.endSeconds / bucketSeconds) - 1);
  const kinds = activities.length;
  const step = Math.max(1, Math.floor(1 / Math.max(1e-9, bucketSeconds * perSecond)));
  for (let bucket = first; bucket <= last; bucket += step) {
    const until = Math.min(last + 1, bucket + step);
    if (bucketSeconds * perSecond >= wideSlot) {
      const stretches = modeStretches(run, index, lane.chip, bucket);
      for (const stretch of stretches ?? []) paintStretch(painter, area, lane, stretch, window);
      if (stretches !== undefined) continue;
    }
    const left = Math.max(
      area.left,
      Math.round(area.left + (bucket * bucketSeconds - window.startSeconds) * perSecond),
    );
    const right = Math.min(
      area.right,
      Math.round(area.left + (until * bucketSeconds - window.startSeconds) * perSecond),
    );
    // A switch takes microseconds and would be invisible. The marks above the lane show it.
    const stack = stackOrder.map((activity) => {
      let share = 0;
      for (let b = bucket; b < until; b++)
        share += shares[(lane.chip * buckets + b) * kinds + activities.indexOf(activity)] ?? 0;
      return [activity, share / (until - bucket)] as const;
    });
    paintStack(painter, lane, { left, right }, stack);
  }
}

function paintSegments(
  painter: Painter,
  area: LaneArea,
  lane: Lane,
  index: TimelineIndex,
  window: TimeWindow,
  pixels: number,
  labels: (segment: number) => readonly string[],
): void {
  const { context, palette, fills } = painter;
  const { activity, startSeconds, endSeconds } = index.segments;
  const owners = longestPerPixel(index, lane.chip, window.startSeconds, window.endSeconds, pixels);
  const perSecond = pixels / (window.endSeconds - window.startSeconds);
  context.font = `${palette.fontSize}px ${palette.font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (let from = 0; from < pixels; ) {
    const segment = owners[from] ?? -1;
    let to = from + 1;
    while (to < pixels && owners[to] === segment) to++;
    if (segment >= 0) {
      const kind = activities[activity[segment] ?? 0] ?? 'idle';
      // Exact edges if the segment is wide enough, else whole pixels.
      const exactLeft = Math.max(from, ((startSeconds[segment] ?? 0) - window.startSeconds) * perSecond);
      const exactRight = Math.min(to, ((endSeconds[segment] ?? 0) - window.startSeconds) * perSecond);
      const wide = exactRight - exactLeft >= 3;
      const left = area.left + (wide ? exactLeft : from);
      const width = wide ? exactRight - exactLeft - 0.75 : to - from;
      const height = lane.height * segmentHeight[kind];
      const top = lane.top + lane.height - height;
      context.fillStyle = fills[kind];
      context.fillRect(left, top, width, height);
      if (width > 34 && lane.height >= 20) paintLabel(painter, labels(segment), left, top, width, height);
    }
    from = to;
  }
}

/** The longest of the texts that fits. */
function paintLabel(
  painter: Painter,
  texts: readonly string[],
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  const { context, palette } = painter;
  const text = texts.find((candidate) => context.measureText(candidate).width <= width - 10);
  if (text === undefined) return;
  const textWidth = context.measureText(text).width;
  context.fillStyle = palette.background;
  context.fillRect(left + 3, top + height / 2 - 8, textWidth + 6, 16);
  context.fillStyle = palette.text;
  context.fillText(text, left + 6, top + height / 2 + 0.5);
}

/** The width of one bar of the strip, CSS pixels, and its largest height. */
const densityWidth = 2;
const densityHeight = 6;

/** A strip of bars above a lane: the higher a bar, the more mode switches. Every switch has at least a low bar. */
function paintSwitchDensity(
  { context, palette }: Painter,
  area: LaneArea,
  lane: Lane,
  run: RunResult,
  index: TimelineIndex,
  window: TimeWindow,
): void {
  const bins = Math.max(1, Math.floor((area.right - area.left) / densityWidth));
  const width = (area.right - area.left) / bins;
  context.fillStyle = palette.switching;
  for (const [bin, density] of switchDensity(run, index, lane.chip, window, bins).entries()) {
    if (density <= 0) continue;
    const height = 1 + (densityHeight - 1) * density;
    context.fillRect(area.left + bin * width, lane.top - 1 - height, width, height);
  }
}

/** Marks of mode switches: upwards to burst, downwards to base. A strip of bars if there are too many, or if their times are not all known. */
function paintSwitches(
  painter: Painter,
  area: LaneArea,
  lane: Lane,
  run: RunResult,
  index: TimelineIndex,
  window: TimeWindow,
): void {
  const { context, palette } = painter;
  const order = index.switchesByChip[lane.chip];
  const { startSeconds, toBurst } = run.timeline.switches;
  if (order === undefined) return;
  const perSecond = (area.right - area.left) / (window.endSeconds - window.startSeconds);
  const first = firstAbove(order, startSeconds, window.startSeconds - 1e-12);
  const last = firstAbove(order, startSeconds, window.endSeconds);
  const isSparse = (last - first) * 9 < area.right - area.left;
  if (!isSparse || !listsAllSwitches(run, window)) {
    paintSwitchDensity(painter, area, lane, run, index, window);
    return;
  }
  context.fillStyle = palette.switching;
  for (let i = first; i < last; i++) {
    const change = order[i] ?? 0;
    const x = area.left + ((startSeconds[change] ?? 0) - window.startSeconds) * perSecond;
    const up = (toBurst[change] ?? 0) === 1;
    const bottom = lane.top - 1;
    context.beginPath();
    context.moveTo(x - 3.5, up ? bottom : bottom - 6);
    context.lineTo(x + 3.5, up ? bottom : bottom - 6);
    context.lineTo(x, up ? bottom - 6 : bottom);
    context.fill();
    context.fillRect(Math.round(x) - 0.5, lane.top, 1, lane.height);
  }
}

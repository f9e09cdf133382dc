import type { Plugin } from 'chart.js';
import type { Activity, RunResult, TimelineSegments } from '../../../protocol/index.ts';
import { activities, chipNames, formatSeconds } from '../../../protocol/index.ts';
import type { Actions } from '../../model/actions.ts';
import { bucketAt } from '../../model/buckets.ts';
import { type Shown, wholeName } from '../../model/shown.ts';
import type { TableData } from '../../model/table.ts';
import { bucketsIn } from '../../model/time-span.ts';
import type { TimeWindow } from '../../model/view-state.ts';
import { timelineFinding } from '../../text/findings.ts';
import { segmentLabels, segmentSentence } from '../../text/segment-text.ts';
import { sharePercent } from '../../text/share-text.ts';
import { modesSpanFinding } from '../../text/span-findings.ts';
import { timeText } from '../../text/time-text.ts';
import { axisWidth, rightMargin, timeAxis } from '../charts/axes.ts';
import { drawFitted } from '../charts/draw-fitted.ts';
import { Chart } from '../charts/registry.ts';
import { createCrosshair } from '../figures/crosshair.ts';
import type { ExportsOf } from '../figures/exportable.ts';
import type { Figure } from '../figures/figure.ts';
import type { Frame } from '../figures/frame.ts';
import { createFrame } from '../figures/frame.ts';
import { bindTimeGestures, timeKeys } from '../figures/gestures.ts';
import type { Palette } from '../theme.ts';
import type { TimelineIndex } from './timeline-index.ts';
import { firstAbove, indexTimeline, segmentAt } from './timeline-index.ts';
import { modeAt } from './timeline-modes.ts';
import type { Painter } from './timeline-paint.ts';
import { createPainter, isDetailed, laneGap, laneHeight, paintTimeline, railHeight } from './timeline-paint.ts';

const axisHeight = 22;

/** Lanes paint their names themselves. Without this, Chart.js would format and measure invisible labels in every frame. */
const lanesAxis = { display: false, min: 0, max: 1, ticks: { display: false, callback: () => '' } } as const;

/** The activity of each chip over time: the central plot of the panel. */
export function createTimeline(actions: Actions, exportsOf: ExportsOf): Figure {
  let shown: Shown | undefined;
  let index: TimelineIndex | undefined;
  let indexed: { readonly run: RunResult; readonly segments: TimelineSegments } | undefined;
  let painter: Painter | undefined;
  let cursor: number | null = null;

  const lanes: Plugin = {
    id: 'lanes',
    beforeDatasetsDraw: ({ chartArea, ctx }) => {
      if (shown === undefined || index === undefined || painter === undefined) return;
      const { left, right, top, bottom } = chartArea;
      const current = shown;
      // The current context of the chart: an export draws into another one.
      paintTimeline(
        { ...painter, context: ctx },
        { left, right, top, bottom },
        shown.run,
        index,
        shown.window,
        (segment) => segmentLabels(current, segment),
      );
    },
  };
  const table = (): TableData => totalsTable(shown);
  const reveal = () => {
    if (shown !== undefined) actions.reveal(shown.serve.origin);
  };
  const frame: Frame = createFrame(exportsOf, {
    id: 'timeline',
    title: 'Modes',
    keys: timeKeys,
    exports: { name: 'timeline', chart: () => chart, table, reveal },
    ...(actions.hasHost ? { trace: { trace: () => actions.saveTrace(), traceExtent: () => traceExtent(shown) } } : {}),
  });
  const chart: Chart = new Chart(frame.canvas, {
    type: 'line',
    data: { datasets: [] },
    options: { layout: { padding: { left: axisWidth, right: rightMargin } }, scales: { y: lanesAxis } },
    plugins: [lanes],
  });
  const crosshair = createCrosshair(frame.plot);
  const area = () => chart.chartArea ?? { left: 0, right: 0 };
  const pixels = () => Math.round(area().right - area().left);

  const step = (from: number, direction: 1 | -1): number => {
    if (shown === undefined || index === undefined) return from;
    const { bucketSeconds } = shown.run.timeline.overview;
    if (!isDetailed(index, 0, shown.window, pixels())) return from + direction * bucketSeconds;
    return nextSegmentMiddle(index, from, direction);
  };
  bindTimeGestures({ plot: frame.plot, area, step, choose: reveal }, actions);

  const reindex = ({ run, segments }: Shown) => {
    if (indexed?.run === run && indexed.segments === segments) return;
    indexed = { run, segments };
    index = indexTimeline(run.timeline, segments);
  };
  const readOut = () => {
    if (shown === undefined || index === undefined) return;
    const { run, window, span } = shown;
    const shares =
      cursor !== null
        ? bucketShares(run, cursor)
        : span === undefined
          ? totalShares(run)
          : spanShares(run, index, span);
    const present = (['base', 'burst', 'quantizing', 'switching', 'idle'] as const).filter(
      (activity) => activity === 'base' || activity === 'idle' || totalShares(run)[activity] > 0,
    );
    const entries = present.map((activity) => ({
      key: activity,
      label: activity,
      swatch: activity,
      value: shares[activity],
      text: sharePercent(shares[activity]),
    }));
    const segment =
      cursor === null || !isDetailed(index, 0, window, pixels()) ? undefined : segmentAt(index, 0, cursor);
    const where =
      cursor === null
        ? span === undefined
          ? wholeName(shown)
          : `${timeText(span.startSeconds, span.endSeconds - span.startSeconds)} to ${timeText(span.endSeconds, span.endSeconds - span.startSeconds)}`
        : `at ${timeText(cursor, (window.endSeconds - window.startSeconds) / 100)}`;
    const what = segment === undefined ? slotText(run, index, window, cursor) : `: ${segmentSentence(shown, segment)}`;
    frame.setLegend(where + what, entries);
    crosshair.place(cursor, shown, area());
    if (cursor !== null && document.activeElement === frame.plot) {
      const list = entries.map((entry) => `${entry.label} ${entry.text}`).join(', ');
      actions.readOut(segment === undefined ? `${where}${what}: ${list}` : where + what);
    }
  };
  /** If segments are unknown: the slot that the shares belong to, the mode if it is certain, and how to get finer segments. */
  const slotText = (run: RunResult, known: TimelineIndex, window: TimeWindow, seconds: number | null): string => {
    const { buckets, bucketSeconds } = run.timeline.overview;
    const wide = bucketSeconds * 40 > window.endSeconds - window.startSeconds;
    if (!wide || isDetailed(known, 0, window, pixels())) return '';
    const finer = actions.hasHost ? '' : '; open the design in the editor, or use run --trace, for finer segments';
    if (seconds === null) return finer === '' ? '' : `, in slots of ${formatSeconds(bucketSeconds)}${finer}`;
    const slot = bucketAt(run.timeline.overview, seconds);
    const time = (at: number) => timeText(at, bucketSeconds);
    const mode = run.timeline.chips === 1 ? modeAt(run, known, 0, seconds) : undefined;
    return `${mode === undefined ? '' : `, in ${mode} mode`}; shares from ${time(slot * bucketSeconds)} to ${time(Math.min(buckets, slot + 1) * bucketSeconds)}${finer}`;
  };
  const describe = ({ run, span }: Shown) => {
    if (index === undefined || span === undefined) frame.setFinding(timelineFinding(run));
    else frame.setFinding(modesSpanFinding(spanShares(run, index, span), run.timeline.chips));
  };
  const drawAxis = (palette: Palette, next: Shown) => {
    chart.options.scales = { x: timeAxis(palette, next.window), y: lanesAxis };
    drawFitted(chart);
  };
  return {
    element: frame.element,
    show: (next, palette) => {
      shown = next;
      reindex(next);
      painter = createPainter(chart.ctx, palette);
      const { chips } = next.run.timeline;
      frame.plot.style.height = `${chips * (laneHeight(chips) + railHeight + laneGap) + axisHeight}px`;
      frame.setTable(table);
      describe(next);
      drawAxis(palette, next);
      readOut();
    },
    move: (next, palette) => {
      shown = next;
      reindex(next);
      describe(next);
      drawAxis(palette, next);
      readOut();
    },
    point: (seconds) => {
      cursor = seconds;
      readOut();
    },
  };
}

/**
 * What a trace of the shown window contains, if that is not all of it: a run stores its first segments only, and a window is recorded in full up
 * to a budget. A shorter window has room for more.
 */
function traceExtent(shown: Shown | undefined): string {
  if (shown === undefined) return '';
  const { window, segments, detailed } = shown;
  const known = detailed || !shown.zoomed;
  const { windowEndSeconds } = segments;
  if (!known || windowEndSeconds >= window.endSeconds) return '';
  const [from, to, end] = [window.startSeconds, windowEndSeconds, window.endSeconds].map((at) => formatSeconds(at));
  return `, only ${from} to ${to} of ${end}: zoom in for the rest`;
}

function nextSegmentMiddle(index: TimelineIndex, from: number, direction: 1 | -1): number {
  const { startSeconds, endSeconds } = index.segments;
  const order = index.byChip[0] ?? new Uint32Array();
  const middle = (position: number) => {
    const segment = order[position] ?? 0;
    return ((startSeconds[segment] ?? 0) + (endSeconds[segment] ?? 0)) / 2;
  };
  // The first middle above `from`; the one before it may be `from` itself.
  let low = 0;
  let high = order.length;
  while (low < high) {
    const half = (low + high) >>> 1;
    if (middle(half) > from) high = half;
    else low = half + 1;
  }
  if (direction > 0) return low < order.length ? middle(low) : from;
  const before = middle(low - 1) < from ? low - 1 : low - 2;
  return before >= 0 ? middle(before) : from;
}

type Shares = Record<Activity, number>;

function totalShares(run: RunResult): Shares {
  const shares: Shares = { idle: 0, base: 0, burst: 0, switching: 0, quantizing: 0 };
  for (const chip of run.timeline.totals) {
    for (const activity of activities) shares[activity] += chip[activity] / (run.seconds * run.timeline.chips);
  }
  return shares;
}

/** Exact if every segment of the time is known, else to the precision of the slots. */
function spanShares(run: RunResult, index: TimelineIndex, span: TimeWindow): Shares {
  const { windowStartSeconds, windowEndSeconds } = index.segments;
  const isKnown = span.startSeconds >= windowStartSeconds && span.endSeconds <= windowEndSeconds;
  return isKnown ? segmentShares(run, index, span) : slotShares(run, span);
}

function slotShares(run: RunResult, span: TimeWindow): Shares {
  const { first, last } = bucketsIn(run.timeline.overview, span);
  const sums: Shares = { idle: 0, base: 0, burst: 0, switching: 0, quantizing: 0 };
  for (let slot = first; slot <= last; slot++) {
    const each = slotSharesAt(run, slot);
    for (const activity of activities) sums[activity] += each[activity] / (last + 1 - first);
  }
  return sums;
}

function segmentShares(run: RunResult, index: TimelineIndex, span: TimeWindow): Shares {
  const { startSeconds, endSeconds, activity } = index.segments;
  const whole = (span.endSeconds - span.startSeconds) * run.timeline.chips;
  const shares: Shares = { idle: 0, base: 0, burst: 0, switching: 0, quantizing: 0 };
  let busy = 0;
  for (const order of index.byChip) {
    for (let at = firstAbove(order, endSeconds, span.startSeconds); at < order.length; at++) {
      const segment = order[at] ?? 0;
      const from = startSeconds[segment] ?? 0;
      if (from >= span.endSeconds) break;
      const name = activities[activity[segment] ?? 0];
      const seconds = Math.min(endSeconds[segment] ?? 0, span.endSeconds) - Math.max(from, span.startSeconds);
      if (name === undefined || name === 'idle') continue;
      shares[name] += seconds / whole;
      busy += seconds;
    }
  }
  return { ...shares, idle: Math.max(0, 1 - busy / whole) };
}

function bucketShares(run: RunResult, seconds: number): Shares {
  return slotSharesAt(run, bucketAt(run.timeline.overview, seconds));
}

function slotSharesAt(run: RunResult, bucket: number): Shares {
  const { buckets, shares } = run.timeline.overview;
  const sums: Shares = { idle: 0, base: 0, burst: 0, switching: 0, quantizing: 0 };
  for (let chip = 0; chip < run.timeline.chips; chip++) {
    for (const [kind, activity] of activities.entries()) {
      sums[activity] += (shares[(chip * buckets + bucket) * activities.length + kind] ?? 0) / run.timeline.chips;
    }
  }
  return sums;
}

function totalsTable(shown: Shown | undefined): TableData {
  if (shown === undefined) return { caption: '', columns: [], rows: [] };
  const { timeline, seconds } = shown.run;
  const names = shown.run.kinds === undefined ? undefined : chipNames(shown.run);
  return {
    caption: `Time of each chip in each activity, out of ${formatSeconds(seconds)}`,
    columns: [
      { title: 'Chip', key: 'chip' },
      ...activities.map((activity) => ({
        title: activity,
        key: `${activity}Seconds`,
        format: (value: number) => formatSeconds(value, 4),
      })),
    ],
    rows: timeline.totals.map((total, chip) => [
      names?.[chip] ?? chip + 1,
      ...activities.map((activity) => total[activity]),
    ]),
  };
}

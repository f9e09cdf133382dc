import type { Chart, Plugin } from 'chart.js';
import type { RequestFacts } from '../../model/request-facts.ts';
import { knownRequests, lateAfter, latencyOf, requestAt, rowsBetween } from '../../model/request-life.ts';
import type { Shown } from '../../model/shown.ts';
import type { Palette } from '../theme.ts';

/** With more requests than this in a window, only late ones are drawn. */
const mostDots = 3000;

/** A click this close to a mark selects it, CSS pixels. */
const reachPixels = 9;

export interface RequestMarksState {
  shown: Shown | undefined;
  palette: Palette | undefined;
}

/** Single requests on the latency plot, if they are known: dots, crosses for late ones, and a ring around the chosen one. */
export function requestMarks(state: RequestMarksState): Plugin {
  return {
    id: 'request-marks',
    afterDatasetsDraw: (chart) => {
      const { shown, palette } = state;
      if (shown !== undefined && palette !== undefined) drawMarks(chart, shown, palette);
    },
  };
}

interface Mark {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly late: boolean;
}

function marksOf(chart: Chart, shown: Shown): readonly Mark[] {
  const { x: scaleX, y: scaleY } = chart.scales;
  const requests = knownRequests(shown);
  if (requests === undefined || scaleX === undefined || scaleY === undefined) return [];
  const limit = lateAfter(shown) ?? Number.POSITIVE_INFINITY;
  const { startSeconds, endSeconds } = shown.window;
  const rows = rowsBetween(requests, shown.run.serves.indexOf(shown.serve), startSeconds, endSeconds);
  const onlyLate = rows.length > mostDots;
  const marks: Mark[] = [];
  for (const row of rows) {
    const latency = latencyOf(requests, row);
    const late = latency > limit;
    if (onlyLate && !late) continue;
    marks.push({
      row,
      x: scaleX.getPixelForValue(requests.endSeconds[row] ?? 0),
      y: scaleY.getPixelForValue(latency),
      late,
    });
  }
  return marks;
}

function drawMarks(chart: Chart, shown: Shown, palette: Palette): void {
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left - 4, chartArea.top - 4, chartArea.width + 8, chartArea.height + 4);
  ctx.clip();
  ctx.fillStyle = palette.muted;
  ctx.strokeStyle = palette.limit;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  for (const { x, y, late } of marksOf(chart, shown)) {
    if (!late) {
      ctx.fillRect(x - 1, y - 1, 2, 2);
      continue;
    }
    ctx.moveTo(x - 2.5, y - 2.5);
    ctx.lineTo(x + 2.5, y + 2.5);
    ctx.moveTo(x + 2.5, y - 2.5);
    ctx.lineTo(x - 2.5, y + 2.5);
  }
  ctx.stroke();
  const { chosen } = shown;
  const { x, y } = chart.scales;
  if (chosen !== undefined && x !== undefined && y !== undefined) {
    ctx.strokeStyle = palette.text;
    ctx.lineWidth = 2;
    ctx.beginPath();
    const latency = chosen.endSeconds - chosen.arrivalSeconds;
    ctx.arc(x.getPixelForValue(chosen.endSeconds), y.getPixelForValue(latency), 5, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}

/** The request whose mark is nearest to a point in the plot; undefined if none is close enough. */
export function requestUnder(
  chart: Chart,
  shown: Shown,
  point: { readonly x: number; readonly y: number },
): RequestFacts | undefined {
  let nearest: Mark | undefined;
  let distance = reachPixels;
  for (const mark of marksOf(chart, shown)) {
    const away = Math.hypot(mark.x - point.x, mark.y - point.y);
    // If two are equally close, the late one is preferred.
    if (away < distance - (mark.late ? -0.5 : 0.5)) {
      distance = away;
      nearest = mark;
    }
  }
  const requests = knownRequests(shown);
  return nearest === undefined || requests === undefined ? undefined : requestAt(requests, nearest.row);
}

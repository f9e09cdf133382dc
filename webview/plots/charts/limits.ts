import type { Chart, Plugin } from 'chart.js';
import { lineDashes } from '../line-dashes.ts';
import type { Palette } from '../theme.ts';

/** A line at the limit of an objective, perhaps with a text beside it. */
export interface Limit {
  readonly axis: 'x' | 'y';
  readonly value: number;
  /** Only for a vertical line. A horizontal one is named in the legend, because a text would cover the data. */
  readonly text?: string;
}

export interface LimitsState {
  limits: readonly Limit[];
  /** The end of the warm-up; 0 if there is none. */
  warmupSeconds: number;
  palette: Palette | undefined;
}

export function limitsState(): LimitsState {
  return { limits: [], warmupSeconds: 0, palette: undefined };
}

/** Draws the warm-up behind the data and limits above it. The state is shared, so that it can change without a new chart. */
export function limitsPlugin(state: LimitsState): Plugin {
  return {
    id: 'limits',
    beforeDatasetsDraw: (chart) => drawWarmup(chart, state),
    afterDatasetsDraw: (chart) => {
      for (const limit of state.limits) drawLimit(chart, limit, state.palette);
    },
  };
}

function drawWarmup(chart: Chart, { warmupSeconds, palette }: LimitsState): void {
  const x = chart.scales.x;
  if (palette === undefined || warmupSeconds <= 0 || x === undefined) return;
  const { left, right, top, bottom } = chart.chartArea;
  const end = Math.min(right, x.getPixelForValue(warmupSeconds));
  if (end <= left) return;
  const { ctx } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, end - left, bottom - top);
  ctx.clip();
  // Hatched, not tinted: a tint looks like a value, and is invisible in high contrast.
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = 1;
  for (let offset = left - (bottom - top); offset < end; offset += 6) {
    ctx.beginPath();
    ctx.moveTo(offset, bottom);
    ctx.lineTo(offset + (bottom - top), top);
    ctx.stroke();
  }
  ctx.restore();
}

function drawLimit(chart: Chart, limit: Limit, palette: Palette | undefined): void {
  const scale = chart.scales[limit.axis];
  if (palette === undefined || scale === undefined) return;
  const { left, right, top, bottom } = chart.chartArea;
  const at = Math.round(scale.getPixelForValue(limit.value)) + 0.5;
  const { ctx } = chart;
  const outside = limit.axis === 'y' ? at < top - 1 || at > bottom + 1 : at < left - 1 || at > right + 1;
  if (outside || Number.isNaN(at)) return;
  ctx.save();
  ctx.strokeStyle = palette.limit;
  ctx.fillStyle = palette.limit;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([...lineDashes.limit]);
  ctx.beginPath();
  if (limit.axis === 'y') {
    ctx.moveTo(left, at);
    ctx.lineTo(right, at);
  } else {
    ctx.moveTo(at, top);
    ctx.lineTo(at, bottom);
  }
  ctx.stroke();
  if (limit.text !== undefined) drawText(chart, limit.text, at, palette);
  ctx.restore();
}

/** Beside a vertical line, at the top. */
function drawText({ ctx, chartArea }: Chart, text: string, at: number, palette: Palette): void {
  ctx.font = `${palette.fontSize}px ${palette.font}`;
  const width = ctx.measureText(text).width;
  const x = at + 5 + width > chartArea.right ? at - 5 - width : at + 5;
  const y = chartArea.top + palette.fontSize;
  // With a background, so that it is readable on top of lines.
  ctx.fillStyle = palette.background;
  ctx.fillRect(x - 3, y - palette.fontSize, width + 6, palette.fontSize + 4);
  ctx.fillStyle = palette.limit;
  ctx.fillText(text, x, y);
}

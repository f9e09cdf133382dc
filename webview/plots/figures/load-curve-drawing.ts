import type { Plugin } from 'chart.js';
import type { LoadCurve, LoadLine, LoadPoint } from '../../../protocol/index.ts';
import { formatNumber, formatSeconds } from '../../../protocol/index.ts';
import { valueAxis } from '../charts/axes.ts';
import { drawFitted } from '../charts/draw-fitted.ts';
import type { Chart } from '../charts/registry.ts';
import { lineDashes } from '../line-dashes.ts';
import type { Palette } from '../theme.ts';

/** The part of a curve that is drawn: the lines of one serve. */
export interface Drawn {
  readonly curve: LoadCurve;
  readonly lines: readonly LoadLine[];
  /** What the curve shows: "p99 latency". */
  readonly measure: string;
}

/** Shows the lines in the chart, with a logarithmic axis of the latency. */
export function drawLines(chart: Chart, { lines, measure }: Drawn, palette: Palette): void {
  chart.data.datasets = lines.map((line) => {
    const own = line.kind === 'design';
    const color = own ? palette.text : palette.base;
    return {
      data: line.points.map(({ offeredRps, latencySeconds }) => ({ x: offeredRps, y: latencySeconds })),
      borderColor: color,
      backgroundColor: color,
      borderWidth: own ? 2 : 1.5,
      pointStyle: own ? 'circle' : 'triangle',
      pointRadius: 2.5,
      // The latency of an overloaded chip grows with the length of the run, so its line is sparse.
      segment: {
        borderDash: ({ p1DataIndex }) => {
          const point = line.points[p1DataIndex];
          const dash = point?.overloaded === true ? lineDashes.sparse : lineDashes[own ? 'line' : 'base-line'];
          return [...dash];
        },
      },
    };
  });
  const y = valueAxis({
    palette,
    title: measure,
    format: formatSeconds,
    logarithmic: true,
  });
  const x = valueAxis({
    palette,
    format: (value) => formatNumber(value, 6),
    title: 'offered load, requests per second',
  });
  chart.options.scales = { x: { ...x, position: 'bottom', afterFit: () => undefined }, y };
  drawFitted(chart);
}

interface KneeState {
  readonly drawn: Drawn | undefined;
  readonly palette: Palette | undefined;
  readonly point: number | null;
}

/** A ring and a label at the knee of each line, and a vertical line at the load as written and at the cursor. */
export function kneePlugin(state: () => KneeState): Plugin {
  return {
    id: 'knee',
    afterDatasetsDraw: (chart) => {
      const { drawn, palette, point } = state();
      const { x, y } = chart.scales;
      if (drawn === undefined || palette === undefined || x === undefined || y === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = `${palette.fontSize}px ${palette.font}`;
      const vertical = (each: LoadPoint | undefined, dash: number[]) => {
        if (each === undefined) return;
        const at = Math.round(x.getPixelForValue(each.offeredRps)) + 0.5;
        ctx.strokeStyle = palette.muted;
        ctx.setLineDash(dash);
        ctx.beginPath();
        ctx.moveTo(at, chartArea.top);
        ctx.lineTo(at, chartArea.bottom);
        ctx.stroke();
        ctx.setLineDash([]);
      };
      const points = drawn.lines[0]?.points ?? [];
      vertical(
        points.find(({ factor }) => factor === 1),
        [2, 3],
      );
      if (point !== null) vertical(points[point], []);
      const knees = drawn.lines.flatMap((line) => {
        const knee = line.points[line.knee];
        if (knee === undefined) return [];
        return [{ line, left: x.getPixelForValue(knee.offeredRps), top: y.getPixelForValue(knee.latencySeconds) }];
      });
      const [own, other] = knees;
      const together = own !== undefined && other !== undefined && Math.abs(own.left - other.left) < 64;
      for (const { line, left, top } of knees) {
        ctx.strokeStyle = palette.text;
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        ctx.arc(left, top, 6, 0, 2 * Math.PI);
        ctx.stroke();
        if (together && line.kind !== 'design') continue;
        // Below the line, where there is no data.
        ctx.fillStyle = palette.text;
        ctx.textAlign = 'center';
        ctx.textBaseline = 'top';
        ctx.fillText(together ? 'knees' : line.kind === 'design' ? 'knee' : 'knee, base', left, top + 9);
      }
      ctx.restore();
    },
  };
}

import type { Chart, Plugin } from 'chart.js';
import type { Palette } from '../theme.ts';
import type { ExploreShown } from './explore-view.ts';

interface Marked {
  readonly shown: ExploreShown | undefined;
  readonly palette: Palette | undefined;
}

const radius = 8;
const tick = 4;

/** A cross-hair ring and two words at the design as it is written: where one stands. The words lie under the points, the ring over them. */
export function asWrittenPlugin(state: () => Marked): Plugin {
  return {
    id: 'as-written',
    beforeDatasetsDraw: (chart) => {
      const { palette } = state();
      const at = placeOf(chart, state());
      if (palette === undefined || at === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = `${palette.fontSize}px ${palette.font}`;
      const reach = radius + tick + 4;
      const fits = at.left + reach + ctx.measureText('as written').width < chartArea.right;
      ctx.fillStyle = palette.text;
      ctx.textAlign = fits ? 'left' : 'right';
      ctx.textBaseline = 'middle';
      ctx.fillText('as written', fits ? at.left + reach : at.left - reach, at.top);
      ctx.restore();
    },
    afterDatasetsDraw: (chart) => {
      const { palette } = state();
      const at = placeOf(chart, state());
      if (palette === undefined || at === undefined) return;
      const { left, top } = at;
      const { ctx } = chart;
      ctx.save();
      ctx.strokeStyle = palette.text;
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      ctx.arc(left, top, radius, 0, 2 * Math.PI);
      ctx.stroke();
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        ctx.beginPath();
        ctx.moveTo(left + radius * dx, top + radius * dy);
        ctx.lineTo(left + (radius + tick) * dx, top + (radius + tick) * dy);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}

function placeOf(chart: Chart, { shown }: Marked): { readonly left: number; readonly top: number } | undefined {
  const { x, y } = chart.scales;
  if (shown === undefined || x === undefined || y === undefined || shown.result.asWritten < 0) return undefined;
  const { result, scatter } = shown;
  const left = x.getPixelForValue(scatter.x.value(result, result.asWritten));
  const top = y.getPixelForValue(scatter.y.value(result, result.asWritten));
  return Number.isFinite(left) && Number.isFinite(top) ? { left, top } : undefined;
}

import type { Plugin } from 'chart.js';
import type { Palette } from '../theme.ts';
import type { ExploreShown } from './explore-view.ts';

interface Marked {
  readonly shown: ExploreShown | undefined;
  readonly palette: Palette | undefined;
}

/** A cross-hair ring and two words at the design as it is written: where one stands. Its colour is the text's. */
export function asWrittenPlugin(state: () => Marked): Plugin {
  return {
    id: 'as-written',
    afterDatasetsDraw: (chart) => {
      const { shown, palette } = state();
      const { x, y } = chart.scales;
      if (shown === undefined || palette === undefined || x === undefined || y === undefined) return;
      if (shown.result.asWritten < 0) return;
      const { result, scatter } = shown;
      const left = x.getPixelForValue(scatter.x.value(result, result.asWritten));
      const top = y.getPixelForValue(scatter.y.value(result, result.asWritten));
      if (!Number.isFinite(left) || !Number.isFinite(top)) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.strokeStyle = palette.text;
      ctx.fillStyle = palette.text;
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      ctx.arc(left, top, 8, 0, 2 * Math.PI);
      ctx.stroke();
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        ctx.beginPath();
        ctx.moveTo(left + 8 * dx, top + 8 * dy);
        ctx.lineTo(left + 12 * dx, top + 12 * dy);
        ctx.stroke();
      }
      ctx.font = `${palette.fontSize}px ${palette.font}`;
      const width = ctx.measureText('as written').width;
      const fits = left + 15 + width < chartArea.right;
      // Where there is no room beside it, below: the front comes from the left.
      const beside = fits ? left + 15 : chartArea.right - width - 2;
      const level = fits ? top : top + 20;
      // On ground of its own: it lies among points.
      ctx.fillStyle = palette.background;
      ctx.fillRect(beside - 2, level - 8, width + 4, 16);
      ctx.fillStyle = palette.text;
      ctx.textAlign = 'left';
      ctx.textBaseline = 'middle';
      ctx.fillText('as written', beside, level);
      ctx.restore();
    },
  };
}

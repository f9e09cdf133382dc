import type { Chart, Plugin } from 'chart.js';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import type { Palette } from '../plots/theme.ts';
import { withAlpha } from '../plots/theme.ts';

interface Marked {
  readonly shown: ExploreShown | undefined;
  readonly palette: Palette | undefined;
}

const radius = 8;
const tick = 4;

const words = 'as written';

/** A ring with a cross-hair and a label at the design as written. */
export function asWrittenPlugin(state: () => Marked): Plugin {
  return {
    id: 'as-written',
    afterDatasetsDraw: (chart) => {
      const { palette } = state();
      const at = placeOf(chart, state());
      if (palette === undefined || at === undefined) return;
      drawWords(chart, at, palette);
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

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The label goes beside, above or below the ring, where it covers the fewest points. A background keeps it legible. */
function drawWords(chart: Chart, at: { readonly left: number; readonly top: number }, palette: Palette): void {
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.font = `${palette.fontSize}px ${palette.font}`;
  const width = ctx.measureText(words).width + 6;
  const height = palette.fontSize + 4;
  const reach = radius + tick + 1;
  const places: readonly Box[] = [
    { left: at.left + reach, top: at.top - height / 2, width, height },
    { left: at.left - reach - width, top: at.top - height / 2, width, height },
    { left: at.left - width / 2, top: at.top - reach - height, width, height },
    { left: at.left - width / 2, top: at.top + reach, width, height },
  ].filter(
    ({ left, top }) =>
      left >= chartArea.left &&
      left + width <= chartArea.right + 2 &&
      top >= chartArea.top &&
      top + height <= chartArea.bottom,
  );
  const covered = places.map(() => 0);
  for (const index of chart.data.datasets.keys()) {
    for (const { x, y } of chart.getDatasetMeta(index).data) {
      for (const [i, box] of places.entries()) {
        const isIn = x > box.left - 4 && x < box.left + width + 4 && y > box.top - 4 && y < box.top + height + 4;
        if (isIn) covered[i] = (covered[i] ?? 0) + 1;
      }
    }
  }
  const box = places[covered.indexOf(Math.min(...covered))];
  if (box !== undefined) {
    ctx.fillStyle = withAlpha(palette.background, 0.85);
    ctx.fillRect(box.left, box.top, width, height);
    ctx.fillStyle = palette.text;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.fillText(words, box.left + 3, box.top + height / 2);
  }
  ctx.restore();
}

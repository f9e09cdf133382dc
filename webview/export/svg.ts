import type { Chart } from '../plots/charts/registry.ts';
import type { PictureText } from '../plots/figures/exportable.ts';
import type { Palette } from '../plots/theme.ts';
import { paintHeading } from './picture.ts';
import { SvgContext } from './svg-context.ts';

/** Draws the chart again, into an SVG document. `name` makes its ids unique among several plots in one page. */
export function chartSvg(chart: Chart, name: string, text: PictureText, palette: Palette): string {
  const { ctx, width, height } = chart;
  const svg = new SvgContext(ctx, name);
  const heading = new SvgContext(ctx, `${name}-heading`);
  // SvgContext has the methods that a chart calls, not all of a context.
  const headingContext = heading as unknown as CanvasRenderingContext2D;
  const top = paintHeading(headingContext, text, width, palette);
  const drawers: { ctx: CanvasRenderingContext2D }[] = [chart, ...Object.values(chart.scales)];
  const redirect = (context: CanvasRenderingContext2D) => {
    for (const drawer of drawers) drawer.ctx = context;
    for (const index of chart.data.datasets.keys()) {
      // Chart.js has no public way to draw into another context. Its controllers keep the context in this private field.
      const { controller } = chart.getDatasetMeta(index) as unknown as {
        controller: { _ctx: CanvasRenderingContext2D };
      };
      controller._ctx = context;
    }
  };
  // Chart.js draws a line as a Path2D, whose points cannot be read. With segment styles, it draws point by point.
  const lines = chart.data.datasets as { segment?: object }[];
  ctx.save();
  try {
    for (const line of lines) line.segment = {};
    chart.update('none');
    redirect(svg as unknown as CanvasRenderingContext2D);
    chart.draw();
  } finally {
    redirect(ctx);
    for (const line of lines) delete line.segment;
    ctx.restore();
    chart.update('none');
  }
  return svg.document(width, height, palette.background, heading.elements(), top);
}

import type { Chart } from './charts/registry.ts';
import type { PictureText } from './picture.ts';
import { paintHeading } from './picture.ts';
import { SvgContext } from './svg-context.ts';
import type { Palette } from './theme.ts';

/** The chart as it stands, drawn once more into a document of lines and text. `name` keeps its ids apart from those of other plots in one page. */
export function chartSvg(chart: Chart, name: string, text: PictureText, palette: Palette): string {
  const { ctx, width, height } = chart;
  const svg = new SvgContext(ctx, name);
  const heading = new SvgContext(ctx, `${name}-heading`);
  // The recorder has what a chart calls, not all that a context is.
  const headingContext = heading as unknown as CanvasRenderingContext2D;
  const top = paintHeading(headingContext, text, width, palette);
  const drawers: { ctx: CanvasRenderingContext2D }[] = [chart, ...Object.values(chart.scales)];
  const redirect = (context: CanvasRenderingContext2D) => {
    for (const drawer of drawers) drawer.ctx = context;
    for (const index of chart.data.datasets.keys()) {
      // Controllers keep the context in a field that is not theirs to show; a drawing elsewhere has no other way in.
      const { controller } = chart.getDatasetMeta(index) as unknown as {
        controller: { _ctx: CanvasRenderingContext2D };
      };
      controller._ctx = context;
    }
  };
  // Lines are kept as Path2D, which tells nobody its points; lines with styled segments are drawn point by point.
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

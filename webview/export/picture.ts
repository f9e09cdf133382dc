import type { PictureText } from '../plots/figures/exportable.ts';
import type { Palette } from '../plots/theme.ts';
import { fittedText } from './fitted-text.ts';
import { legendMargin, legendRows, paintLegendRow } from './picture-legend.ts';

const lineHeight = 18;

/** The plot below its title and legend, on the theme's background: a transparent picture would be unreadable elsewhere. */
export function drawPicture(source: HTMLCanvasElement, text: PictureText, palette: Palette): HTMLCanvasElement {
  const ratio = source.width / Math.max(1, source.clientWidth);
  const width = source.clientWidth;
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  if (context === null) return source;
  picture.width = source.width;
  picture.height = Math.round(headingHeight(context, text, width, palette) * ratio) + source.height;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.scale(ratio, ratio);
  const top = paintHeading(context, text, width, palette);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(source, 0, Math.round(top * ratio));
  return picture;
}

function headingHeight(context: CanvasRenderingContext2D, text: PictureText, width: number, palette: Palette): number {
  context.font = `12px ${palette.font}`;
  return legendMargin + lineHeight * (1 + legendRows(context, text.legend, width).length) + 4;
}

/** Paints title and legend, and returns their height. */
export function paintHeading(
  context: CanvasRenderingContext2D,
  text: PictureText,
  width: number,
  palette: Palette,
): number {
  const height = headingHeight(context, text, width, palette);
  const rows = legendRows(context, text.legend, width);
  const font = `12px ${palette.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = palette.text;
  context.font = `bold ${font}`;
  const title = fittedText(context, text.title, width - 2 * legendMargin);
  context.fillText(title, legendMargin, legendMargin + lineHeight / 2);
  context.font = font;
  rows.forEach((row, line) => {
    const y = legendMargin + lineHeight * (line + 1.5);
    paintLegendRow(context, row, y, palette);
  });
  return height;
}

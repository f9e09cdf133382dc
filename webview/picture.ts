import { activityFills } from './charts/patterns.ts';
import { rampColor } from './explore/ramp.ts';
import type { LegendEntry } from './figures/legend.ts';
import type { Palette } from './theme.ts';

/** What a picture needs to be understood outside the panel, where title and legend are text of the page. */
export interface PictureText {
  readonly title: string;
  readonly legend: readonly LegendEntry[];
}

const lineHeight = 18;
const margin = 8;

/** The plot under its title and legend, on the theme's background: a transparent picture is unreadable elsewhere. */
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
  return margin + lineHeight * (1 + legendRows(context, text.legend, width).length) + 4;
}

/** Title and legend; gives the height that they took. */
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
  context.fillText(text.title, margin, margin + lineHeight / 2);
  context.font = font;
  rows.forEach((row, line) => {
    const y = margin + lineHeight * (line + 1.5);
    for (const { entry, x } of row) {
      drawSwatch(context, entry.swatch, x, y, palette);
      context.fillStyle = palette.text;
      context.fillText(wordsOf(entry), x + 22, y);
    }
  });
  return height;
}

function wordsOf(entry: LegendEntry): string {
  return `${entry.label} ${entry.text}`.trim();
}

type Placed = { readonly entry: LegendEntry; readonly x: number };

function legendRows(
  context: CanvasRenderingContext2D,
  legend: readonly LegendEntry[],
  width: number,
): readonly Placed[][] {
  const rows: Placed[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of legend) {
    const size = context.measureText(wordsOf(entry)).width + 38;
    if (x + size > width) {
      rows.push([]);
      x = margin;
    }
    rows.at(-1)?.push({ entry, x });
    x += size;
  }
  return rows;
}

const dashes: Readonly<Record<string, readonly number[]>> = {
  line: [],
  dash: [5, 3],
  dot: [2, 2],
  dashdot: [6, 2, 2, 2],
  sparse: [1, 3],
  limit: [6, 3],
  good: [],
};

function drawSwatch(context: CanvasRenderingContext2D, swatch: string, x: number, y: number, palette: Palette): void {
  const dash = dashes[swatch];
  if (dash !== undefined) {
    const plain = swatch === 'line' ? palette.text : palette.muted;
    context.strokeStyle = swatch === 'limit' ? palette.limit : swatch === 'good' ? palette.good : plain;
    context.lineWidth = 2;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 16, y);
    context.stroke();
    context.setLineDash([]);
    return;
  }
  if (drawDesignSwatch(context, swatch, x, y, palette)) return;
  const activity = swatch.replace('point-', '');
  const fills: Readonly<Record<string, string | CanvasPattern>> = activityFills(context, palette);
  context.fillStyle = activity === 'idle' ? palette.muted : (fills[activity] ?? palette.muted);
  if (activity === 'switching') context.fillRect(x + 7, y - 5, 2, 10);
  else if (activity === 'idle') context.fillRect(x, y + 4, 16, 1);
  else context.fillRect(x, y - 5, 16, 10);
}

/** Of a sweep's plots; false where the swatch is none of theirs. */
function drawDesignSwatch(
  context: CanvasRenderingContext2D,
  swatch: string,
  x: number,
  y: number,
  palette: Palette,
): boolean {
  const colors: Readonly<Record<string, string>> = {
    'design-met': palette.good,
    'design-violated': palette.limit,
    'design-undecided': palette.undecided,
    'design-written': palette.text,
    'heat-front': palette.text,
  };
  const color = colors[swatch];
  context.lineWidth = 1.5;
  if (swatch === 'ramp') {
    for (let i = 0; i < 16; i++) {
      context.fillStyle = rampColor(i / 15);
      context.fillRect(x + i, y - 5, 1, 10);
    }
  } else if (swatch === 'design-front') {
    context.strokeStyle = palette.text;
    context.beginPath();
    context.moveTo(x, y - 5);
    context.lineTo(x, y + 4);
    context.lineTo(x + 16, y + 4);
    context.stroke();
  } else if (swatch === 'heat-written' || swatch === 'heat-violated' || swatch === 'heat-undecided') {
    context.strokeStyle =
      swatch === 'heat-written' ? palette.text : swatch === 'heat-violated' ? palette.limit : palette.undecided;
    context.beginPath();
    if (swatch !== 'heat-written') {
      context.moveTo(x + 3, y - 5);
      context.lineTo(x + 13, y + 5);
    } else context.rect(x + 1, y - 5, 14, 10);
    context.stroke();
  } else if (color !== undefined) {
    context.fillStyle = color;
    context.strokeStyle = color;
    context.beginPath();
    context.arc(x + 8, y, swatch === 'heat-front' ? 2.5 : 4.5, 0, 2 * Math.PI);
    if (swatch === 'design-met' || swatch === 'heat-front') context.fill();
    context.stroke();
  } else return false;
  return true;
}

import type { ChartArea, Scale } from 'chart.js';
import type { DesignVerdict } from '../model/sweep/designs.ts';
import { rampColor, rampInk } from '../plots/ramp.ts';
import type { Palette } from '../plots/theme.ts';
import { withAlpha } from '../plots/theme.ts';

/** One cell of the grid. */
export interface HeatCell {
  readonly design: number;
  readonly column: number;
  readonly row: number;
  /** Position between the lowest and the highest value of the whole exploration, 0..1; NaN if there is no value. */
  readonly share: number;
  readonly text: string;
  readonly verdict: DesignVerdict;
  readonly front: boolean;
  readonly asWritten: boolean;
  /** Whether the filter includes it. */
  readonly included: boolean;
}

export interface HeatGrid {
  readonly context: CanvasRenderingContext2D;
  readonly area: ChartArea;
  readonly x: Scale;
  readonly y: Scale;
}

/** CSS pixels in the plot. */
export interface CellBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Whole pixels, so that neighbouring cells have no gap between them. */
export function cellBox(x: Scale, y: Scale, column: number, row: number): CellBox {
  const left = Math.round(x.getPixelForValue(column - 0.5));
  const right = Math.round(x.getPixelForValue(column + 0.5));
  const bottom = Math.round(y.getPixelForValue(row - 0.5));
  const top = Math.round(y.getPixelForValue(row + 0.5));
  return { left, top, width: right - left, height: bottom - top };
}

/** Smaller cells have no marks, CSS pixels. */
const smallestMark = 6;

/**
 * The colour is the measure, everything else is a shape: a cut corner for a violated objective, a folded corner for an undecided one, a dot for the
 * front, a frame for the design as written, hatching for a design without a value.
 */
export function paintHeat({ context, x, y }: HeatGrid, cells: readonly HeatCell[], palette: Palette): void {
  context.save();
  context.font = `${palette.fontSize}px ${palette.font}`;
  const widest = cells.reduce((most, cell) => Math.max(most, context.measureText(cell.text).width), 0);
  for (const cell of cells) {
    const box = cellBox(x, y, cell.column, cell.row);
    // A thin line of background between cells, if there is room.
    const gap = Math.min(box.width, box.height) > 8 ? 1 : 0;
    const inner = { left: box.left, top: box.top, width: box.width - gap, height: box.height - gap };
    if (Number.isNaN(cell.share)) {
      paintUnknown(context, inner, palette);
      continue;
    }
    context.globalAlpha = cell.included ? 1 : 0.25;
    context.fillStyle = rampColor(cell.share);
    context.fillRect(inner.left, inner.top, inner.width, inner.height);
    context.globalAlpha = 1;
    if (!cell.included) continue;
    const ink = rampInk(cell.share);
    if (Math.min(inner.width, inner.height) >= smallestMark) paintMarks(context, inner, cell, ink, palette);
    if (widest + 4 <= inner.width && inner.height >= palette.fontSize + 6) {
      context.fillStyle = ink;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText(cell.text, inner.left + inner.width / 2, inner.top + inner.height / 2 + 0.5);
    }
  }
  // Afterwards, because frames overlap neighbouring cells.
  for (const cell of cells) {
    if (!cell.asWritten) continue;
    const { left, top, width, height } = cellBox(x, y, cell.column, cell.row);
    context.lineWidth = 2;
    context.strokeStyle = palette.background;
    context.strokeRect(left + 2.5, top + 2.5, width - 6, height - 6);
    context.strokeStyle = palette.text;
    context.strokeRect(left + 0.5, top + 0.5, width - 2, height - 2);
  }
  context.restore();
}

function paintUnknown(context: CanvasRenderingContext2D, box: CellBox, palette: Palette): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = withAlpha(palette.muted, 0.5);
  context.lineWidth = 1;
  for (let offset = -box.height; offset < box.width; offset += 6) {
    context.beginPath();
    context.moveTo(box.left + offset, box.top + box.height);
    context.lineTo(box.left + offset + box.height, box.top);
    context.stroke();
  }
  context.restore();
}

function paintMarks(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: CellBox,
  { verdict, front }: HeatCell,
  ink: string,
  palette: Palette,
): void {
  const side = Math.min(width, height);
  if (verdict === 'violated' || verdict === 'undecided') {
    const size = Math.max(3, Math.min(10, side * 0.45));
    const corner = (cut: boolean) => {
      context.beginPath();
      context.moveTo(left + width - size, top);
      if (cut) context.lineTo(left + width, top);
      context.lineTo(left + width, top + size);
      if (cut) context.closePath();
    };
    if (verdict === 'violated') {
      context.fillStyle = palette.background;
      corner(true);
      context.fill();
    }
    context.strokeStyle = verdict === 'violated' ? palette.limit : ink;
    context.lineWidth = side < 14 ? 1 : verdict === 'violated' ? 2 : 1.25;
    corner(false);
    context.stroke();
  }
  if (front) {
    const radius = Math.max(1.25, Math.min(2.5, side * 0.15));
    context.fillStyle = ink;
    context.beginPath();
    context.arc(
      left + radius + 3.5 * (side / (side + 6)),
      top + radius + 3.5 * (side / (side + 6)),
      radius,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
}

import { stripesFill } from './charts/patterns.ts';
import type { SwatchName, SwatchShape } from './swatches.ts';
import { swatches, swatchHeight } from './swatches.ts';
import type { Palette } from './theme.ts';

/** Paints a swatch with its left edge at `x` and its middle at `y`. */
export function paintSwatch(
  context: CanvasRenderingContext2D,
  name: SwatchName,
  x: number,
  y: number,
  palette: Palette,
): void {
  const top = y - swatchHeight / 2;
  for (const shape of swatches[name].shapes) paintShape(context, shape, x, top, palette);
}

function paintShape(
  context: CanvasRenderingContext2D,
  shape: SwatchShape,
  left: number,
  top: number,
  palette: Palette,
): void {
  switch (shape.kind) {
    case 'line':
      context.strokeStyle = palette[shape.color];
      context.lineWidth = shape.width;
      context.setLineDash([...shape.dash]);
      tracePath(context, shape.points, left, top);
      context.stroke();
      context.setLineDash([]);
      return;
    case 'area':
      context.fillStyle =
        shape.stripes === null
          ? palette[shape.color]
          : stripesFill(context, palette[shape.color], palette.background, shape.stripes);
      context.globalAlpha = shape.alpha;
      tracePath(context, shape.points, left, top);
      context.closePath();
      context.fill();
      context.globalAlpha = 1;
      return;
    case 'disc':
      context.fillStyle = palette[shape.color];
      context.strokeStyle = palette[shape.color];
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(left + shape.center[0], top + shape.center[1], shape.radius, 0, 2 * Math.PI);
      context.globalAlpha = shape.alpha;
      if (shape.alpha > 0) context.fill();
      context.globalAlpha = 1;
      context.stroke();
      return;
    case 'step':
      context.fillStyle = shape.color;
      context.fillRect(left + shape.left, top + 1, shape.width, swatchHeight - 2);
  }
}

function tracePath(
  context: CanvasRenderingContext2D,
  points: readonly (readonly [x: number, y: number])[],
  left: number,
  top: number,
): void {
  context.beginPath();
  for (const [i, [x, y]] of points.entries()) {
    if (i === 0) context.moveTo(left + x, top + y);
    else context.lineTo(left + x, top + y);
  }
}

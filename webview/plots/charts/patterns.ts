import type { Activity } from '../../../protocol/index.ts';
import type { StripeDirection } from '../swatches.ts';
import type { Palette } from '../theme.ts';

export type Fill = string | CanvasPattern;

/** How each mode is filled, in every plot. Colour alone is not enough: burst has diagonal stripes, quantizing vertical ones. */
export function activityFills(context: CanvasRenderingContext2D, palette: Palette): Readonly<Record<Activity, Fill>> {
  return {
    idle: 'rgba(0, 0, 0, 0)',
    base: palette.base,
    burst: stripesFill(context, palette.burst, palette.background, 'diagonal'),
    quantizing: stripesFill(context, palette.quantizing, palette.background, 'vertical'),
    switching: palette.switching,
  };
}

/** How stripes look, wherever they are drawn: lines in the background's colour on a tile that repeats, CSS pixels. */
export const stripePatterns: Readonly<
  Record<StripeDirection, { readonly size: number; readonly path: string; readonly opacity: number }>
> = {
  diagonal: { size: 6, path: 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5', opacity: 0.4 },
  vertical: { size: 6, path: 'M1.5 0V6M4.5 0V6', opacity: 0.7 },
};

/** Making a pattern takes a browser milliseconds, so patterns are kept: one for each colour of a mode and each theme. */
const made = new Map<string, CanvasPattern>();
const mostMade = 16;

/** A colour with stripes over it. */
export function stripesFill(
  context: CanvasRenderingContext2D,
  color: string,
  background: string,
  direction: StripeDirection,
): Fill {
  const key = `${color} ${background} ${direction}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const { size, path, opacity } = stripePatterns[direction];
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const paint = tile.getContext('2d');
  if (paint === null) return color;
  paint.fillStyle = color;
  paint.fillRect(0, 0, size, size);
  paint.strokeStyle = background;
  paint.globalAlpha = opacity;
  paint.lineWidth = 1;
  paint.stroke(new Path2D(path));
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern === null) return color;
  facts.set(pattern, { color, background, direction });
  if (made.size >= mostMade) made.clear();
  made.set(key, pattern);
  return pattern;
}

/** What a pattern consists of: a CanvasPattern itself cannot be read. */
export interface PatternFacts {
  readonly color: string;
  readonly background: string;
  readonly direction: StripeDirection;
}

const facts = new WeakMap<object, PatternFacts>();

export function patternFacts(pattern: object): PatternFacts | undefined {
  return facts.get(pattern);
}

import type { Activity } from '../../protocol/index.ts';
import type { Palette } from '../theme.ts';

export type Fill = string | CanvasPattern;

/** How each mode is filled, in every plot. Colour is not the only carrier: burst is striped diagonally, quantizing vertically. */
export function activityFills(context: CanvasRenderingContext2D, palette: Palette): Readonly<Record<Activity, Fill>> {
  return {
    idle: 'rgba(0, 0, 0, 0)',
    base: palette.base,
    burst: stripes(context, palette.burst, palette.background, 'diagonal'),
    quantizing: stripes(context, palette.quantizing, palette.background, 'vertical'),
    switching: palette.switching,
  };
}

/** A pattern is made of a canvas, which takes a browser milliseconds; there are as many as colours of modes. */
const made = new Map<string, CanvasPattern>();
const mostMade = 16;

function stripes(
  context: CanvasRenderingContext2D,
  color: string,
  background: string,
  direction: 'diagonal' | 'vertical',
): Fill {
  const key = `${color} ${background} ${direction}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const paint = tile.getContext('2d');
  if (paint === null) return color;
  paint.fillStyle = color;
  paint.fillRect(0, 0, 6, 6);
  paint.strokeStyle = background;
  paint.globalAlpha = direction === 'diagonal' ? 0.4 : 0.7;
  paint.lineWidth = 1;
  paint.beginPath();
  if (direction === 'diagonal') {
    for (const offset of [-6, 0, 6]) {
      paint.moveTo(offset - 1, 7);
      paint.lineTo(offset + 7, -1);
    }
  } else {
    for (const x of [1.5, 4.5]) {
      paint.moveTo(x, 0);
      paint.lineTo(x, 6);
    }
  }
  paint.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern === null) return color;
  facts.set(pattern, { color, background, direction });
  if (made.size >= mostMade) made.clear();
  made.set(key, pattern);
  return pattern;
}

/** What a pattern is made of, for those who cannot look into it. */
export interface PatternFacts {
  readonly color: string;
  readonly background: string;
  readonly direction: 'diagonal' | 'vertical';
}

const facts = new WeakMap<object, PatternFacts>();

export function patternFacts(pattern: object): PatternFacts | undefined {
  return facts.get(pattern);
}

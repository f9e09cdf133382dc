import { describe, expect, it } from 'vitest';
import { paintHeading } from '../../../webview/export/picture.ts';
import { SvgContext } from '../../../webview/export/svg-context.ts';
import { lineDashes } from '../../../webview/plots/line-dashes.ts';
import { paintSwatch } from '../../../webview/plots/swatch-paint.ts';
import type { SwatchName } from '../../../webview/plots/swatches.ts';
import { swatches } from '../../../webview/plots/swatches.ts';
import type { Palette } from '../../../webview/plots/theme.ts';

/** Each colour is its own name, so that a failure shows the wrong colour. */
const palette: Palette = {
  text: 'text',
  muted: 'muted',
  grid: 'grid',
  background: 'background',
  base: 'base',
  burst: 'burst',
  switching: 'switching',
  quantizing: 'quantizing',
  limit: 'limit',
  good: 'good',
  undecided: 'undecided',
  font: 'sans',
  fontSize: 11,
};

/** Six pixels per character. */
const measure = { canvas: {}, font: '', measureText: (text: string) => ({ width: text.length * 6 }) };

function drawn(paint: (context: CanvasRenderingContext2D) => void): string {
  const context = new SvgContext(measure as unknown as CanvasRenderingContext2D, 'test');
  paint(context as unknown as CanvasRenderingContext2D);
  return context.elements().slice(1).join('\n');
}

/** Swatches with stripes need a browser's canvas. */
const plain = (Object.keys(swatches) as SwatchName[]).filter((name) => name !== 'burst' && name !== 'quantizing');

describe('swatches in exported pictures', () => {
  it.each<readonly [SwatchName, readonly RegExp[]]>([
    ['base-line', [/^<path d="M10 6L26 6" fill="none" stroke="base" .* stroke-dasharray="6 3"\/>$/]],
    ['limit', [/^<path d="M10 6L26 6" fill="none" stroke="limit" .* stroke-dasharray="6 3"\/>$/]],
    ['none', [/^$/]],
    ['point-base', [/A4 4 .* fill="base"/, /A4 4 .* stroke="base"/]],
    ['point-burst', [/d="M18 1.5L23 10.5L13 10.5Z" fill="burst"/, /stroke="burst"/]],
    ['design-undecided', [/^<path d="M18 1.5L23 10.5L13 10.5L18 1.5" fill="none" stroke="undecided"/]],
    ['heat-violated', [/fill="muted"/, /stroke="limit"/]],
  ])('paints %s as the page shows it', (name, expected) => {
    const svg = drawn((context) => paintSwatch(context, name, 10, 6, palette));
    for (const pattern of expected) expect(svg).toMatch(pattern);
  });

  it.each(plain)('paints %s within its own width', (name) => {
    const svg = drawn((context) => paintSwatch(context, name, 0, 6, palette));
    const columns = [...svg.matchAll(/[ML](-?[\d.]+) /g)].map(([, x]) => Number(x));
    expect(Math.min(0, ...columns)).toBeGreaterThanOrEqual(0);
    expect(Math.max(0, ...columns)).toBeLessThanOrEqual(swatches[name].width);
  });

  it('dashes a line in the legend as the plot does', () => {
    for (const name of Object.keys(lineDashes) as (keyof typeof lineDashes)[]) {
      const [line] = swatches[name].shapes;
      expect(line).toMatchObject({ kind: 'line', dash: lineDashes[name] });
    }
  });

  it('puts a ramp between its lowest and its highest value, and no mark before a value without a swatch', () => {
    const legend = [
      { key: 'ramp', label: '1 J', swatch: 'ramp', text: '2 J' },
      { key: 'energy', label: 'per request', swatch: 'none', text: '3 J' },
    ] as const;
    const svg = drawn((context) => paintHeading(context, { title: 'Title', legend }, 400, palette));
    const at = (text: string) => Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${text}<`).exec(svg)?.[1]);
    expect([at('1 J'), at('2 J'), at('per request 3 J')]).toEqual([8, 8 + 18 + 6 + 64 + 6, 8 + 18 + 64 + 18 + 12 + 16]);
    expect(svg.match(/<rect/g)).toHaveLength(64);
  });
});

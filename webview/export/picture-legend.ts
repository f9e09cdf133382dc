import type { LegendEntry } from '../plots/figures/legend.ts';
import { paintSwatch } from '../plots/swatch-paint.ts';
import type { SwatchName } from '../plots/swatches.ts';
import { swatches } from '../plots/swatches.ts';
import type { Palette } from '../plots/theme.ts';
import { fittedText } from './fitted-text.ts';

/* The legend of an exported picture, CSS pixels: the same swatches and the same order as in the page. */

export const legendMargin = 8;
const pieceGap = 6;
const entryGap = 16;

type Piece =
  | { readonly kind: 'words'; readonly words: string; readonly width: number }
  | { readonly kind: 'swatch'; readonly name: SwatchName; readonly width: number };

interface PlacedEntry {
  readonly pieces: readonly Piece[];
  readonly left: number;
}

/** The entries in as many rows as the width requires. The context must have its font. */
export function legendRows(
  context: CanvasRenderingContext2D,
  legend: readonly LegendEntry[],
  width: number,
): readonly (readonly PlacedEntry[])[] {
  const rows: PlacedEntry[][] = [];
  let left = Number.POSITIVE_INFINITY;
  for (const entry of legend) {
    const pieces = piecesOf(context, entry, width - 2 * legendMargin);
    const size = pieces.reduce((sum, piece) => sum + piece.width + pieceGap, 0);
    if (left + size > width) {
      rows.push([]);
      left = legendMargin;
    }
    rows.at(-1)?.push({ pieces, left });
    left += size + entryGap - pieceGap;
  }
  return rows;
}

/** The pieces of an entry that has at most `most` CSS pixels. The value stays whole; the label may be cut. */
function piecesOf(
  context: CanvasRenderingContext2D,
  { swatch, label, text }: LegendEntry,
  most: number,
): readonly Piece[] {
  const words = (written: string): readonly Piece[] =>
    written === '' ? [] : [{ kind: 'words', words: written, width: context.measureText(written).width }];
  const { width, between } = swatches[swatch];
  const drawn: readonly Piece[] = width === 0 ? [] : [{ kind: 'swatch', name: swatch, width }];
  const value = text === '' ? '' : ` ${text}`;
  const left = most - width - 2 * pieceGap - context.measureText(value).width;
  const shown = fittedText(context, label, Math.max(0, left));
  return between ? [...words(shown), ...drawn, ...words(text)] : [...drawn, ...words(`${shown}${value}`.trim())];
}

/** Paints one row with its middle at `y`. */
export function paintLegendRow(
  context: CanvasRenderingContext2D,
  row: readonly PlacedEntry[],
  y: number,
  palette: Palette,
): void {
  for (const { pieces, left } of row) {
    let x = left;
    for (const piece of pieces) {
      if (piece.kind === 'swatch') paintSwatch(context, piece.name, x, y, palette);
      else {
        context.fillStyle = palette.text;
        context.fillText(piece.words, x, y);
      }
      x += piece.width + pieceGap;
    }
  }
}

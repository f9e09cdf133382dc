import type { Shown } from '../shown.ts';
import type { Palette } from '../theme.ts';

/** A part of the panel that draws the shown results. */
export interface Figure {
  readonly element: HTMLElement;
  /** Other results, another choice or another theme. */
  readonly show: (shown: Shown, palette: Palette) => void;
  /** The window in time moved, and nothing else. */
  readonly move?: (shown: Shown, palette: Palette) => void;
  /** The shared cursor moved; null where it left. */
  readonly point?: (seconds: number | null) => void;
}

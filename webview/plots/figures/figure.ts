import type { Shown } from '../../model/shown.ts';
import type { Palette } from '../theme.ts';

/** A part of the panel that draws the shown results. */
export interface Figure {
  readonly element: HTMLElement;
  /** After new results, another choice or another theme. */
  readonly show: (shown: Shown, palette: Palette) => void;
  /** After a change of the time window only. */
  readonly move?: (shown: Shown, palette: Palette) => void;
  /** After a move of the shared cursor; null if there is none. */
  readonly point?: (seconds: number | null) => void;
}

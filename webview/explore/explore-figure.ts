import type { Origin } from '../../protocol/index.ts';
import type { Palette } from '../theme.ts';
import type { ExploreShown, ExploreView } from './explore-view.ts';

/** A plot or table of a sweep. One design is pointed at in all of them. */
export interface ExploreFigure {
  readonly element: HTMLElement;
  readonly show: (shown: ExploreShown, palette: Palette) => void;
  readonly point: (design: number | null) => void;
}

/** What the parts of a sweep's view can ask for. */
export interface ExploreActions {
  readonly pointed: () => number | null;
  /** null: nothing is pointed at, and what was chosen is shown again. */
  readonly point: (design: number | null, by: 'pointer' | 'key') => void;
  /** Stays pointed at; its line in the source is shown. */
  readonly choose: (design: number, origin: Origin) => void;
  readonly change: (view: Partial<ExploreView>) => void;
}

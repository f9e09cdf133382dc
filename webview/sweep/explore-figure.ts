import type { Origin } from '../../protocol/index.ts';
import type { ExploreShown, ExploreView } from '../model/sweep/explore-view.ts';
import type { Palette } from '../plots/theme.ts';

/** A plot or table of an exploration. All of them highlight the same design. */
export interface ExploreFigure {
  readonly element: HTMLElement;
  readonly show: (shown: ExploreShown, palette: Palette) => void;
  readonly point: (design: number | null) => void;
}

/** What the parts of an exploration can request. */
export interface ExploreActions {
  readonly pointed: () => number | null;
  /** null: no design is pointed at, and the chosen one is highlighted again. */
  readonly point: (design: number | null, by: 'pointer' | 'key') => void;
  /** Keeps the design highlighted, and shows its line in the source. */
  readonly choose: (design: number, origin: Origin) => void;
  readonly change: (view: Partial<ExploreView>) => void;
}

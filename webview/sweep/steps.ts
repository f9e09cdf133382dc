import type { ExploreActions } from './explore-figure.ts';

/** CSS pixels from the plot's corner. */
export interface PlacedDesign {
  readonly left: number;
  readonly top: number;
}

/** A plot of designs: the pointer finds the design under it, arrow keys step in both directions, Enter and click choose. */
export interface DesignSteps {
  readonly plot: HTMLElement;
  /** The designs that arrow keys step through, in the order of their positions. */
  readonly order: (direction: 'across' | 'up') => ArrayLike<number>;
  /** The next design on a grid. If undefined, `order` decides. */
  readonly next?: (from: number, direction: 'across' | 'up', by: 1 | -1) => number;
  readonly under: (left: number, top: number) => number | null;
  readonly choose: (design: number) => void;
}

export function bindDesignSteps(steps: DesignSteps, explore: ExploreActions): void {
  const { plot } = steps;
  plot.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    explore.point(steps.under(event.clientX - box.left, event.clientY - box.top), 'pointer');
  });
  plot.addEventListener('pointerleave', () => explore.point(null, 'pointer'));
  plot.addEventListener('click', () => {
    const design = explore.pointed();
    if (design !== null) steps.choose(design);
  });
  plot.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = explore.pointed();
    if (event.key === 'Enter') {
      if (from !== null) steps.choose(from);
    } else if (event.key === 'Escape') explore.point(null, 'key');
    else {
      const move = moves[event.key];
      if (move === undefined) return;
      const order = Array.from(steps.order(move.direction));
      const last = order.length - 1;
      if (last < 0) return;
      const at = from === null ? -1 : order.indexOf(from);
      const ends = { first: order[0] ?? null, last: order[last] ?? null };
      if (move.by === 'first' || move.by === 'last') explore.point(ends[move.by], 'key');
      else if (from === null || at < 0) explore.point(move.by > 0 ? ends.first : ends.last, 'key');
      else if (steps.next !== undefined) explore.point(steps.next(from, move.direction, move.by), 'key');
      else explore.point(order[Math.min(last, Math.max(0, at + move.by))] ?? null, 'key');
    }
    event.preventDefault();
  });
}

type Move = { readonly direction: 'across' | 'up'; readonly by: 1 | -1 | 'first' | 'last' };

const moves: Readonly<Record<string, Move>> = {
  ArrowRight: { direction: 'across', by: 1 },
  ArrowLeft: { direction: 'across', by: -1 },
  ArrowUp: { direction: 'up', by: 1 },
  ArrowDown: { direction: 'up', by: -1 },
  Home: { direction: 'across', by: 'first' },
  End: { direction: 'across', by: 'last' },
};

/** Distance at which the pointer still finds a point, CSS pixels. */
const reach = 24;

/** The design on the plot that is nearest to the pointer, within reach. */
export function nearestDesign(
  designs: ArrayLike<number>,
  place: (design: number) => PlacedDesign | undefined,
  left: number,
  top: number,
): number | null {
  let nearest: number | null = null;
  let distance = reach * reach;
  for (let i = 0; i < designs.length; i++) {
    const design = designs[i] ?? 0;
    const at = place(design);
    if (at === undefined) continue;
    const away = (at.left - left) ** 2 + (at.top - top) ** 2;
    if (away < distance) {
      distance = away;
      nearest = design;
    }
  }
  return nearest;
}

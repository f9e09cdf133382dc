/** A plot whose points have known positions: the pointer finds the nearest one, arrow keys step, Enter chooses. */
export interface Steps {
  readonly plot: HTMLElement;
  readonly count: () => number;
  /** CSS pixels from the plot's left edge. */
  readonly pixelOf: (index: number) => number;
  /** null: no point. */
  readonly point: (index: number | null, by: 'pointer' | 'key') => void;
  readonly choose: (index: number) => void;
}

export const stepKeys = 'ArrowLeft ArrowRight Home End Enter';

export function bindSteps(steps: Steps): void {
  const { plot } = steps;
  let current: number | null = null;
  const set = (index: number | null, by: 'pointer' | 'key') => {
    if (index === current) return;
    current = index;
    steps.point(index, by);
  };
  plot.addEventListener('pointermove', (event) => {
    const x = event.clientX - plot.getBoundingClientRect().left;
    let nearest: number | null = null;
    let distance = Number.POSITIVE_INFINITY;
    for (let index = 0; index < steps.count(); index++) {
      const away = Math.abs(steps.pixelOf(index) - x);
      if (away < distance) {
        distance = away;
        nearest = index;
      }
    }
    set(nearest, 'pointer');
  });
  plot.addEventListener('pointerleave', () => set(null, 'pointer'));
  plot.addEventListener('click', () => {
    if (current !== null) steps.choose(current);
  });
  plot.addEventListener('keydown', (event) => {
    const last = steps.count() - 1;
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next: Readonly<Record<string, number | null>> = {
      ArrowRight: current === null ? 0 : Math.min(last, current + 1),
      ArrowLeft: current === null ? last : Math.max(0, current - 1),
      Home: 0,
      End: last,
      Escape: null,
    };
    if (event.key === 'Enter' && current !== null) steps.choose(current);
    else if (event.key in next) set(next[event.key] ?? null, 'key');
    else return;
    event.preventDefault();
  });
}

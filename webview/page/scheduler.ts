/** How much of the panel must be drawn again: what the cursor is on, the time window, or everything. */
export type Work = 'point' | 'move' | 'show';

const order: readonly Work[] = ['point', 'move', 'show'];

/** Draws at most once per frame. Several requests for one frame become one: the most thorough of them. */
export function createScheduler(draw: (work: Work) => void): (work: Work) => void {
  let pending: Work | undefined;
  return (work) => {
    const isScheduled = pending !== undefined;
    if (pending === undefined || order.indexOf(work) > order.indexOf(pending)) pending = work;
    if (isScheduled) return;
    requestAnimationFrame(() => {
      const next = pending ?? work;
      pending = undefined;
      draw(next);
    });
  };
}

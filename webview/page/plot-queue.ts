import type { Shown } from '../model/shown.ts';
import type { Figure } from '../plots/figures/figure.ts';
import type { Palette } from '../plots/theme.ts';

/** Draws plots in the frames after the one that shows the verdicts, so that a person reads the verdicts first. */
export interface PlotQueue {
  /** Draws these plots in this order, from the next frame on. Plots of an earlier call that wait are dropped. */
  readonly show: (figures: readonly Figure[], shown: Shown, palette: Palette) => void;
  /** The plots that wait are drawn with this instead. */
  readonly update: (shown: Shown) => void;
  readonly isWaiting: (figure: Figure) => boolean;
  readonly clear: () => void;
}

/** A frame has 16 ms. Half of it is for layout and painting (our assumption). */
const frameMilliseconds = 8;

/** `drawn` is called when no plot waits any more. */
export function createPlotQueue(drawn: () => void): PlotQueue {
  let waiting: Figure[] = [];
  let current: { shown: Shown; readonly palette: Palette } | undefined;
  let frame = 0;

  function drawSome(): void {
    const began = performance.now();
    while (current !== undefined && waiting.length > 0) {
      // Removed first: a plot that fails must not stop those after it.
      waiting.shift()?.show(current.shown, current.palette);
      if (performance.now() - began > frameMilliseconds) break;
    }
  }

  function next(): void {
    try {
      drawSome();
    } finally {
      if (waiting.length > 0) frame = requestAnimationFrame(next);
      else drawn();
    }
  }

  return {
    show: (figures, shown, palette) => {
      cancelAnimationFrame(frame);
      waiting = [...figures];
      current = { shown, palette };
      frame = requestAnimationFrame(next);
    },
    update: (shown) => {
      if (current !== undefined) current.shown = shown;
    },
    isWaiting: (figure) => waiting.includes(figure),
    clear: () => {
      cancelAnimationFrame(frame);
      waiting = [];
    },
  };
}

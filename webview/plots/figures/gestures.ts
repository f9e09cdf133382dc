import { h } from '../../elements/dom.ts';
import type { Actions } from '../../model/actions.ts';
import type { TimeWindow } from '../../model/view-state.ts';
import { zoomWindow } from '../../model/view-state.ts';

/** What the gestures need from their plot. */
export interface GestureTarget {
  readonly plot: HTMLElement;
  /** Left and right edge of the chart area, CSS pixels from the plot's left edge. */
  readonly area: () => { readonly left: number; readonly right: number };
  /** The next point in a direction: the middle of a bucket or a segment. */
  readonly step: (fromSeconds: number, direction: 1 | -1) => number;
  /** Called on a click, with the pointer's position in CSS pixels of the plot, and on Enter, without one. */
  readonly choose: (seconds: number, point: { readonly x: number; readonly y: number } | undefined) => void;
}

/** Pointer and keys of every plot over time: drag to zoom, shift-drag or wheel to move, arrow keys to step. */
export function bindTimeGestures(target: GestureTarget, actions: Actions): void {
  bindPointer(target, actions);
  target.plot.addEventListener('keydown', (event) => {
    if (handleKey(event, target, actions)) event.preventDefault();
  });
}

const dragPixels = 4;

function bindPointer(target: GestureTarget, actions: Actions): void {
  const { plot } = target;
  const brush = h('div', { class: 'brush', hidden: true });
  plot.appendChild(brush);
  const secondsAt = (clientX: number): number | undefined => {
    const window = actions.window();
    if (window === undefined) return undefined;
    const { left, right } = target.area();
    const fraction = (clientX - plot.getBoundingClientRect().left - left) / Math.max(1, right - left);
    return window.startSeconds + Math.min(1, Math.max(0, fraction)) * (window.endSeconds - window.startSeconds);
  };
  let drag: { readonly x: number; readonly pan: boolean; readonly window: TimeWindow; moved: boolean } | undefined;

  plot.addEventListener('pointerdown', (event) => {
    const window = actions.window();
    if (event.button > 1 || window === undefined) return;
    drag = { x: event.clientX, pan: event.shiftKey || event.button === 1, window, moved: false };
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener('pointermove', (event) => {
    const seconds = secondsAt(event.clientX);
    if (seconds === undefined) return;
    if (drag === undefined) {
      actions.setCursor(seconds);
      return;
    }
    if (Math.abs(event.clientX - drag.x) >= dragPixels) drag.moved = true;
    if (!drag.moved) return;
    const { left, right } = target.area();
    if (drag.pan) {
      const span = drag.window.endSeconds - drag.window.startSeconds;
      const shift = ((drag.x - event.clientX) / Math.max(1, right - left)) * span;
      actions.setWindow({ startSeconds: drag.window.startSeconds + shift, endSeconds: drag.window.endSeconds + shift });
      return;
    }
    const origin = plot.getBoundingClientRect().left;
    const clip = (x: number) => Math.min(right, Math.max(left, x - origin));
    const [from, to] = [clip(drag.x), clip(event.clientX)].sort((a, b) => a - b);
    brush.hidden = false;
    brush.style.left = `${from ?? 0}px`;
    brush.style.width = `${(to ?? 0) - (from ?? 0)}px`;
  });
  const finish = (event: PointerEvent) => {
    brush.hidden = true;
    const ended = drag;
    drag = undefined;
    if (ended === undefined || event.type === 'pointercancel') return;
    const from = secondsAt(ended.x);
    const to = secondsAt(event.clientX);
    if (from === undefined || to === undefined) return;
    const box = plot.getBoundingClientRect();
    if (!ended.moved && event.altKey) actions.mark(to);
    else if (!ended.moved) target.choose(to, { x: event.clientX - box.left, y: event.clientY - box.top });
    else if (!ended.pan) actions.setWindow({ startSeconds: Math.min(from, to), endSeconds: Math.max(from, to) });
  };
  plot.addEventListener('pointerup', finish);
  plot.addEventListener('pointercancel', finish);
  plot.addEventListener('pointerleave', () => actions.setCursor(null));
  plot.addEventListener('dblclick', () => actions.setWindow(null));
  plot.addEventListener(
    'wheel',
    (event) => {
      const window = actions.window();
      const around = secondsAt(event.clientX);
      if (window === undefined || around === undefined) return;
      const { left, right } = target.area();
      const perPixel = (window.endSeconds - window.startSeconds) / Math.max(1, right - left);
      if (event.ctrlKey || event.metaKey) {
        actions.setWindow(zoomWindow(window, Math.exp(event.deltaY * 0.0025), around));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        actions.setWindow(shifted(window, (event.shiftKey ? event.deltaY : event.deltaX) * perPixel));
      } else {
        // A plain wheel scrolls the page.
        return;
      }
      event.preventDefault();
    },
    { passive: false },
  );
}

function shifted(window: TimeWindow, seconds: number): TimeWindow {
  return { startSeconds: window.startSeconds + seconds, endSeconds: window.endSeconds + seconds };
}

export const timeKeys = 'ArrowLeft ArrowRight Home End + - 0 Enter N P L K R M';

function handleKey(event: KeyboardEvent, target: GestureTarget, actions: Actions): boolean {
  const window = actions.window();
  if (window === undefined || event.ctrlKey || event.metaKey || event.altKey) return false;
  const span = window.endSeconds - window.startSeconds;
  const cursor = actions.cursor();
  const middle = cursor ?? (window.startSeconds + window.endSeconds) / 2;
  const moveTo = (seconds: number) => {
    // The window follows the cursor.
    if (seconds < window.startSeconds) actions.setWindow(shifted(window, seconds - window.startSeconds - span * 0.1));
    if (seconds > window.endSeconds) actions.setWindow(shifted(window, seconds - window.endSeconds + span * 0.1));
    actions.setCursor(seconds);
  };
  const step = (direction: 1 | -1) => {
    if (event.shiftKey) actions.setWindow(shifted(window, direction * span * 0.25));
    else
      moveTo(
        cursor === null
          ? direction > 0
            ? target.step(window.startSeconds, 1)
            : target.step(window.endSeconds, -1)
          : target.step(cursor, direction),
      );
  };
  switch (event.key) {
    case 'ArrowRight':
      step(1);
      return true;
    case 'ArrowLeft':
      step(-1);
      return true;
    case 'Home':
      moveTo(target.step(window.startSeconds, 1));
      return true;
    case 'End':
      moveTo(target.step(window.endSeconds, -1));
      return true;
    case '+':
    case '=':
      actions.setWindow(zoomWindow(window, 0.5, middle));
      return true;
    case '-':
      actions.setWindow(zoomWindow(window, 2, middle));
      return true;
    case '0':
    case 'Escape':
      actions.setWindow(null);
      return true;
    case 'Enter':
      target.choose(middle, undefined);
      return true;
    case 'r': {
      // About as precise as a pointer.
      const reach = span / 200;
      actions.showRequest({ startSeconds: middle - reach, endSeconds: middle + reach });
      return true;
    }
    case 'm':
      actions.mark(middle);
      return true;
    case 'n':
      actions.seek('switch', 1);
      return true;
    case 'p':
      actions.seek('switch', -1);
      return true;
    case 'l':
      actions.seek('late', 1);
      return true;
    case 'k':
      actions.seek('late', -1);
      return true;
    default:
      return false;
  }
}

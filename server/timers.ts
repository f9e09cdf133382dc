/** A timer of Node or of a browser. */
export type Timer = ReturnType<typeof setTimeout>;

/** A timer that does not keep a program of Node alive. In a browser, no timer does. */
export function unattended(timer: Timer): Timer {
  if (typeof timer === 'object') timer.unref();
  return timer;
}

/** Calls `act` after the messages that have arrived already. Browsers have no `setImmediate`. */
export const soon: (act: () => void) => void =
  typeof setImmediate === 'undefined' ? (act) => void setTimeout(act, 0) : (act) => void setImmediate(act);

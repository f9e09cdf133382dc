/**
 * The present, and a stretch of time that is about to be counted. The event loop's parts share one of these rather than pass times as
 * arguments: a number that is no small integer is boxed on the heap at each call that the engine does not inline, a field is not.
 */
export class Clock {
  now = 0;
  /** When the last request arrived so far. */
  lastArrival = 0;
  from = 0;
  to = 0;
}

/**
 * The current time, and the interval [from, to] that is to be counted next. The parts of the event loop share one clock
 * instead of passing times as arguments. V8 allocates an argument that is not a small integer on the heap at each call that
 * it does not inline. It does not allocate for a field.
 */
export class Clock {
  now = 0;
  /** The time of the latest arrival. */
  lastArrival = 0;
  from = 0;
  to = 0;
}

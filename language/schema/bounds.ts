/**
 * What a quantity can be worth, in SI units, both ends included. Wider than any machine, and narrow enough that no product or quotient of them
 * leaves the range of a double: every accepted value gives finite results. Our assumptions, all of them.
 */
export const bounds = {
  /** From a hand-clocked prototype to far above any transistor. */
  frequency: { minimum: 1e3, maximum: 1e12 },
  /** Operations or elements in a cycle. */
  perCycle: { minimum: 1e-3, maximum: 1e9 },
  /** A byte to a million terabytes. */
  bytes: { minimum: 1, maximum: 1e18 },
  bandwidth: { minimum: 1, maximum: 1e18 },
  /** A request in eleven days, to one a picosecond. */
  rate: { minimum: 1e-6, maximum: 1e12 },
  /** A picosecond to thirty years. */
  time: { minimum: 1e-12, maximum: 1e9 },
  /** A time, or cycles, that may be none at all. */
  pause: { minimum: 0, maximum: 1e9 },
  /** Seconds, or requests. */
  duration: { minimum: 1e-9, maximum: 1e12 },
  factor: { minimum: 1e-9, maximum: 1e9 },
  /** Of an operation, or of a byte. */
  energy: { minimum: 0, maximum: 1 },
  power: { minimum: 0, maximum: 1e9 },
} as const;

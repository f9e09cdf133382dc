/**
 * The range of each quantity in SI units, both ends included. The ranges are wider than any real machine, and narrow enough that no product or
 * quotient leaves the range of a double, so every accepted value gives finite results. All are our assumptions.
 */
export const bounds = {
  /** From a hand-clocked prototype to far beyond any transistor. */
  frequency: { minimum: 1e3, maximum: 1e12 },
  /** Operations or elements per cycle. */
  perCycle: { minimum: 1e-3, maximum: 1e9 },
  /** From one byte to a million terabytes. */
  bytes: { minimum: 1, maximum: 1e18 },
  bandwidth: { minimum: 1, maximum: 1e18 },
  /** From one request in eleven days to one per picosecond. */
  rate: { minimum: 1e-6, maximum: 1e12 },
  /** From a picosecond to thirty years. */
  time: { minimum: 1e-12, maximum: 1e9 },
  /** A time or a number of cycles that may be zero. */
  pause: { minimum: 0, maximum: 1e9 },
  /** Seconds, or requests. */
  duration: { minimum: 1e-9, maximum: 1e12 },
  /** Requests that wait at the same time: as many as a queue of the simulator keeps. */
  waiting: { minimum: 1, maximum: 2 ** 20 },
  factor: { minimum: 1e-9, maximum: 1e9 },
  /** Energy of one operation or one byte. */
  energy: { minimum: 0, maximum: 1 },
  power: { minimum: 0, maximum: 1e9 },
  /** Of one part: up to a square metre. */
  area: { minimum: 0, maximum: 1 },
  /** Up to a square metre for a byte. */
  areaPerByte: { minimum: 0, maximum: 1 },
  /** Up to 1 kW for a square millimetre. */
  powerPerArea: { minimum: 0, maximum: 1e9 },
} as const;

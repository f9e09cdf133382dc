import { traceMessages } from '../messages/index.ts';
import type { Finding } from './trace.ts';

const daySeconds = 86_400;
/** A time of day that is earlier than the one before it by more than this belongs to the next day. */
const halfDaySeconds = daySeconds / 2;
/** The largest disorder of rows around midnight. Our assumption: a log row is written within an hour. */
const disorderSeconds = 3600;

/** Counts the days of times of day, which start again at 0 at midnight. */
export class DayCount {
  private day = 0;
  private lastSeconds = Number.NEGATIVE_INFINITY;
  private firstLine = 0;

  /** `seconds`: the time of day since the first row, which is negative after midnight. Returns the seconds since the first row. */
  place(seconds: number, line: number): number {
    let placed = seconds + this.day * daySeconds;
    if (placed < this.lastSeconds - halfDaySeconds) {
      if (this.day++ === 0) this.firstLine = line;
      placed += daySeconds;
    }
    // The row is of the previous evening and was written after midnight.
    if (
      this.day > 0 &&
      placed > this.lastSeconds + halfDaySeconds &&
      placed - daySeconds >= this.lastSeconds - disorderSeconds
    )
      return placed - daySeconds;
    this.lastSeconds = placed;
    return placed;
  }

  finding(): Finding | undefined {
    if (this.day === 0) return undefined;
    return { message: traceMessages.midnight({ line: this.firstLine, days: this.day }), effect: { kind: 'any' } };
  }
}

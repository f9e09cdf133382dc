import { mapShared } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import type { Finding } from './trace.ts';

/**
 * Steps to an earlier time that `RowOrder` keeps. If a file has more of them, its rows are in no order, and it does not
 * consist of several recordings one after another. Our assumption.
 */
const mostRestarts = 64;

/** Compares each time with the one before it, and reports rows that are not in the order of their times. */
export class RowOrder {
  private lastSeconds = Number.NEGATIVE_INFINITY;
  private unsorted = 0;
  private firstUnsortedLine = 0;
  /** The deepest steps to an earlier time, the deepest first. */
  private readonly descents: { readonly depthSeconds: number; readonly line: number }[] = [];

  /** Counts a row. `seconds`: its time, since the first row. */
  add(seconds: number, line: number): void {
    if (seconds < this.lastSeconds) {
      if (this.unsorted++ === 0) this.firstUnsortedLine = line;
      this.keepDescent(this.lastSeconds - seconds, line);
    }
    this.lastSeconds = seconds;
  }

  /** Whether the last row of a file without a line break at its end has a time that was cut off: it is the only time that is too early. */
  isCut(seconds: number): boolean {
    return this.unsorted === 0 && seconds < this.lastSeconds;
  }

  /** The steps to an earlier time that are deeper than this; at most `mostRestarts` of them. */
  descentsDeeperThan(seconds: number): readonly { readonly depthSeconds: number; readonly line: number }[] {
    return this.descents.filter(({ depthSeconds }) => depthSeconds > seconds);
  }

  private keepDescent(depthSeconds: number, line: number): void {
    const { descents } = this;
    if (descents.length === mostRestarts && depthSeconds <= (descents.at(-1)?.depthSeconds ?? 0)) return;
    descents.push({ depthSeconds, line });
    descents.sort((a, b) => b.depthSeconds - a.depthSeconds);
    if (descents.length > mostRestarts) descents.pop();
  }

  /**
   * What the reader did with rows that are not in order; undefined if all are. `sorted`: all times, ascending.
   * A few steps back over more than half of the whole time mean several recordings in one file.
   */
  finding(sorted: Float64Array): Finding | undefined {
    if (this.unsorted === 0) return undefined;
    const span = (sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0);
    const restarts = this.descents.filter(({ depthSeconds }) => depthSeconds * 2 > span);
    if (restarts.length > 0 && restarts.length < mostRestarts && restarts.length * 20 < sorted.length) {
      const line = Math.min(...restarts.map((one) => one.line));
      return { message: traceMessages.restarts({ line, count: restarts.length }), effect: { kind: 'any' } };
    }
    return {
      message: traceMessages.unsorted({ line: this.firstUnsortedLine, count: this.unsorted }),
      effect: { kind: 'none' },
    };
  }
}

/** The rows in the order of their times; undefined if they are already in it. Rows with the same time keep the order of the file. */
export function sortedOrder(times: Float64Array): Uint32Array | undefined {
  if (isSorted(times)) return undefined;
  return Uint32Array.from(times, (_, row) => row).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
}

function isSorted(times: Float64Array): boolean {
  for (let row = 1; row < times.length; row++) if ((times[row] ?? 0) < (times[row - 1] ?? 0)) return false;
  return true;
}

/** The values of a column in the given order of the rows; the column itself if `order` is undefined. */
export function inOrder(values: Float64Array, order: Uint32Array | undefined): Float64Array {
  return order === undefined ? values : mapShared(values, (_, row) => values[order[row] ?? 0] ?? Number.NaN);
}

import { formatNumber, formatSeconds } from '../../protocol/index.ts';
import type { TimeWindow } from '../model/view-state.ts';

/** How a time axis labels its ticks: with one unit, and relative to an origin if the time window is far from the run's start. */
export interface TimeScale {
  readonly unit: string;
  readonly unitSeconds: number;
  /** 0, or the time to which the labels are relative. */
  readonly originSeconds: number;
}

export function timeScale(startSeconds: number, endSeconds: number): TimeScale {
  const span = endSeconds - startSeconds;
  const [unit, unitSeconds] =
    span >= 1 ? ['s', 1] : span >= 1e-3 ? ['ms', 1e-3] : span >= 1e-6 ? ['µs', 1e-6] : ['ns', 1e-9];
  // With more than four digits before the point, neighbouring labels are hard to distinguish.
  const originSeconds = startSeconds / span > 1000 ? startSeconds : 0;
  return { unit, unitSeconds, originSeconds };
}

/** Relative to the first tick. The window's start is rarely a round number, so labels relative to it would not be round either. */
export function countedFrom(scale: TimeScale, firstTickSeconds: number | undefined): TimeScale {
  if (scale.originSeconds === 0 || firstTickSeconds === undefined) return scale;
  return { ...scale, originSeconds: firstTickSeconds };
}

/** The origin's label is its absolute time: "20.755 s", "+5 ms", "+10 ms". */
export function tickText(seconds: number, scale: TimeScale): string {
  if (scale.originSeconds !== 0 && seconds === scale.originSeconds) return `${formatNumber(round(seconds), 12)} s`;
  const value = (seconds - scale.originSeconds) / scale.unitSeconds;
  const text = `${formatNumber(round(value), 6)} ${scale.unit}`;
  return scale.originSeconds === 0 ? text : `+${text}`;
}

/** Ticks are sums of steps, so they have rounding errors: 0.30000000000000004 is 0.3. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** The ends of a window of time and its length, which is the difference of the ends as they are written. */
export function windowText({ startSeconds, endSeconds }: TimeWindow): {
  readonly start: string;
  readonly end: string;
  readonly length: string;
} {
  const span = endSeconds - startSeconds;
  const [start, end] = [timeText(startSeconds, span), timeText(endSeconds, span)];
  return { start, end, length: formatSeconds(Number.parseFloat(end) - Number.parseFloat(start)) };
}

/** A time with enough digits for a time window: "13.2046 s". */
export function timeText(seconds: number, spanSeconds: number): string {
  if (spanSeconds <= 0) return `${formatNumber(seconds, 6)} s`;
  const decimals = Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(spanSeconds))));
  return `${seconds.toFixed(decimals)} s`;
}

import { formatNumber } from '../../protocol/index.ts';

/** How the ticks of a time axis are written: one unit for all, and a start to count from where the window is deep inside the run. */
export interface TimeScale {
  readonly unit: string;
  readonly unitSeconds: number;
  /** 0, or the time that the ticks count from. */
  readonly originSeconds: number;
}

export function timeScale(startSeconds: number, endSeconds: number): TimeScale {
  const span = endSeconds - startSeconds;
  const [unit, unitSeconds] =
    span >= 1 ? ['s', 1] : span >= 1e-3 ? ['ms', 1e-3] : span >= 1e-6 ? ['µs', 1e-6] : ['ns', 1e-9];
  // More than four digits before the unit's point no longer tell neighbouring ticks apart at a glance.
  const originSeconds = startSeconds / span > 1000 ? startSeconds : 0;
  return { unit, unitSeconds, originSeconds };
}

/** Counted from a tick, not from the window's start, which is seldom round: neither would the others be. */
export function countedFrom(scale: TimeScale, firstTickSeconds: number | undefined): TimeScale {
  if (scale.originSeconds === 0 || firstTickSeconds === undefined) return scale;
  return { ...scale, originSeconds: firstTickSeconds };
}

/** The tick that the others count from says where it is: "20.755 s", "+5 ms", "+10 ms". */
export function tickText(seconds: number, scale: TimeScale): string {
  if (scale.originSeconds !== 0 && seconds === scale.originSeconds) return `${formatNumber(round(seconds), 12)} s`;
  const value = (seconds - scale.originSeconds) / scale.unitSeconds;
  const text = `${formatNumber(round(value), 6)} ${scale.unit}`;
  return scale.originSeconds === 0 ? text : `+${text}`;
}

/** Ticks are sums of steps: 0.30000000000000004 is 0.3. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** A time with as many digits as tell it from its neighbours in a window: "13.2046 s". */
export function timeText(seconds: number, spanSeconds: number): string {
  if (spanSeconds <= 0) return `${formatNumber(seconds, 6)} s`;
  const decimals = Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(spanSeconds))));
  return `${seconds.toFixed(decimals)} s`;
}

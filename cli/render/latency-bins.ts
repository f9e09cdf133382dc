import { type Distribution, formatNumber } from '../../design/index.ts';

export interface HistogramBin {
  readonly fromSeconds: number;
  /** Infinity for the last bin, which contains all larger latencies. */
  readonly toSeconds: number;
  readonly fraction: number;
}

const mostBins = 14;

/** The share of requests at or below a latency. It is a step function, because it comes from a histogram. */
function fractionWithin(distribution: Distribution, seconds: number): number {
  let low = 0;
  let high = distribution.seconds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((distribution.seconds[middle] ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (distribution.fraction[low - 1] ?? 0);
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `value`. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 2, 2.5, 5]) if (factor * power >= value * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

function quantile(distribution: Distribution, fraction: number): number {
  const index = distribution.fraction.findIndex((each) => each >= fraction);
  return distribution.seconds[index < 0 ? distribution.seconds.length - 1 : index] ?? 0;
}

/**
 * Equal bins with a round width, from the fastest request to the 99.9th percentile or a little beyond `mark`. One more bin has all larger
 * latencies.
 */
export function histogramBins(distribution: Distribution, markSeconds: number | null): HistogramBin[] {
  if (distribution.seconds.length === 0) return [];
  const fastest = distribution.seconds[0] ?? 0;
  const tail = quantile(distribution, 0.999);
  // If the limit is far away, it would squeeze the distribution into one bin. Then the plot does not include the limit.
  const top = markSeconds !== null && markSeconds > tail && markSeconds < 2 * tail ? markSeconds * 1.001 : tail;
  if (!(top > 0)) return [];
  const step = niceStep(Math.max(top - fastest, top * 1e-3) / (mostBins - 1));
  const bins: HistogramBin[] = [];
  for (let index = Math.floor(fastest / step); index * step <= top; index++) {
    const fromSeconds = index * step;
    const toSeconds = (index + 1) * step;
    // The first bin includes its lower border. Every other bin starts above it.
    const below = bins.length === 0 ? 0 : fractionWithin(distribution, fromSeconds);
    bins.push({ fromSeconds, toSeconds, fraction: fractionWithin(distribution, toSeconds) - below });
  }
  const last = bins.at(-1);
  if (last !== undefined) {
    const above = 1 - fractionWithin(distribution, last.toSeconds);
    if (above > 1e-12) bins.push({ fromSeconds: last.toSeconds, toSeconds: Number.POSITIVE_INFINITY, fraction: above });
  }
  return bins;
}

const secondUnits: readonly (readonly [factor: number, unit: string])[] = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
];

/** The borders of the bins in one common unit, such as "12 – 14", and that unit. */
export function binLabels(bins: readonly HistogramBin[]): {
  readonly unit: string;
  readonly labels: readonly string[];
} {
  const largest = bins.reduce((most, bin) => Math.max(most, bin.fromSeconds), bins[0]?.toSeconds ?? 0);
  const [factor, unit] = secondUnits.find(([candidate]) => largest >= candidate) ?? [1e-9, 'ns'];
  const text = (seconds: number): string => formatNumber(seconds / factor, 4);
  return {
    unit,
    labels: bins.map((bin) =>
      Number.isFinite(bin.toSeconds)
        ? `${text(bin.fromSeconds)} – ${text(bin.toSeconds)}`
        : `above ${text(bin.fromSeconds)}`,
    ),
  };
}

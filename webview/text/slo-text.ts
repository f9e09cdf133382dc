import type { Bound, LatencyBreakdown, Slo, SloOutcome } from '../../protocol/index.ts';
import { bounds, formatNumber, formatPercent, formatRate, formatSeconds } from '../../protocol/index.ts';

/** "p99 latency", "mean latency", "goodput". */
export function sloName(slo: Slo): string {
  if (slo.metric !== 'latency') return slo.metric;
  const { statistic } = slo;
  if (statistic.kind === 'percentile') return `${percentileName(statistic.fraction)} latency`;
  return statistic.kind === 'max' ? 'largest latency' : 'mean latency';
}

/** 0.999 is "p99.9". */
export function percentileName(fraction: number): string {
  return `p${formatNumber(fraction * 100, 6)}`;
}

/** A value in the unit of the constraint. */
export function sloValue(slo: Slo, value: number): string {
  if (slo.metric === 'latency') return formatSeconds(value);
  return slo.metric === 'accuracy' ? formatPercent(value, 4) : formatRate(value);
}

/** "16 % over its 6 ms", "0.2 % below its 76.3 %", "71 % of room to its 15 ms". */
export function sloDistance(outcome: SloOutcome): string {
  const { slo, missFraction } = outcome;
  const limit = sloValue(slo, outcome.limit);
  const size = formatPercent(Math.abs(missFraction), 2);
  if (missFraction > 0) return `${size} ${slo.metric === 'latency' ? 'over' : 'short of'} its ${limit}`;
  return missFraction === 0 ? `exactly at its ${limit}` : `with ${size} of room to its ${limit}`;
}

const boundNames: Readonly<Record<Bound, string>> = {
  compute: 'layers bound by compute',
  vector: 'layers bound by the vector unit',
  vmem: 'layers bound by VMEM',
  cmem: 'layers bound by CMEM',
  hbm: 'layers bound by HBM',
  quantizer: 'layers bound by the quantizer',
};

/** One share of a latency. */
export interface BreakdownPart {
  readonly kind: 'queue' | 'batching' | 'switching' | Bound;
  readonly name: string;
  readonly seconds: number;
  /** Of the whole. */
  readonly fraction: number;
}

/** The parts of a latency that are not nothing, the largest first; they add up to the whole. */
export function breakdownParts(breakdown: LatencyBreakdown): readonly BreakdownPart[] {
  const parts: readonly (readonly [BreakdownPart['kind'], string, number])[] = [
    ['queue', 'waiting for the chip', breakdown.queueSeconds],
    ['batching', 'waiting for the batch to fill', breakdown.batchingSeconds],
    ['switching', 'mode changes', breakdown.switchSeconds],
    ...bounds.map((bound) => [bound, boundNames[bound], breakdown.serviceSecondsByBound[bound]] as const),
  ];
  const whole = parts.reduce((sum, [, , seconds]) => sum + seconds, 0);
  return parts
    .filter(([, , seconds]) => seconds > 0)
    .map(([kind, name, seconds]) => ({ kind, name, seconds, fraction: seconds / whole }))
    .sort((a, b) => b.seconds - a.seconds);
}

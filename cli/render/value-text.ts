import {
  formatNumber,
  formatPercent,
  formatRate,
  formatSeconds,
  type Slo,
  type SloOutcome,
} from '../../design/index.ts';

const mostDigits = 7;

/** A value of an SLO's metric, in its unit. */
export function sloValueText(slo: Slo, value: number, digits: number): string {
  if (slo.metric === 'latency') return formatSeconds(value, digits);
  if (slo.metric === 'accuracy') return formatPercent(value, digits);
  return formatRate(value, digits);
}

/** Three digits (accuracies four), and more where measured and limit would otherwise read the same and still differ: 15.002 ms misses 15 ms. */
export function comparedTexts(outcome: SloOutcome): {
  readonly measured: string;
  readonly limit: string;
  readonly digits: number;
} {
  const { slo, limit } = outcome;
  const { value } = outcome.measured;
  for (let digits = slo.metric === 'accuracy' ? 4 : 3; ; digits++) {
    const measured = sloValueText(slo, value, digits);
    const limitText = sloValueText(slo, limit, digits);
    if (measured !== limitText || value === limit || digits >= mostDigits)
      return { measured, limit: limitText, digits };
  }
}

/** Whole numbers, grouped: "12,544". */
export function countText(value: number): string {
  return formatNumber(Math.round(value));
}

import { assertNever, comparedTexts, type SloOutcome } from '../../design/index.ts';
import { roundDown, roundUp } from './rounding.ts';

/** The room between the measured value and a limit that is tried, as a fraction of the value. Our assumption. */
const rooms = [0.01, 0.03, 0.1, 0.3];

/** Limits that the measured value meets, the strictest first. The last two are met by its whole confidence interval. */
export function relaxedLimits({ slo, measured: { value, low, high } }: SloOutcome): readonly string[] {
  const interval = slo.metric === 'latency' ? Math.max(value, high) : Math.min(value, low);
  const wide = Number.isFinite(interval) && interval > 0 ? [interval] : [];
  switch (slo.metric) {
    case 'latency': {
      const all = [...rooms.map((room) => value * (1 + room)), ...wide, ...wide.map((seconds) => seconds * 1.1)];
      return [...new Set(all.sort((a, b) => a - b).map(durationAbove))];
    }
    case 'accuracy': {
      // A hundredth of the room: the values of interest are close to 100 %.
      const all = [...rooms.map((room) => value * (1 - room / 100)), ...wide];
      return [...new Set(all.sort((a, b) => b - a).map((one) => `${Math.floor(one * 1e4) / 100} %`))];
    }
    case 'throughput':
    case 'goodput': {
      const unit = slo.metric === 'throughput' && slo.of === 'tokens' ? 'tokens/s' : 'rps';
      const all = [...rooms.map((room) => value * (1 - room)), ...wide];
      return [...new Set(all.sort((a, b) => b - a).map((one) => `${roundDown(one)} ${unit}`))];
    }
    default:
      return assertNever(slo);
  }
}

/** The measured value of a relaxed objective, with enough digits to differ from the limit that it did not meet. */
export function measuredBeside(met: SloOutcome, { limit }: SloOutcome): string {
  return comparedTexts({ ...met, limit }).measured;
}

function durationAbove(seconds: number): string {
  const [factor, unit] = seconds >= 1 ? [1, 's'] : seconds >= 1e-3 ? [1e3, 'ms'] : [1e6, 'us'];
  return `${roundUp(seconds * factor)} ${unit}`;
}

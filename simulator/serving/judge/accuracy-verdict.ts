import type { Slo, SloOutcome } from '../../../design/index.ts';
import { BURST, FINISHED } from '../record/serve-recorder.ts';
import { asFarAsObserved, compare, type Judgement, outcome, wideningOf } from './judgement.ts';
import { slotSums, total } from './measured-part.ts';
import type { MeasuredServe } from './measured-serve.ts';
import { queueGrows } from './queue-growth.ts';
import { inflationOf, proportionRange, type Range, ratioEstimate } from './statistics.ts';

/** The verdict on an objective for the accuracy. */
export function judgeAccuracy(slo: Extract<Slo, { metric: 'accuracy' }>, measured: MeasuredServe): SloOutcome {
  const { value, range, judgement } = servedAccuracy(slo.limit, measured);
  return outcome(slo, judgement, value, range, slo.limit, measured, (slo.limit - value) / slo.limit, null);
}

/**
 * The served accuracy is a mixture of two accuracies. So its interval follows from the share of requests that ran in
 * burst mode.
 */
export function servedAccuracy(
  limit: number,
  measured: MeasuredServe,
): { value: number; range: Range; judgement: Judgement } {
  const { serve, recorder, part, confidence } = measured;
  const finished = slotSums(recorder, part, FINISHED);
  const count = total(finished);
  const { accuracy } = serve;
  if (accuracy === null || count === 0) {
    return { value: Number.NaN, range: { low: Number.NaN, high: Number.NaN }, judgement: 'unmeasured' };
  }
  const share = ratioEstimate(slotSums(recorder, part, BURST), finished);
  const burst = accuracy.burst ?? (share.value > 0 ? Number.NaN : accuracy.base);
  let shares: Range = { low: share.value, high: share.value };
  if (measured.burst === 'sometimes') {
    const inflation = inflationOf(share, count);
    const tail = measured.histogram.inflation(0.99).inflation;
    const used = Number.isNaN(inflation) ? (Number.isNaN(tail) ? 1 : tail) : inflation;
    const { low } = proportionRange(share.value, count, used, share.degrees, confidence);
    const wider = wideningOf(measured.observations);
    const widened = Math.max(1, used) * wider * wider;
    shares = { low, high: proportionRange(share.value, count, widened, share.degrees, confidence).high };
  }
  const at = (fraction: number) => accuracy.base + (burst - accuracy.base) * fraction;
  const range = { low: Math.min(at(shares.low), at(shares.high)), high: Math.max(at(shares.low), at(shares.high)) };
  const value = at(share.value);
  const seen = measured.burst === 'sometimes' ? measured.observations.noUpperEnd() : null;
  const judgement = asFarAsObserved(compare(range, limit, 'at least'), seen);
  // If the queue grows, the policy never returns to base mode for longer. So an accuracy below the limit stays below it.
  const lasts =
    judgement !== 'met' && judgement !== 'violated' && value < limit && accuracy.base >= limit && queueGrows(measured);
  return { value, range, judgement: lasts ? 'violated' : judgement };
}

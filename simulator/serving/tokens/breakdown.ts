import type { LatencyBreakdown, TokenTime } from '../../../design/index.ts';
import { zeroBreakdown } from '../result/latency-breakdown.ts';
import type { TokenRun } from './measure.ts';
import { tpotOf } from './replay.ts';

/**
 * The mean parts of a latency, a time to first token or a time per token, of the measured requests. `limitSeconds`: only of the
 * requests above it, if there are any.
 */
export function breakdownOf(run: TokenRun, of: TokenTime | undefined, limitSeconds: number): LatencyBreakdown {
  const late = partsOf(run, of, limitSeconds);
  if (late !== null) return { ...late, ofLate: true };
  return partsOf(run, of, Number.NEGATIVE_INFINITY) ?? zeroBreakdown;
}

function partsOf(
  { times, outputTokens, part, recorders }: TokenRun,
  of: TokenTime | undefined,
  above: number,
): LatencyBreakdown | null {
  const { arrival, admitted, first, last } = times;
  let count = 0;
  let queueSeconds = 0;
  let prefillSeconds = 0;
  let decodeSeconds = 0;
  for (let r = 0; r < arrival.length; r++) {
    const [arrived, start, one, end] = [
      arrival[r] ?? Number.NaN,
      admitted[r] ?? Number.NaN,
      first[r] ?? Number.NaN,
      last[r] ?? Number.NaN,
    ];
    const counted = of === 'ttft' ? one : end;
    if (!(counted >= part.warmupSeconds) || arrived < recorders.latency.countsFromSeconds) continue;
    const value = of === 'tpot' ? tpotOf(times, outputTokens, r) : counted - arrived;
    if (!(value > above)) continue;
    count++;
    if (of === 'tpot') {
      decodeSeconds += value;
      continue;
    }
    queueSeconds += start - arrived;
    prefillSeconds += one - start;
    if (of === undefined) decodeSeconds += end - one;
  }
  if (count === 0) return null;
  return {
    ...zeroBreakdown,
    queueSeconds: queueSeconds / count,
    steps: { prefillSeconds: prefillSeconds / count, decodeSeconds: decodeSeconds / count },
  };
}

import { assertNever, type LatencyBreakdown, type Slo, type SloOutcome } from '../../../design/index.ts';
import { judgeAccuracy } from './accuracy-verdict.ts';
import { judgeLatency } from './latency-verdict.ts';
import type { MeasuredServe } from './measured-serve.ts';
import { judgeRate } from './rate-verdict.ts';

/** The verdict on one objective of traffic that is at least partly random. Recorded traffic: see `judgeRecording`. */
export function judge(slo: Slo, measured: MeasuredServe, breakdown: () => LatencyBreakdown): SloOutcome {
  switch (slo.metric) {
    case 'latency':
      return judgeLatency(slo, measured, breakdown);
    case 'accuracy':
      return judgeAccuracy(slo, measured);
    case 'throughput':
    case 'goodput':
      return judgeRate(slo, measured);
    default:
      return assertNever(slo);
  }
}

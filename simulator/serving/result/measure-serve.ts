import type { Forecast } from '../judge/forecast.ts';
import { LatencyHistogram } from '../judge/latency-histogram.ts';
import { type MeasuredPart, measuredPart } from '../judge/measured-part.ts';
import type { MeasuredServe } from '../judge/measured-serve.ts';
import { observationsOf } from '../judge/observations.ts';
import { SLOTS } from '../record/buckets.ts';
import { LATENCY, type ServeRecorder, SUMS } from '../record/serve-recorder.ts';
import type { ServeState } from '../state/serve-state.ts';
import { ALWAYS, NEVER, type Simulation } from '../state/simulation.ts';

/** One check of the verdicts, during a run or at its end. */
export interface VerdictCheck {
  readonly confidence: number;
  readonly ended: boolean;
  /** For each serve. */
  readonly forecasts: readonly Forecast[];
}

/** The part of the run that the statistics of one serve include: the run after its warm-up. */
function ownPart(sim: Simulation, serve: number, { endSeconds, bucketSeconds }: MeasuredPart): MeasuredPart {
  const state = sim.serves[serve] as ServeState;
  return measuredPart(endSeconds, bucketSeconds, [state], sim.warmupFraction, sim.periodSeconds);
}

/** Collects what the verdicts on the objectives of one serve depend on. */
export function measureServe(sim: Simulation, serve: number, run: MeasuredPart, check: VerdictCheck): MeasuredServe {
  const state = sim.serves[serve] as ServeState;
  const { recorder } = state;
  const part = ownPart(sim, serve, run);
  const input = sim.input.serves[serve] as Simulation['input']['serves'][number];
  const forecast = check.forecasts[serve] as Forecast;
  const measuredSeconds = part.endSeconds - part.warmupSeconds;
  return {
    serve: input,
    recorder,
    part,
    histogram: new LatencyHistogram(recorder, part),
    overdue: (limit) => overdueRequests(sim, state, limit, part.endSeconds),
    deadlineSeconds: state.deadlineSeconds,
    burst: sim.policy === NEVER ? 'never' : sim.policy === ALWAYS ? 'always' : 'sometimes',
    confidence: check.confidence,
    statedConfidence: sim.input.confidence,
    ended: check.ended,
    observations: observationsOf(forecast, measuredSeconds),
    overload: forecast.overload,
    peak: forecast.peak,
    // The first period can leave work for the second one. With less work than time, the second one leaves no more than that.
    endless: 2 * forecast.repeatSeconds > measuredSeconds,
    serviceSeconds: meanServiceSeconds(recorder),
  };
}

/** The mean time from the start of a batch to its end, over the requests of the whole run, in seconds. */
function meanServiceSeconds(recorder: ServeRecorder): number {
  let latency = 0;
  for (let slot = 0; slot < SLOTS; slot++) latency += recorder.sums[slot * SUMS + LATENCY] as number;
  const { totalFinished } = recorder;
  return totalFinished === 0 ? 0 : Math.max(0, (latency - recorder.totalWaitSeconds) / totalFinished);
}

/** The number of unfinished requests that already exceed a limit, so they will be late. */
function overdueRequests(sim: Simulation, serve: ServeState, limit: number, now: number): number {
  const { queue } = serve;
  let overdue = 0;
  while (overdue < queue.length && now - queue.arrivalAt(overdue) > limit) overdue++;
  for (const batch of sim.batches.all) {
    if (batch.serve !== serve) continue;
    for (let i = 0; i < batch.size; i++) {
      if (now - (batch.requests[i] as number) > limit) overdue++;
    }
  }
  return overdue;
}

import { type Bound, bounds, type LatencyBreakdown } from '../../../design/index.ts';
import { type MeasuredPart, slotSums, total } from '../judge/measured-part.ts';
import {
  BATCHING,
  FINISHED,
  LATE,
  LATE_BATCHING,
  LATE_LATENCY,
  LATE_SERVICE,
  LATE_SWITCHING,
  LATENCY,
  SERVICE,
  SWITCHING,
} from '../record/serve-recorder.ts';
import type { ServeState } from '../state/serve-state.ts';
import type { Simulation } from '../state/simulation.ts';

/** The breakdown of a serve without finished requests. */
export const zeroBreakdown: LatencyBreakdown = {
  queueSeconds: 0,
  batchingSeconds: 0,
  switchSeconds: 0,
  serviceSecondsByBound: { compute: 0, vector: 0, vmem: 0, cmem: 0, hbm: 0, quantizer: 0, dispatch: 0 },
};

/** The relative rounding error of a sum over a million requests. */
const sumError = 1e-12;

/**
 * The rounding error of a latency, relative to the time of the clock. A latency is the difference of two rounded times.
 */
const clockError = 2 * Number.EPSILON;

/** The mean parts of the latency of a measured request. With `lateOnly`, only of the late requests, if there are any. */
export function breakdownOf(sim: Simulation, serve: number, part: MeasuredPart, lateOnly: boolean): LatencyBreakdown {
  const recorder = (sim.serves[serve] as ServeState).recorder;
  const sum = (kind: number) => total(slotSums(recorder, part, kind));
  const late = lateOnly && sum(LATE) > 0;
  const count = sum(late ? LATE : FINISHED);
  if (count === 0) return zeroBreakdown;
  const profiles = late ? recorder.lateProfileRequests : recorder.profileRequests;
  const first = sim.profiles.profile(serve, 1, 0);
  const service = new Float64Array(bounds.length);
  for (let bound = 0; bound < bounds.length; bound++) {
    let seconds = sum((late ? LATE_SERVICE : SERVICE) + bound);
    for (let profile = 0; profile < recorder.profiles; profile++) {
      let requests = 0;
      for (let slot = part.firstSlot; slot < part.endSlot; slot++) {
        requests += profiles[slot * recorder.profiles + profile] as number;
      }
      if (requests > 0) {
        seconds += requests * (sim.profiles.boundSeconds[(first + profile) * bounds.length + bound] as number);
      }
    }
    service[bound] = seconds / count;
  }
  const batchingSeconds = sum(late ? LATE_BATCHING : BATCHING) / count;
  const switchSeconds = sum(late ? LATE_SWITCHING : SWITCHING) / count;
  const latency = sum(late ? LATE_LATENCY : LATENCY) / count;
  // The rest of the latency is queueing. If no request queued, rounding must not leave a tiny or negative time.
  const left = latency - batchingSeconds - switchSeconds - total(service);
  const queueSeconds = left > latency * sumError + part.endSeconds * clockError ? left : 0;
  const serviceSecondsByBound = Object.fromEntries(bounds.map((bound, i) => [bound, service[i] as number])) as Record<
    Bound,
    number
  >;
  const { memories } = sim.input;
  return {
    queueSeconds,
    batchingSeconds,
    switchSeconds,
    serviceSecondsByBound,
    ...(memories === undefined ? {} : { memories }),
    ...(late ? { ofLate: true } : {}),
  };
}

import { type Caveat, traceCutText } from '../../../design/index.ts';
import { type MeasuredPart, slotTotals, total } from '../judge/measured-part.ts';
import type { ServeState } from '../state/serve-state.ts';
import type { Simulation } from '../state/simulation.ts';
import { recordedRate } from '../traffic/recording.ts';
import { warmupArrivals } from '../traffic/warmup.ts';

/* The offered load of a run, and the part of its traces that it replayed. */

/**
 * Arrivals per second, until the last arrival. The time after it, in which the run only empties its queue, does not
 * count.
 */
export function offeredRps(sim: Simulation, serve: number, part: MeasuredPart): number {
  const { recorder } = sim.serves[serve] as ServeState;
  const { arrivals } = sim.input.serves[serve] as Simulation['input']['serves'][number];
  const { totalArrived } = recorder;
  const leftOut = warmupArrivals(sim.input, arrivals);
  const arrived = leftOut === null ? total(slotTotals(recorder.arrived, part)) : Math.max(0, totalArrived - leftOut);
  if (arrivals.kind === 'trace') {
    const rate = recordedRate(arrivals.timesSeconds, totalArrived - arrived, totalArrived);
    if (!Number.isNaN(rate)) return rate;
  }
  const seconds = arrivalsEndSeconds(sim) - part.warmupSeconds;
  return arrived / (seconds > 0 ? seconds : part.endSeconds - part.warmupSeconds);
}

/** The time of the last arrival if the run continued after it, otherwise the end of the run. */
function arrivalsEndSeconds(sim: Simulation): number {
  for (let s = 0; s < sim.serves.length; s++) {
    if (sim.events.seconds[s] !== Number.POSITIVE_INFINITY) return sim.clock.now;
  }
  return sim.clock.lastArrival;
}

/** One caveat for each trace of which the run replayed only the beginning. */
export function cutTraces(sim: Simulation): Caveat[] {
  return sim.input.serves.flatMap(({ name, arrivals }, serve): Caveat[] => {
    if (arrivals.kind !== 'trace') return [];
    const { recorder } = sim.serves[serve] as ServeState;
    const rows = arrivals.timesSeconds.length;
    const missing = rows - recorder.totalArrived;
    if (missing <= 0) return [];
    const open = recorder.totalArrived - recorder.totalFinished - recorder.totalLeftOut - recorder.totalDropped;
    const { path } = arrivals;
    const text = traceCutText({ replayed: recorder.totalArrived, total: rows, path, serve: name, unfinished: open });
    return [
      { code: 'trace-cut', origin: arrivals.origin, text, effect: { kind: 'more-requests', count: missing + open } },
    ];
  });
}

import type { RunChips, RunResult } from '../../../design/index.ts';
import type { MeasuredPart } from '../judge/measured-part.ts';
import { type ChipKind, totalStaticWatts } from '../kinds.ts';
import type { Simulation } from '../state/simulation.ts';
import { dynamicJoules } from './energy.ts';
import type { VerdictCheck } from './measure-serve.ts';
import { cutTraces } from './replay.ts';
import { type ResultOptions, serveResult } from './serve-result.ts';
import { bucketCount } from './serve-series.ts';
import { wattsSlots } from './slot-columns.ts';

/** The result of a run that has ended. */
export function runResult(
  sim: Simulation,
  part: MeasuredPart,
  check: VerdictCheck,
  bucketSeconds: number,
  options: ResultOptions,
): RunResult {
  const { input } = sim;
  const { measuresOnly = false } = options;
  const seconds = part.endSeconds;
  const buckets = measuresOnly ? 0 : bucketCount(seconds, bucketSeconds);
  const serves = input.serves.map((_, serve) => serveResult(sim, serve, part, check, bucketSeconds, options));
  const staticWatts = totalStaticWatts(input);
  let watts: number | null = null;
  if (staticWatts !== null && sim.profiles.hasEnergy && seconds > part.warmupSeconds) {
    let joules = 0;
    for (let serve = 0; serve < sim.serves.length; serve++) joules += dynamicJoules(sim, serve, part);
    watts = staticWatts + joules / (seconds - part.warmupSeconds);
  }
  return {
    label: input.label,
    npu: input.npuName,
    ...(input.kinds === undefined ? {} : { kinds: input.kinds.map(chipsOf) }),
    scheduler: input.schedulerName,
    seed: input.seed,
    seconds,
    warmupSeconds: part.warmupSeconds,
    serves,
    timeline: sim.timeline.result(seconds, buckets),
    series: { buckets, bucketSeconds },
    averageWatts: watts,
    caveats: cutTraces(sim),
    ...(input.area === undefined || input.kinds !== undefined ? {} : { area: input.area }),
    ...(watts === null || staticWatts === null || measuresOnly
      ? {}
      : { wattsOverTime: wattsSlots(sim, part, bucketSeconds, staticWatts) }),
  };
}

function chipsOf({ npuName, chips, area }: ChipKind): RunChips {
  return { npu: npuName, chips, ...(area === undefined ? {} : { area }) };
}

import type { RunResult, SlotColumn } from '../../../design/index.ts';
import type { SequenceRun } from '../../sequences/index.ts';
import type { RunInput, StepsInput } from '../input.ts';
import type { MeasuredPart } from '../judge/measured-part.ts';
import { joulesBetween } from './token-series.ts';

/** The power of a run of a language model: the energy of its steps by time, and static power. null: the chip has no figure for some of it. */
export function averageWatts(input: RunInput, steps: StepsInput, run: SequenceRun, part: MeasuredPart): number | null {
  const { staticWatts } = input;
  const seconds = part.endSeconds - part.warmupSeconds;
  if (staticWatts === null || steps.energy === undefined || !(seconds > 0)) return null;
  return staticWatts * input.chips + joulesBetween(run, part.warmupSeconds, part.endSeconds) / seconds;
}

/** The power in each bucket of the run. */
export function wattsOverTime(
  { staticWatts, chips }: RunInput,
  run: SequenceRun,
  endSeconds: number,
  buckets: number,
  bucketSeconds: number,
): Pick<RunResult, 'wattsOverTime'> {
  const values = Float64Array.from({ length: buckets }, (_, bucket) => {
    const from = bucket * bucketSeconds;
    const to = Math.min(endSeconds, from + bucketSeconds);
    return (staticWatts ?? 0) * chips + joulesBetween(run, from, to) / (to - from);
  });
  const column: SlotColumn = { slotSeconds: bucketSeconds, values };
  return { wattsOverTime: column };
}

import { type Arrivals, sharedFloats } from '../../../design/index.ts';
import type { RandomStream } from './random.ts';
import type { Trace } from './recording.ts';

/** The recording whose clock has the largest step. undefined: no step is known. */
export function coarsestOf(all: readonly Arrivals[]): (Trace & { readonly stepSeconds: number }) | undefined {
  let coarsest: (Trace & { readonly stepSeconds: number }) | undefined;
  for (const arrivals of all) {
    if (arrivals.kind !== 'trace' || arrivals.stepSeconds === undefined) continue;
    const { stepSeconds } = arrivals;
    if (stepSeconds > (coarsest?.stepSeconds ?? 0)) coarsest = { ...arrivals, stepSeconds };
  }
  return coarsest;
}

/** A recording with each request at a random time within the step of its clock. */
export function withinStep(trace: Trace, random: RandomStream): Trace {
  const { timesSeconds, stepSeconds } = trace;
  if (stepSeconds === undefined) return trace;
  const moved = sharedFloats(timesSeconds.length);
  let isSorted = true;
  for (let row = 0; row < moved.length; row++) {
    moved[row] = (timesSeconds[row] as number) + stepSeconds * random.uniform();
    if (row > 0 && (moved[row] as number) < (moved[row - 1] as number)) isSorted = false;
  }
  if (!isSorted) moved.sort();
  return { ...trace, timesSeconds: moved };
}

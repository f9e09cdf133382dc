import {
  affectsServe,
  type Caveat,
  formatSeconds,
  isAccepted,
  type RunResult,
  type Slo,
  type SloOutcome,
  staysInOneMode,
} from '../../../design/index.ts';
import type { RunInput } from '../input.ts';
import { studentQuantile } from '../judge/statistics.ts';
import { coarsestOf, withinStep } from '../traffic/clock-step.ts';
import { RandomStream } from '../traffic/random.ts';

/*
 * A recording states the time of a request only to one step of its clock. A clock with a step as long as a request hides all waiting. Where the step
 * could change a verdict, the recording is replayed with each request at a random time within its step. If these replays do not show clearly that the verdict is
 * the same, the result has a caveat.
 */

/** The share of its limit that a step can have where no bound of its effect is known. Our assumption. */
const smallShare = 0.01;
/** The accuracy of a percentile, as a share of its limit, rounded up. */
const percentileRounding = 0.005;
/** Replays after which a verdict is certain if its limit is this many times as far away as they differ. Our assumption. */
const fewReplays = 3;
const farAway = 5;
const mostReplays = 8;
/** Streams of random numbers that no traffic uses. */
const firstStream = 0x5745;

/** An objective whose verdict the step of a clock could change. */
interface Doubt {
  readonly serve: number;
  readonly slo: number;
  readonly values: number[];
  readonly outcome: SloOutcome;
}

/** Replays a changed input. undefined: cancelled. */
type Replay = (input: RunInput) => RunResult | undefined;

/** The caveats of clocks whose steps could change a verdict of a run. undefined: cancelled. */
export function clockCaveats(ran: RunResult, input: RunInput, replay: Replay): readonly Caveat[] | undefined {
  const coarsest = coarsestOf(input.serves.map(({ arrivals }) => arrivals));
  if (coarsest === undefined) return [];
  const step = coarsest.stepSeconds;
  const isOpen = (serve: string) =>
    [...ran.caveats, ...(input.caveats ?? [])].some(
      (caveat) => caveat.effect.kind === 'any' && !isAccepted(input.accepts, caveat) && affectsServe(caveat, serve),
    );
  let doubts = ran.serves.flatMap(({ name, slos }, serve) =>
    slos.flatMap((outcome, slo): Doubt[] =>
      isOpen(name) || !isSensitive(outcome, slos, input, step)
        ? []
        : [{ serve, slo, outcome, values: [outcome.measured.value] }],
    ),
  );
  const changed: Doubt[] = [];
  for (let count = 1; count <= mostReplays && doubts.length > 0; count++) {
    const moved = replay(movedInput(input, count));
    if (moved === undefined) return undefined;
    doubts = doubts.filter((doubt) => {
      const again = moved.serves[doubt.serve]?.slos[doubt.slo];
      const differs = again?.verdict !== doubt.outcome.verdict;
      doubt.values.push(again?.measured.value ?? Number.NaN);
      if (differs || (count === mostReplays && !isClear(doubt, input.confidence))) changed.push(doubt);
      return !(differs || (count >= fewReplays && isFar(doubt)));
    });
  }
  return changed.length === 0 ? [] : [caveatOf(changed, ran, coarsest)];
}

/** Whether other arrivals within a step could change a verdict. */
function isSensitive(outcome: SloOutcome, slos: readonly SloOutcome[], input: RunInput, step: number): boolean {
  const { slo, verdict, overload, measured } = outcome;
  if (verdict === 'undecided' || overload !== undefined || slo.metric === 'throughput') return false;
  if (slo.metric === 'accuracy' && staysInOneMode(input)) return false;
  if (slo.metric !== 'latency') {
    const limits = slos.flatMap(({ slo: other }) => (other.metric === 'latency' ? [other.limitSeconds] : []));
    return step > smallShare * Math.min(...limits);
  }
  const { limitSeconds } = slo;
  // With one queue in the order of arrival and equal service times, a request ends later by at most the step, and it arrives later by at most
  // the step: its latency changes by at most one step.
  const near = Math.abs(measured.value - limitSeconds) <= step + percentileRounding * limitSeconds;
  return near || (!isSimple(input) && step > smallShare * limitSeconds);
}

function isSimple(input: RunInput): boolean {
  const [only, ...others] = input.serves;
  return (
    others.length === 0 &&
    only?.steps === undefined &&
    only?.batch.maxSize === 1 &&
    input.kinds === undefined &&
    staysInOneMode(input)
  );
}

function movedInput(input: RunInput, count: number): RunInput {
  const serves = input.serves.map((serve, index) => {
    const { arrivals } = serve;
    if (arrivals.kind !== 'trace') return serve;
    const random = new RandomStream(input.seed, firstStream + count * input.serves.length + index);
    return { ...serve, arrivals: withinStep(arrivals, random) };
  });
  return { ...input, serves };
}

function limitOf(slo: Slo): number {
  return slo.metric === 'latency' ? slo.limitSeconds : slo.metric === 'accuracy' ? slo.limit : slo.limitPerSecond;
}

/** Whether all values are far from the limit, compared with their differences. */
function isFar({ values, outcome }: Doubt): boolean {
  const limit = limitOf(outcome.slo);
  const distance = Math.min(...values.map((value) => Math.abs(value - limit)));
  return distance > farAway * (Math.max(...values) - Math.min(...values));
}

/** Whether the value of one more replay is on the same side of the limit with the stated confidence (Student's prediction interval). */
function isClear({ values, outcome }: Doubt, confidence: number): boolean {
  const replays = values.slice(1);
  const mean = replays.reduce((sum, value) => sum + value, 0) / replays.length;
  const squares = replays.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const deviation = Math.sqrt((squares / (replays.length - 1)) * (1 + 1 / replays.length));
  return Math.abs(mean - limitOf(outcome.slo)) > studentQuantile(confidence, replays.length - 1) * deviation;
}

function caveatOf(
  changed: readonly Doubt[],
  ran: RunResult,
  { path, origin, stepSeconds, speedup }: NonNullable<ReturnType<typeof coarsestOf>>,
): Caveat {
  const serves = [...new Set(changed.map(({ serve }) => ran.serves[serve]?.name ?? ''))];
  const objectives = [...new Set(changed.map(({ outcome }) => `'${outcome.slo.text}'`))].join(', ');
  // The step as the file has it, which is the same at every load of a search.
  const step = formatSeconds(stepSeconds * speedup);
  const text = `The times in '${path}' have a resolution of ${step}, and other times within it could change the verdict of ${objectives}. Use a recording with finer times, or state that these times are exact: trace("FILE", spread: no).`;
  return { code: 'trace-resolution', origin, text, effect: { kind: 'any' }, serves };
}

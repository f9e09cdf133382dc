import { MeasuredStepCost, runSequences, type SequenceRun } from '../../simulator/index.ts';
import type { Recording } from './recording.ts';

/** One number of both engines. Times are in seconds. */
export interface ComparedMetric {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  /** (ours - theirs) / theirs. */
  readonly relativeError: number;
}

/** Our times of a request, since its arrival. null: the request does not fit into the KV cache. */
export interface ReplayedRequest {
  readonly id: string;
  readonly firstTokenSeconds: number | null;
  readonly lastTokenSeconds: number | null;
}

export interface OccupancySecond {
  readonly seconds: number;
  readonly oursPercent: number;
  readonly theirsPercent: number;
}

export interface Replay {
  readonly metrics: readonly ComparedMetric[];
  readonly requests: readonly ReplayedRequest[];
  /** The median over the requests of |ours - theirs| / theirs of one request. */
  readonly medianRequestError: { readonly ttft: number; readonly tpot: number };
  /** null: the folder has no log of the engine. */
  readonly kvOccupancy: {
    readonly meanDifferencePoints: number;
    readonly seconds: readonly OccupancySecond[];
  } | null;
  readonly steps: number;
  readonly preemptions: number;
  readonly notes: readonly string[];
}

/** Serves the recorded arrivals with the recorded operator times, and compares the tokens. */
export function replay(recording: Recording): Replay {
  const { settings, requests, promptBlocks, profile } = recording;
  const { limits, tickSeconds } = settings;
  const firstArrival = requests[0]?.arrivalSeconds ?? 0;
  // Time 0 is the start of the recording if it is stated and not after the first arrival.
  const started = Math.min(settings.startedSeconds ?? firstArrival, firstArrival);
  // A start that is far from the first arrival is on another clock.
  const origin = firstArrival - started < LONGEST_LEAD_SECONDS ? started : firstArrival;
  const run = runSequences({
    requests: {
      arrivalNanoseconds: Float64Array.from(requests, (each) => Math.round((each.arrivalSeconds - origin) * 1e9)),
      inputTokens: Int32Array.from(requests, (each) => each.inputTokens),
      outputTokens: Int32Array.from(requests, (each) => each.outputTokens),
      promptBlocks,
    },
    limits,
    cost: new MeasuredStepCost(profile.operators, limits.tokens, limits.sequences),
    sampleNanoseconds: recording.log.length > 0 ? Math.max(1, Math.round(tickSeconds * 1e9)) : 0,
  });
  // Only a cancelled run has no result.
  if (run === null) throw new Error('the run was cancelled');
  const ours = oursOf(recording, run, origin);
  const dropped = ours.filter(({ firstTokenSeconds }) => firstTokenSeconds === null).length;
  const notes =
    dropped === 0
      ? recording.notes
      : [...recording.notes, `${dropped} requests do not fit into ${limits.blocks} KV blocks.`];
  return {
    ...compare(recording, ours),
    requests: ours,
    kvOccupancy: occupancy(recording, run),
    steps: run.steps,
    preemptions: run.preemptions,
    notes,
  };
}

/** Recordings start a few seconds before their first request. Our assumption: never an hour. */
const LONGEST_LEAD_SECONDS = 3600;

function oursOf({ requests }: Recording, run: SequenceRun, origin: number): readonly ReplayedRequest[] {
  return requests.map(({ id, arrivalSeconds }, n) => {
    const since = (nanoseconds: number | undefined) =>
      nanoseconds === undefined || Number.isNaN(nanoseconds)
        ? null
        : (nanoseconds - Math.round((arrivalSeconds - origin) * 1e9)) / 1e9;
    return {
      id,
      firstTokenSeconds: since(run.firstTokenNanoseconds[n]),
      lastTokenSeconds: since(run.lastTokenNanoseconds[n]),
    };
  });
}

function compare(
  { requests }: Recording,
  ours: readonly ReplayedRequest[],
): Pick<Replay, 'metrics' | 'medianRequestError'> {
  const pairs = { ttft: [], tpot: [], latency: [] } as Record<'ttft' | 'tpot' | 'latency', [number, number][]>;
  for (const [n, theirs] of requests.entries()) {
    const { firstTokenSeconds: first = null, lastTokenSeconds: last = null } = ours[n] ?? {};
    if (first === null || last === null) continue;
    if (theirs.firstTokenSeconds === undefined || theirs.lastTokenSeconds === undefined) continue;
    pairs.ttft.push([first, theirs.firstTokenSeconds - theirs.arrivalSeconds]);
    pairs.latency.push([last, theirs.lastTokenSeconds - theirs.arrivalSeconds]);
    // TPOT is the mean time between two tokens, so it needs two.
    const gaps = theirs.outputTokens - 1;
    if (gaps > 0) {
      pairs.tpot.push([(last - first) / gaps, (theirs.lastTokenSeconds - theirs.firstTokenSeconds) / gaps]);
    }
  }
  const metrics = Object.entries(pairs).flatMap(([name, all]) =>
    Object.entries(statistics).map(([statistic, of]): ComparedMetric => {
      const oursValue = of(all.map(([a]) => a));
      const theirsValue = of(all.map(([, b]) => b));
      return {
        name: `${name} ${statistic}`,
        ours: oursValue,
        theirs: theirsValue,
        relativeError: (oursValue - theirsValue) / theirsValue,
      };
    }),
  );
  const medianError = (all: readonly [number, number][]) =>
    quantile(
      all.map(([a, b]) => Math.abs(a - b) / b),
      0.5,
    );
  return { metrics, medianRequestError: { ttft: medianError(pairs.ttft), tpot: medianError(pairs.tpot) } };
}

const statistics = {
  mean: (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length,
  median: (values: readonly number[]) => quantile(values, 0.5),
  p90: (values: readonly number[]) => quantile(values, 0.9),
  p99: (values: readonly number[]) => quantile(values, 0.99),
};

/** Linear between order statistics, as numpy and the benchmarks of engines do. NaN without values. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function occupancy({ settings, log }: Recording, run: SequenceRun): Replay['kvOccupancy'] {
  if (log.length === 0) return null;
  const capacity = settings.limits.blocks - 1;
  const seconds = log.map(({ seconds: at, kvPercent }): OccupancySecond => {
    const used = run.samples.usedBlocks[Math.round(at / settings.tickSeconds)] ?? 0;
    return { seconds: at, oursPercent: (100 * used) / capacity, theirsPercent: kvPercent };
  });
  const differences = seconds.map(({ oursPercent, theirsPercent }) => Math.abs(oursPercent - theirsPercent));
  return { meanDifferencePoints: differences.reduce((sum, one) => sum + one, 0) / seconds.length, seconds };
}

import type {
  ModelCost,
  RunResult,
  RunResults,
  ScenarioResult,
  ServeResult,
  SloOutcome,
  TimelineSegments,
} from '../../protocol/index.ts';
import type { PinnedRun, RunFigures } from './pin.ts';
import type { RequestFacts } from './request-facts.ts';
import type { TimeWindow, ViewState } from './view-state.ts';

/** What the plots show: the results that the view selects, with everything that belongs to them. */
export interface Shown {
  readonly results: RunResults;
  readonly scenario: ScenarioResult;
  readonly run: RunResult;
  readonly runIndex: number;
  readonly serve: ServeResult;
  /** The costs of the shown serve's model in base and burst mode. */
  readonly base: ModelCost | undefined;
  readonly burst: ModelCost | undefined;
  /** The whole run if the view has no window. */
  readonly window: TimeWindow;
  readonly zoomed: boolean;
  /** The run's own segments, or finer ones that were fetched for the window. */
  readonly segments: TimelineSegments;
  readonly detailed: boolean;
  /** The pinned run, if it belongs to this scenario. */
  readonly pinned: RunFigures | undefined;
  /** The request that has its own section. */
  readonly chosen?: RequestFacts;
}

/** undefined if there is nothing to show: no scenario, or one without a serve. If a choice no longer exists, the first one is shown. */
export function pickShown(results: RunResults | null, view: ViewState, pin?: PinnedRun | undefined): Shown | undefined {
  if (results === null) return undefined;
  const scenario = results.find((candidate) => candidate.scenario === view.scenario) ?? results[0];
  if (scenario === undefined) return undefined;
  const variant = view.run > 0 ? scenario.variants[view.run - 1] : undefined;
  const run = variant ?? scenario.main;
  const serve = run.serves.find((candidate) => candidate.name === view.serve) ?? run.serves[0];
  if (serve === undefined) return undefined;
  const costs = scenario.layers.filter((cost) => cost.model === serve.model);
  const ownCosts = costs.some((cost) => cost.npu === run.npu) ? costs.filter((cost) => cost.npu === run.npu) : costs;
  return {
    results,
    scenario,
    run,
    runIndex: variant === undefined ? 0 : view.run,
    serve,
    base: ownCosts.find((cost) => cost.mode === 'base'),
    burst: ownCosts.find((cost) => cost.mode === 'burst'),
    window: view.window ?? { startSeconds: 0, endSeconds: run.seconds },
    zoomed: view.window !== null,
    segments: run.timeline.segments,
    detailed: false,
    pinned: pin?.scenario === scenario.scenario ? pin.figures : undefined,
  };
}

/** The latency objectives, the tightest first. */
export function latencyOutcomes(serve: Pick<ServeResult, 'slos'>): readonly SloOutcome[] {
  return serve.slos
    .filter((outcome) => outcome.slo.metric === 'latency' && outcome.slo.of === undefined)
    .toSorted((a, b) => a.limit - b.limit);
}

/** A run's time, divided into equal buckets. */
export interface Buckets {
  readonly buckets: number;
  readonly bucketSeconds: number;
}

/** The bucket of a time, within the series. */
export function bucketAt({ buckets, bucketSeconds }: Buckets, seconds: number): number {
  return Math.min(buckets - 1, Math.max(0, Math.floor(seconds / bucketSeconds)));
}

/**
 * The shortest part of a bucket that has a rate of its own. The end of a run shortens its last bucket, and a rate over a small rest of it is noise. Our
 * assumption.
 */
const leastShare = 0.25;

/** Requests per second in each bucket. The last one is divided by the part that the run covers; NaN if that part is too short for a rate. */
export function ratesOf(run: RatedRun, counts: ArrayLike<number>): Float64Array {
  return Float64Array.from(counts, (count, bucket) => rateIn(run, count, bucket));
}

/** As `ratesOf`, of one bucket. */
export function rateIn({ seconds, series: { bucketSeconds } }: RatedRun, count: number, bucket: number): number {
  const covered = Math.min(bucketSeconds, seconds - bucket * bucketSeconds);
  return covered >= leastShare * bucketSeconds ? count / covered : Number.NaN;
}

type RatedRun = Pick<RunResult, 'seconds'> & { readonly series: Pick<Buckets, 'bucketSeconds'> };

/** The middle of a bucket, where its point is drawn. */
export function bucketSecondsAt({ bucketSeconds }: Buckets, bucket: number): number {
  return (bucket + 0.5) * bucketSeconds;
}

/** How many requests were completed too late in a bucket. */
export function lateIn(serve: ServeResult, bucket: number): number {
  return (serve.series.completed[bucket] ?? 0) - (serve.series.completedInTime[bucket] ?? 0);
}

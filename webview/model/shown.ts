import type {
  ModelCost,
  RunFigures,
  RunResult,
  RunResults,
  ScenarioResult,
  ServeResult,
  SloOutcome,
  TimelineSegments,
} from '../../protocol/index.ts';
import type { Buckets } from './buckets.ts';
import { comparedFigures, type HistoryRun } from './history.ts';
import type { PinnedRun } from './pin.ts';
import type { RequestFacts } from './request-facts.ts';
import { type BucketSpan, betweenMarkers, sumIn } from './time-span.ts';
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
  /** Times that the person marked, in the order of marking. */
  readonly markers: readonly number[];
  /** What legends and sentences describe: the time between two markers, else the window; undefined: the whole run. */
  readonly span: TimeWindow | undefined;
  /** The run's own segments, or finer ones that were fetched for the window. */
  readonly segments: TimelineSegments;
  readonly detailed: boolean;
  /** The pinned run, if it belongs to this scenario. */
  readonly pinned: RunFigures | undefined;
  /** Earlier runs that this scenario is compared with: the pinned one, and those of the history. */
  readonly earlier: readonly RunFigures[];
  /** The request that has its own section. */
  readonly chosen?: RequestFacts;
  /** Whether the run is the short one of a preview. */
  readonly isPreview?: boolean;
}

/** What legends call the shown run if they describe all of it. */
export function wholeName({ isPreview }: Shown): string {
  return isPreview === true ? 'preview' : 'whole run';
}

/** undefined if there is nothing to show: no scenario, or one without a serve. If a choice no longer exists, the first one is shown. */
export function pickShown(
  results: RunResults | null,
  view: ViewState,
  pin?: PinnedRun | undefined,
  history: readonly HistoryRun[] = [],
): Shown | undefined {
  if (results === null) return undefined;
  const scenario = results.find((candidate) => candidate.scenario === view.scenario) ?? results[0];
  if (scenario === undefined) return undefined;
  const variant = view.run > 0 ? scenario.variants[view.run - 1] : undefined;
  const run = variant ?? scenario.main;
  const serve = run.serves.find((candidate) => candidate.name === view.serve) ?? run.serves[0];
  if (serve === undefined) return undefined;
  const costs = scenario.layers.filter((cost) => cost.model === serve.model);
  const ownCosts = costs.some((cost) => cost.npu === run.npu) ? costs.filter((cost) => cost.npu === run.npu) : costs;
  const pinned = pin?.scenario === scenario.scenario ? pin.figures : undefined;
  const markers = view.markers.filter((seconds) => seconds <= run.seconds);
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
    markers,
    span: betweenMarkers(markers) ?? view.window ?? undefined,
    segments: run.timeline.segments,
    detailed: false,
    pinned,
    earlier: [...(pinned === undefined ? [] : [pinned]), ...comparedFigures(history, view.compared, scenario.scenario)],
  };
}

/** The latency objectives, the tightest first. */
export function latencyOutcomes(serve: Pick<ServeResult, 'slos'>): readonly SloOutcome[] {
  return serve.slos
    .filter((outcome) => outcome.slo.metric === 'latency' && outcome.slo.of === undefined)
    .toSorted((a, b) => a.limit - b.limit);
}

/**
 * The shortest part of a bucket that has a separate rate. The end of a run shortens its last bucket, and a rate over a small rest of it is noise. Our
 * assumption.
 */
const leastShare = 0.25;

/** Requests per second in each bucket. The last one is divided by the part that the run covers; NaN if that part is too short for a rate. */
export function ratesOf(run: RatedRun, counts: ArrayLike<number>): Float64Array {
  return Float64Array.from(counts, (count, bucket) => rateIn(run, count, bucket));
}

/** As `ratesOf`, of one bucket. */
function rateIn({ seconds, series: { bucketSeconds } }: RatedRun, count: number, bucket: number): number {
  const covered = Math.min(bucketSeconds, seconds - bucket * bucketSeconds);
  return covered >= leastShare * bucketSeconds ? count / covered : Number.NaN;
}

/** Requests per second over some buckets; NaN if the run covers too little of a single one. */
export function rateOver(run: RatedRun, counts: ArrayLike<number>, span: BucketSpan): number {
  if (span.first === span.last) return rateIn(run, counts[span.first] ?? 0, span.first);
  const { bucketSeconds } = run.series;
  const end = Math.min(run.seconds, (span.last + 1) * bucketSeconds);
  return sumIn(counts, span) / (end - span.first * bucketSeconds);
}

type RatedRun = Pick<RunResult, 'seconds'> & { readonly series: Pick<Buckets, 'bucketSeconds'> };

/** How many requests were completed too late in a bucket. */
export function lateIn(serve: ServeResult, bucket: number): number {
  return (serve.series.completed[bucket] ?? 0) - (serve.series.completedInTime[bucket] ?? 0);
}

import type {
  ModelCost,
  RunResult,
  RunResults,
  ScenarioResult,
  ServeResult,
  SloOutcome,
  TimelineSegments,
} from '../protocol/index.ts';
import type { PinnedRun, RunFigures } from './pin.ts';
import type { RequestFacts } from './request-facts.ts';
import type { TimeWindow, ViewState } from './view-state.ts';

/** What the figures draw: the results that the view state picks, with everything looked up. */
export interface Shown {
  readonly results: RunResults;
  readonly scenario: ScenarioResult;
  readonly run: RunResult;
  readonly runIndex: number;
  readonly serve: ServeResult;
  /** Costs of the shown serve's model in base and burst mode. */
  readonly base: ModelCost | undefined;
  readonly burst: ModelCost | undefined;
  /** The whole run where the view has no window. */
  readonly window: TimeWindow;
  readonly zoomed: boolean;
  /** The run's own, or finer ones that were fetched for the window. */
  readonly segments: TimelineSegments;
  readonly detailed: boolean;
  /** A run that was put aside, where it is of this scenario. */
  readonly pinned: RunFigures | undefined;
  /** The request whose life is told. */
  readonly chosen?: RequestFacts;
}

/** undefined where there is nothing to show: no scenario, or one that serves nothing. A choice that is gone falls back to the first. */
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

/** Outcomes that bound latency, the tightest first. */
export function latencyOutcomes(serve: Pick<ServeResult, 'slos'>): readonly SloOutcome[] {
  return serve.slos.filter((outcome) => outcome.slo.metric === 'latency').toSorted((a, b) => a.limit - b.limit);
}

/** Equal stretches of a run's time. */
export interface Buckets {
  readonly buckets: number;
  readonly bucketSeconds: number;
}

/** Bucket of a time, inside the series. */
export function bucketAt({ buckets, bucketSeconds }: Buckets, seconds: number): number {
  return Math.min(buckets - 1, Math.max(0, Math.floor(seconds / bucketSeconds)));
}

/** Middle of a bucket: where its point is drawn. */
export function bucketSecondsAt({ bucketSeconds }: Buckets, bucket: number): number {
  return (bucket + 0.5) * bucketSeconds;
}

/** Completed in a bucket, but not in time. */
export function lateIn(serve: ServeResult, bucket: number): number {
  return (serve.series.completed[bucket] ?? 0) - (serve.series.completedInTime[bucket] ?? 0);
}

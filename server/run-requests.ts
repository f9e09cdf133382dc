import type { Scenario } from '../design/index.ts';
import {
  type LoadCurve,
  type LoadCurveRequest,
  type Packed,
  type RunResults,
  type SegmentsRequest,
  type TimelineSegments,
  unpack,
} from '../protocol/index.ts';
import type { SimulationOutcome, TaskRunner } from './simulation-host.ts';
import { traceOf } from './trace.ts';

/** A run that has ended: the design that was simulated, and its results. */
export interface FinishedRun {
  /** The content hash of the scenarios. */
  readonly hash: string;
  /** A request for a window simulates one of them again. */
  readonly scenarios: readonly Scenario[];
  readonly results: RunResults;
  readonly packed: Packed;
  readonly elapsedSeconds: number;
}

/**
 * Answers requests about the shown run of a document: windows, load curves and traces. A later request cancels an
 * earlier one of the same kind.
 */
export class RunRequests {
  private readonly host: TaskRunner;
  private readonly shown: () => FinishedRun | undefined;
  private cancelWindow: () => void = () => undefined;
  private cancelCurve: () => void = () => undefined;

  /** `shown` returns the run whose results are shown. */
  constructor(host: TaskRunner, shown: () => FinishedRun | undefined) {
    this.host = host;
    this.shown = shown;
  }

  /**
   * Every segment of a window of the shown run. Null if the results are of another run, or if a later request replaced
   * this one.
   */
  segments(request: SegmentsRequest): Promise<Packed | null> {
    this.cancelWindow();
    const { hash, scenario: name, run, startSeconds, endSeconds } = request;
    const finished = this.finished(hash);
    const index = finished?.results.findIndex((each) => each.scenario === name) ?? -1;
    const scenario = finished?.scenarios[index];
    const result = finished?.results[index];
    const shown = run === 0 ? result?.main : result?.variants[run - 1];
    if (scenario === undefined || shown === undefined) return Promise.resolve(null);
    const task = { type: 'window', scenario, run, runSeconds: shown.seconds, startSeconds, endSeconds } as const;
    return new Promise((resolve) => {
      this.cancelWindow = this.host.run(task, {
        settle: (outcome) => resolve(outcome.kind === 'done' ? outcome.results : null),
      });
    });
  }

  /**
   * The load curve (latency against load) of a scenario as it was run. Null if the results are of another run, if a
   * newer run began, or if the caller cancelled through the function that `whenCancelled` receives.
   */
  loadCurve(
    { hash, scenario: name }: LoadCurveRequest,
    progress: (fraction: number) => void,
    whenCancelled: (cancel: () => void) => void,
  ): Promise<LoadCurve | null> {
    this.cancelCurve();
    const scenario = this.finished(hash)?.scenarios.find((each) => each.name === name);
    if (scenario === undefined) return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (outcome: SimulationOutcome): void =>
        resolve(outcome.kind === 'done' ? unpack<LoadCurve>(outcome.results) : null);
      const cancel = this.host.run({ type: 'loadCurve', scenario }, { progress, settle });
      this.cancelCurve = cancel;
      whenCancelled(cancel);
    });
  }

  /** A window of a run, or the whole run, as a Chrome trace. Null if the results are of another run. */
  async trace(request: SegmentsRequest): Promise<string | null> {
    const { hash, scenario: name, run, startSeconds, endSeconds } = request;
    const result = this.finished(hash)?.results.find((each) => each.scenario === name);
    const shown = run === 0 ? result?.main : result?.variants[run - 1];
    if (result === undefined || shown === undefined) return null;
    const whole = startSeconds <= 0 && endSeconds >= shown.seconds;
    const packed = whole ? null : await this.segments(request);
    return traceOf(result, shown, packed === null ? null : unpack<TimelineSegments>(packed));
  }

  /** Cancels the requests in progress, because a new run begins or the document is closed. */
  cancel(): void {
    this.cancelWindow();
    this.cancelCurve();
  }

  /** The shown run, if it is the one with this hash. */
  private finished(hash: string | null): FinishedRun | undefined {
    const shown = this.shown();
    return shown?.hash === hash ? shown : undefined;
  }
}

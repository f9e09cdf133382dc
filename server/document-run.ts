import type { Exploration, Scenario } from '../design/index.ts';
import { contentHash, type Evidence, fileName, relocate, relocateEvidence } from '../engine/index.ts';
import {
  type LoadCurve,
  type LoadCurveRequest,
  type Packed,
  type RunPhase,
  type RunProblem,
  type RunResults,
  type RunState,
  type SegmentsRequest,
  type TimelineSegments,
  unpack,
} from '../protocol/index.ts';
import type { SimulationOutcome, TaskRunner } from './simulation-host.ts';
import { stopMilliseconds } from './simulation-lane.ts';
import { traceOf } from './trace.ts';

/** What a document's text says now, as far as a run is concerned. */
export interface DocumentFacts {
  /** Complete and free of errors; undefined where the text has errors. */
  readonly scenarios: readonly Scenario[] | undefined;
  /** Empty where the text has errors. */
  readonly explorations: readonly Exploration[];
  /** The first error, where there is one. */
  readonly problem: RunProblem | null;
}

export interface RunListener {
  /** `results` only where they are new. */
  stateChanged(state: RunState, results: Packed | null): void;
  /** A run that is not done after a second deserves a word. */
  progress(uri: string, fraction: number): void;
}

interface Finished {
  readonly hash: string;
  /** What was run: a window of it is looked at again. */
  readonly scenarios: readonly Scenario[];
  readonly results: RunResults;
  readonly packed: Packed;
  readonly elapsedSeconds: number;
}

interface Running {
  readonly hash: string;
  readonly scenarios: readonly Scenario[];
  /** Of scenarios whose own run has ended, while those beside it are under way. */
  readonly early: Map<string, Evidence>;
  cancel: () => void;
}

/** What findings are told from, and whether it is of the text as it is. */
export interface Finding {
  readonly result: Evidence;
  readonly isFresh: boolean;
}

function isSameProblem(a: RunProblem | null, b: RunProblem | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const endedProblem: RunProblem = {
  message: `it did not stop within ${stopMilliseconds} ms, so its worker was ended and replaced`,
  place: null,
};

/** How often a run under way says how far it is. */
const progressIntervalSeconds = 0.1;

/** Shared by all documents, so that a later state of any of them has the larger number. */
let sequence = 0;

/**
 * One open document's runs: latest save wins, an edit makes results stale and never blank, and a design that has not
 * changed in substance is not run again.
 */
export class DocumentRun {
  private finished: Finished | undefined;
  private running: Running | undefined;
  /** Of what the text says now; undefined where it has errors. */
  private textHash: string | undefined;
  private phase: RunPhase = 'empty';
  private problem: RunProblem | null = null;
  /** Those of the text that was run last. */
  private explorations: readonly Exploration[] = [];
  private fraction: number | null = null;
  private cancelLook: () => void = () => undefined;
  private cancelCurve: () => void = () => undefined;
  readonly uri: string;
  private readonly host: TaskRunner;
  private readonly listener: RunListener;
  private readonly now: () => number;

  /** `now` gives seconds of a monotonic clock. */
  constructor(uri: string, host: TaskRunner, listener: RunListener, now: () => number) {
    this.uri = uri;
    this.host = host;
    this.listener = listener;
    this.now = now;
  }

  /** The text was edited: nothing runs, but what is shown may belong to an older text. */
  edited(facts: DocumentFacts): void {
    this.textHash = facts.scenarios === undefined ? undefined : contentHash(facts.scenarios);
    if (this.phase === 'running') {
      // The run goes on: what it finds will be told as belonging to an earlier text, unless the text comes back.
      if (this.running?.early.size !== 0) this.enter('running', null);
      return;
    }
    if (this.finished === undefined) {
      // Of a text that was never run: what was wrong with an earlier one, or that it had no scenario, must not be said of this one.
      if (this.phase === 'rejected' || this.phase === 'empty') {
        const phase = facts.problem !== null ? 'rejected' : facts.scenarios?.length === 0 ? 'empty' : 'stale';
        if (phase !== 'empty' || this.phase !== 'empty') this.enter(phase, facts.problem);
      }
      return;
    }
    const isAsRun = this.textHash === this.finished.hash;
    const phase = isAsRun ? 'fresh' : 'stale';
    const problem = isAsRun ? null : facts.problem;
    // Most keys change nothing of it, and what is told is drawn.
    if (phase !== this.phase || !isSameProblem(problem, this.problem)) this.enter(phase, problem);
  }

  /** The text was opened or saved, or a run was asked for: run it, unless this very design has been run. */
  run(facts: DocumentFacts): void {
    if (facts.scenarios === undefined) {
      this.textHash = undefined;
      this.abandon();
      this.enter('rejected', facts.problem);
      return;
    }
    this.explorations = facts.explorations;
    if (facts.scenarios.length === 0) {
      this.abandon();
      this.finished = undefined;
      this.enter('empty', null);
      return;
    }
    const hash = contentHash(facts.scenarios);
    this.textHash = hash;
    if (this.running?.hash === hash) return;
    this.abandon();
    if (this.finished?.hash === hash) {
      this.enter('fresh', null);
      return;
    }
    this.start(facts.scenarios, hash);
  }

  cancel(): void {
    if (this.running === undefined) return;
    this.abandon();
    this.enter('cancelled', null);
  }

  /** Says the present state again, results included. */
  replay(): void {
    this.listener.stateChanged(this.state(), this.finished?.packed ?? null);
  }

  /** The newest results, told where their things stand in the text as it is; undefined where there are none. */
  results(scenarios: readonly Scenario[] | undefined): RunResults | undefined {
    return this.finished?.results.map((result, index) => {
      const scenario = scenarios?.[index];
      return scenario?.name === result.scenario ? relocate(result, scenario) : result;
    });
  }

  /** What is known of each scenario: by the run under way, as soon as it knows, else by the last one. */
  findings(scenarios: readonly Scenario[]): readonly Finding[] {
    const known = this.finished?.results ?? [];
    return scenarios.flatMap((scenario): Finding[] => {
      const early = this.running?.early.get(scenario.name);
      if (early !== undefined) {
        return [{ result: relocateEvidence(early, scenario), isFresh: this.running?.hash === this.textHash }];
      }
      const result = known.find((candidate) => candidate.scenario === scenario.name);
      return result === undefined ? [] : [{ result: relocateEvidence(result, scenario), isFresh: this.isFresh }];
    });
  }

  get isFresh(): boolean {
    return this.phase === 'fresh';
  }

  get currentPhase(): RunPhase {
    return this.phase;
  }

  /** Why the newest run has no results; null where it has some, or none is expected. */
  get currentProblem(): RunProblem | null {
    return this.problem;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /**
   * Every segment of a window of the run that is shown; null where the results are of another run, or a later look took this one's place.
   */
  segments({ hash, scenario: name, run, startSeconds, endSeconds }: SegmentsRequest): Promise<Packed | null> {
    this.cancelLook();
    const index = this.finished?.hash === hash ? this.finished.results.findIndex((each) => each.scenario === name) : -1;
    const scenario = this.finished?.scenarios[index];
    const result = this.finished?.results[index];
    const shown = run === 0 ? result?.main : result?.variants[run - 1];
    if (scenario === undefined || shown === undefined) return Promise.resolve(null);
    const task = { type: 'window', scenario, run, runSeconds: shown.seconds, startSeconds, endSeconds } as const;
    return new Promise((resolve) => {
      this.cancelLook = this.host.run(task, {
        settle: (outcome) => resolve(outcome.kind === 'done' ? outcome.results : null),
      });
    });
  }

  /**
   * Latency against load of a scenario as it was run; null where the results are of another run, a newer run began, or `whenCancelled`'s
   * function was called.
   */
  loadCurve(
    { hash, scenario: name }: LoadCurveRequest,
    progress: (fraction: number) => void,
    whenCancelled: (cancel: () => void) => void,
  ): Promise<LoadCurve | null> {
    this.cancelCurve();
    const scenario =
      this.finished?.hash === hash ? this.finished.scenarios.find((each) => each.name === name) : undefined;
    if (scenario === undefined) return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (outcome: SimulationOutcome): void =>
        resolve(outcome.kind === 'done' ? unpack<LoadCurve>(outcome.results) : null);
      const cancel = this.host.run({ type: 'loadCurve', scenario }, { progress, settle });
      this.cancelCurve = cancel;
      whenCancelled(cancel);
    });
  }

  /** A window of a run as a Chrome trace, or the whole of it; null where the results are of another run. */
  async trace(request: SegmentsRequest): Promise<string | null> {
    const { hash, scenario: name, run, startSeconds, endSeconds } = request;
    const result =
      this.finished?.hash === hash ? this.finished.results.find((each) => each.scenario === name) : undefined;
    const shown = run === 0 ? result?.main : result?.variants[run - 1];
    if (result === undefined || shown === undefined) return null;
    const whole = startSeconds <= 0 && endSeconds >= shown.seconds;
    const packed = whole ? null : await this.segments(request);
    return traceOf(result, shown, packed === null ? null : unpack<TimelineSegments>(packed));
  }

  dispose(): void {
    this.cancelLook();
    this.cancelCurve();
    this.abandon();
  }

  private start(scenarios: readonly Scenario[], hash: string): void {
    this.cancelLook();
    this.cancelCurve();
    const startedAt = this.now();
    const run: Running = { hash, scenarios, early: new Map(), cancel: () => undefined };
    this.running = run;
    this.fraction = null;
    let toldAt = startedAt;
    // What a run finds whose place a newer one has taken concerns nobody.
    const ifCurrent =
      <T>(act: (value: T) => void) =>
      (value: T): void => {
        if (this.running === run) act(value);
      };
    run.cancel = this.host.run(
      { type: 'run', scenarios },
      {
        progress: ifCurrent((fraction: number) => {
          this.fraction = fraction;
          this.listener.progress(this.uri, fraction);
          if (this.now() - toldAt < progressIntervalSeconds) return;
          toldAt = this.now();
          this.enter('running', null);
        }),
        main: ifCurrent((evidence: Evidence) => {
          run.early.set(evidence.scenario, evidence);
          this.enter('running', null);
        }),
        settle: (outcome: SimulationOutcome) => {
          if (this.running === run) {
            this.running = undefined;
            this.settle(outcome, run, this.now() - startedAt);
          } else if (outcome.kind === 'cancelled' && outcome.wasEnded === true && this.phase === 'cancelled') {
            this.enter('cancelled', endedProblem);
          }
        },
      },
    );
    // Behind the worker's start: what is said meanwhile costs the person who waits nothing.
    this.enter('running', null);
  }

  private settle(outcome: SimulationOutcome, { hash, scenarios }: Running, elapsedSeconds: number): void {
    switch (outcome.kind) {
      case 'done':
        this.finished = {
          hash,
          scenarios,
          results: unpack<RunResults>(outcome.results),
          packed: outcome.results,
          elapsedSeconds,
        };
        this.enter(this.textHash === hash ? 'fresh' : 'stale', null, outcome.results);
        return;
      case 'cancelled':
        this.enter('cancelled', outcome.wasEnded === true ? endedProblem : null);
        return;
      case 'failed':
        this.enter('failed', { message: outcome.message, place: null });
        return;
    }
  }

  private abandon(): void {
    const { running } = this;
    this.running = undefined;
    running?.cancel();
  }

  private enter(phase: RunPhase, problem: RunProblem | null, results: Packed | null = null): void {
    this.phase = phase;
    this.problem = problem;
    if (phase !== 'running') this.fraction = null;
    sequence += 1;
    this.listener.stateChanged(this.state(), results);
  }

  private state(): RunState {
    return {
      uri: this.uri,
      name: fileName(this.uri),
      sequence,
      phase: this.phase,
      progress: this.fraction,
      problem: this.problem,
      elapsedSeconds: this.finished?.elapsedSeconds ?? null,
      explorations: this.explorations,
      hash: this.finished?.hash ?? null,
    };
  }
}

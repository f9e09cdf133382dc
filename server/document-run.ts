import type { Exploration, Scenario } from '../design/index.ts';
import { contentHash, type Evidence, fileName, relocate, relocateEvidence } from '../engine/index.ts';
import {
  type Packed,
  type RunPhase,
  type RunProblem,
  type RunResults,
  type RunState,
  type ScenarioVerdicts,
  unpack,
} from '../protocol/index.ts';
import type { DocumentFacts } from './document-facts.ts';
import { Previews } from './previews.ts';
import type { Finding, RunListener } from './run-reports.ts';
import { type FinishedRun, RunRequests } from './run-requests.ts';
import type { SimulationOutcome, TaskRunner } from './simulation-host.ts';
import { stopMilliseconds } from './simulation-lane.ts';

interface Running {
  readonly hash: string;
  readonly scenarios: readonly Scenario[];
  /** The evidence of scenarios whose main run has ended while their `compare` runs continue. */
  readonly early: Map<string, Evidence>;
  cancel: () => void;
}

function isSameProblem(a: RunProblem | null, b: RunProblem | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const endedProblem: RunProblem = {
  message: `it did not stop within ${stopMilliseconds} ms, so its worker was ended and replaced`,
  place: null,
};

/** The interval between two progress reports of a run. */
const progressIntervalSeconds = 0.1;

/** All documents share this counter, so a later state of any document has a larger number. */
let sequence = 0;

/**
 * The runs of one open document. The latest save wins. An edit makes results stale but never removes them. A design
 * that did not change in substance is not run again.
 */
export class DocumentRun {
  private finished: FinishedRun | undefined;
  private running: Running | undefined;
  /** The hash of the present text; undefined if it has errors. */
  private textHash: string | undefined;
  private phase: RunPhase = 'empty';
  private problem: RunProblem | null = null;
  /** The explorations of the text that was run last. */
  private explorations: readonly Exploration[] = [];
  private imports: readonly string[] = [];
  private fraction: number | null = null;
  readonly uri: string;
  /** Answers requests about the shown run. */
  readonly requests: RunRequests;
  private readonly host: TaskRunner;
  private readonly listener: RunListener;
  private readonly now: () => number;
  private readonly previews: Previews;

  /** `now` returns seconds of a monotonic clock. */
  constructor(uri: string, host: TaskRunner, listener: RunListener, now: () => number) {
    this.uri = uri;
    this.host = host;
    this.listener = listener;
    this.now = now;
    this.previews = new Previews(host, now);
    this.requests = new RunRequests(host, () => this.finished);
  }

  /** Handles an edit. It starts no run, but marks the shown results as stale if they belong to an older text. */
  edited(facts: DocumentFacts): void {
    this.imports = facts.imports;
    this.textHash = facts.scenarios === undefined ? undefined : contentHash(facts.scenarios);
    if (this.phase === 'running') {
      // The run continues. Its results will be marked as stale, unless the user restores its text.
      if (this.running?.early.size !== 0) this.enter('running', null);
      return;
    }
    // The next preview or the whole run follows soon, and the panel keeps the verdicts of this one until then.
    if (this.phase === 'preview' && facts.problem === null) return;
    if (this.finished === undefined) {
      // The present text was never run, so the error of an earlier text, or its lack of scenarios, does not apply.
      if (this.phase === 'rejected' || this.phase === 'empty') {
        const phase = facts.problem !== null ? 'rejected' : facts.scenarios?.length === 0 ? 'empty' : 'stale';
        if (phase !== 'empty' || this.phase !== 'empty') this.enter(phase, facts.problem);
      }
      return;
    }
    const isAsRun = this.textHash === this.finished.hash;
    const phase = isAsRun ? 'fresh' : 'stale';
    const problem = isAsRun ? null : facts.problem;
    // Most keystrokes do not change the state, and each report makes the panel draw.
    if (phase !== this.phase || !isSameProblem(problem, this.problem)) this.enter(phase, problem);
  }

  /** Runs a text that was opened or saved, or whose run was requested, unless this design has been run already. */
  run(facts: DocumentFacts): void {
    this.imports = facts.imports;
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

  /** Runs a text for a short time, while a number of it is dragged. Resolves when that has ended. The whole run follows. */
  async preview(facts: DocumentFacts): Promise<void> {
    const { scenarios = [] } = facts;
    const hash = contentHash(scenarios);
    // Without scenarios there is nothing to run, and of a finished run more is known.
    if (scenarios.length === 0 || hash === this.finished?.hash) {
      this.previews.cancel();
      if (this.phase === 'preview') this.phase = 'stale';
      this.edited(facts);
      return;
    }
    this.imports = facts.imports;
    this.explorations = facts.explorations;
    this.textHash = hash;
    this.abandon();
    const answer = await this.previews.run(scenarios);
    if (answer !== undefined) this.enter('preview', null, null, answer.verdicts, answer.runs);
    else if (this.phase === 'running' && this.running === undefined) this.enter('stale', null);
  }

  cancel(): void {
    if (this.running === undefined) return;
    this.abandon();
    this.enter('cancelled', null);
  }

  /** Sends the present state again, with its results. */
  replay(): void {
    this.listener.stateChanged(this.state(), this.finished?.packed ?? null);
  }

  /** The newest results, moved to the present places of their scenarios; undefined if there are none. */
  results(scenarios: readonly Scenario[] | undefined): RunResults | undefined {
    return this.finished?.results.map((result, index) => {
      const scenario = scenarios?.[index];
      return scenario?.name === result.scenario ? relocate(result, scenario) : result;
    });
  }

  /** What is known of each scenario: from the run in progress if it has evidence already, else from the last run. */
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

  /** Why the newest run has no results; null if it has results or none are expected. */
  get currentProblem(): RunProblem | null {
    return this.problem;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  dispose(): void {
    this.requests.cancel();
    this.abandon();
  }

  private start(scenarios: readonly Scenario[], hash: string): void {
    this.requests.cancel();
    const startedAt = this.now();
    const run: Running = { hash, scenarios, early: new Map(), cancel: () => undefined };
    this.running = run;
    this.fraction = null;
    let reportedAt = startedAt;
    // Drops the results of a run that a newer one has replaced.
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
          if (this.now() - reportedAt < progressIntervalSeconds) return;
          reportedAt = this.now();
          this.enter('running', null);
        }),
        main: ifCurrent((evidence: Evidence) => {
          run.early.set(evidence.scenario, evidence);
          this.enter('running', null, null, [...run.early.values()]);
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
    // The worker has started by now, so sending this state does not delay the user's run.
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
    this.previews.cancel();
    const { running } = this;
    this.running = undefined;
    running?.cancel();
  }

  private enter(
    phase: RunPhase,
    problem: RunProblem | null,
    results: Packed | null = null,
    early?: readonly ScenarioVerdicts[],
    previews?: Parameters<RunListener['stateChanged']>[3],
  ): void {
    this.phase = phase;
    this.problem = problem;
    if (phase !== 'running') this.fraction = null;
    sequence += 1;
    this.listener.stateChanged(this.state(), results, early, previews);
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
      imports: this.imports,
      hash: this.finished?.hash ?? null,
    };
  }
}

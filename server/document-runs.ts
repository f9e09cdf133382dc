import type { Scenario } from '../design/index.ts';
import {
  pack,
  packVerdicts,
  type RunNotification,
  type RunPhase,
  type RunState,
  runNotification,
} from '../protocol/index.ts';
import type { ClientDoor } from './client-door.ts';
import { factsOf, ownScenarios } from './document-facts.ts';
import { DocumentRun } from './document-run.ts';
import { encodeColumns } from './encode-columns.ts';
import type { KnownResults } from './features/index.ts';
import type { Connection } from './lsp.ts';
import { RunProgress } from './run-progress.ts';
import type { RunListener } from './run-reports.ts';
import type { TaskRunner } from './simulation-host.ts';
import type { Workspace } from './workspace.ts';

export interface RunParts {
  readonly connection: Connection;
  readonly client: ClientDoor;
  readonly workspace: Workspace;
  readonly simulation: TaskRunner;
  /** Seconds of a monotonic clock. */
  readonly now: () => number;
  /** Publishes the diagnostics of a document whose state has changed. */
  readonly publish: (uri: string) => void;
  /** Called last, after the client has received the new state. */
  readonly stateChanged: (state: RunState) => void;
}

/** The runs of all open documents, and the notifications to the client about them. */
export class DocumentRuns {
  readonly progress: RunProgress;
  private readonly runs = new Map<string, DocumentRun>();
  /**
   * The phase in which the client last requested each document's hints. The client requests them again when the phase
   * changes.
   */
  private readonly hintPhases = new Map<string, RunPhase>();
  /** Whether the client shows results, which are notifications with the columns of all plots. Other clients get diagnostics only. */
  showsRuns = false;
  private readonly parts: RunParts;

  constructor(parts: RunParts) {
    this.parts = parts;
    this.progress = new RunProgress(parts.client, (uri) => this.runs.get(uri)?.cancel());
  }

  /** Returns undefined if the document was never run. */
  get(uri: string): DocumentRun | undefined {
    return this.runs.get(uri);
  }

  of(uri: string): DocumentRun {
    const known = this.runs.get(uri);
    if (known !== undefined) return known;
    const listener = {
      stateChanged: (...change: Parameters<RunListener['stateChanged']>) => this.stateChanged(...change),
      progress: (of: string, fraction: number) => this.progress.report(of, fraction),
    };
    const run = new DocumentRun(uri, this.parts.simulation, listener, this.parts.now);
    this.runs.set(uri, run);
    return run;
  }

  /** Runs a document, unless its design has been run already. */
  run(uri: string): void {
    this.of(uri).run(factsOf(this.parts.workspace, uri));
  }

  /** Runs a document for a short time, unless it has errors. Resolves when that has ended. */
  preview(uri: string): Promise<void> {
    return this.of(uri).preview(factsOf(this.parts.workspace, uri));
  }

  /** Handles a change of a document's text, or of the text of a file that it imports. */
  edited(uri: string): void {
    this.runs.get(uri)?.edited(factsOf(this.parts.workspace, uri));
  }

  /** Runs an edited text if it has no errors. A text with errors is usually half written, so it only makes the results stale. */
  typed(uri: string): void {
    const facts = factsOf(this.parts.workspace, uri);
    const run = this.runs.get(uri);
    if (facts.scenarios === undefined || facts.scenarios.length === 0) run?.edited(facts);
    else run?.run(facts);
  }

  /** The newest results of a document's own scenarios, moved to the present places of the scenarios. */
  results(uri: string): KnownResults | undefined {
    const run = this.runs.get(uri);
    if (run === undefined) return undefined;
    const scenarios = ownScenarios(this.parts.workspace.program(uri));
    const isOwn = (name: string): boolean => scenarios.some((scenario: Scenario) => scenario.name === name);
    const results = (run.results(scenarios) ?? []).filter((result) => isOwn(result.scenario));
    return { phase: run.currentPhase, results };
  }

  close(uri: string): void {
    this.runs.get(uri)?.dispose();
    this.runs.delete(uri);
    this.progress.end(uri);
    this.hintPhases.delete(uri);
  }

  private stateChanged(...[state, results, early = [], previews]: Parameters<RunListener['stateChanged']>): void {
    const { connection, client, publish } = this.parts;
    this.progress.stateChanged(state);
    // Diagnostics first: the user who saved waits for them. A preview changes none.
    if (state.phase !== 'preview') publish(state.uri);
    // A stale result that is being simulated again changes no hint, and the editor is about to draw a diagnostic.
    const before = this.hintPhases.get(state.uri);
    const isLikeStale = state.phase === 'preview' || (before === 'stale' && state.phase === 'running');
    const phase = isLikeStale ? 'stale' : state.phase;
    if (before !== phase) client.refresh('inlay hints');
    this.hintPhases.set(state.uri, phase);
    if (this.showsRuns) {
      const encoded = results === null ? null : encodeColumns(results);
      const message: RunNotification = {
        state,
        results: encoded,
        ...(early.length === 0 ? {} : { early: packVerdicts(early) }),
        ...(previews === undefined ? {} : { previews: encodeColumns(pack(previews)) }),
      };
      client.notify(connection.sendNotification(runNotification, message));
    }
    this.parts.stateChanged(state);
  }
}

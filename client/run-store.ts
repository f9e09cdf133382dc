import * as vscode from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import {
  type EncodedColumns,
  type ExploreAnswer,
  type ExploreOutcome,
  type ExploreProgress,
  type ExploreRequest,
  exploreProgress,
  exploreRequest,
  forgetExplorationsRequest,
  type LoadCurve,
  type LoadCurveProgress,
  type LoadCurveRequest,
  loadCurveProgress,
  loadCurveRequest,
  type NumbersRequest,
  numbersRequest,
  type ObjectivesRequest,
  objectivesRequest,
  type Packed,
  type RevisionAnswer,
  type RevisionRequest,
  type RunNotification,
  type RunRequest,
  type RunState,
  type RunUpdate,
  revisionRequest,
  runNotification,
  runRequest,
  type ScenarioObjectives,
  type SegmentsRequest,
  type StatedNumber,
  segmentsRequest,
  traceRequest,
} from '../protocol/index.ts';
import { bytesOfBase64 } from './base64.ts';
import { ShownRuns } from './shown-runs.ts';

/** The results so far of an exploration in progress. */
export interface ExplorationNews {
  readonly request: ExploreRequest;
  readonly answer: ExploreAnswer;
}

/** The newest state and results of every open document, as the server sent them. */
export class RunStore implements vscode.Disposable {
  private readonly updates = new Map<string, RunUpdate>();
  private readonly shown = new ShownRuns();
  private readonly changed = new vscode.EventEmitter<RunUpdate>();
  /** Fires with the new state. `results` is null if the earlier ones stay. */
  readonly onDidChange = this.changed.event;
  private readonly forgotten = new vscode.EventEmitter<void>();
  /** Fires when a new server starts, which counts its states from the beginning. */
  readonly onDidForgetAll = this.forgotten.event;
  private readonly curveProgressed = new vscode.EventEmitter<LoadCurveProgress>();
  readonly onDidProgressCurve = this.curveProgressed.event;
  private readonly explored = new vscode.EventEmitter<ExplorationNews>();
  readonly onDidProgressExploration = this.explored.event;
  private readonly client: BaseLanguageClient;
  private readonly disposables: readonly vscode.Disposable[];

  constructor(client: BaseLanguageClient) {
    this.client = client;
    this.disposables = [
      this.changed,
      this.forgotten,
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) this.runShownAgain();
        if (newState !== State.Stopped) return;
        this.shown.serverEnded(this.updates.values());
        this.updates.clear();
        this.forgotten.fire();
      }),
      this.curveProgressed,
      this.explored,
      client.onNotification(exploreProgress, ({ request, fraction, result }: ExploreProgress) => {
        const known = result === null ? null : decodeColumns(result);
        this.explored.fire({ request, answer: { kind: 'running', fraction, result: known } });
      }),
      client.onNotification(loadCurveProgress, (message: LoadCurveProgress) => this.curveProgressed.fire(message)),
      client.onNotification(runNotification, (message: RunNotification) => this.receive(message)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.updates.delete(uri.toString());
        this.shown.closed(uri.toString());
      }),
    ];
  }

  /** The state with the newest results; undefined for a document that the server has not reported. */
  get(uri: string): RunUpdate | undefined {
    return this.updates.get(uri);
  }

  /** The newest state of every open document that the server has reported. */
  *states(): Iterable<RunState> {
    for (const { state } of this.updates.values()) yield state;
  }

  async request(uri: string, action: RunRequest['action']): Promise<void> {
    await this.client.sendRequest(runRequest, { uri, action } satisfies RunRequest);
  }

  /** The objectives of a document, with the verdict of each in the newest run. */
  objectives(uri: string): Promise<readonly ScenarioObjectives[]> {
    return this.client.sendRequest(objectivesRequest, { uri } satisfies ObjectivesRequest);
  }

  /** The numbers with a unit that a document states. */
  numbers(uri: string): Promise<readonly StatedNumber[]> {
    return this.client.sendRequest(numbersRequest, { uri } satisfies NumbersRequest);
  }

  /**
   * Runs a document and waits until that run has ended in any way. Undefined if the document was closed in the
   * meantime.
   */
  async settled(uri: string): Promise<RunUpdate | undefined> {
    // The server answers when the run has started. A document that was just opened may have ended a run before that,
    // and its state would otherwise be taken for the end of this one.
    await this.request(uri, 'run');
    if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri)) return undefined;
    const now = this.updates.get(uri);
    if (now !== undefined && hasEnded(now.state.phase)) return now;
    const listening: vscode.Disposable[] = [];
    const ended = new Promise<RunUpdate | undefined>((resolve) => {
      listening.push(
        this.onDidChange((update) => {
          const { state, results } = update;
          // A run whose text was edited in the meantime ends with results that are stale already.
          if (state.uri === uri && (hasEnded(state.phase) || (state.phase === 'stale' && results !== null)))
            resolve(update);
        }),
        vscode.workspace.onDidCloseTextDocument((document) => {
          if (document.uri.toString() === uri) resolve(undefined);
        }),
      );
    });
    const update = await ended;
    for (const each of listening) each.dispose();
    return update;
  }

  /** Runs a document as it was at a git revision. */
  async revision(request: RevisionRequest, token: vscode.CancellationToken): Promise<RevisionAnswer> {
    try {
      return await this.client.sendRequest<RevisionAnswer>(revisionRequest, request, token);
    } catch (error) {
      if (token.isCancellationRequested) return { kind: 'cancelled' };
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Every segment of a window of the shown run; null if that run is gone or a later request replaced this one. */
  async segments(request: SegmentsRequest): Promise<Packed | null> {
    const answer = await this.client.sendRequest<EncodedColumns | null>(segmentsRequest, request);
    return answer === null ? null : decodeColumns(answer);
  }

  /** A window of a run as a Chrome trace; null if that run is gone. */
  trace(request: SegmentsRequest): Promise<string | null> {
    return this.client.sendRequest<string | null>(traceRequest, request);
  }

  /** The load curve (latency against load) of a run; null if that run is gone or the request was cancelled. */
  async loadCurve(request: LoadCurveRequest, token: vscode.CancellationToken): Promise<LoadCurve | null> {
    try {
      return await this.client.sendRequest<LoadCurve | null>(loadCurveRequest, request, token);
    } catch (error) {
      if (token.isCancellationRequested) return null;
      throw error;
    }
  }

  /** Tries all designs of an exploration. `onDidProgressExploration` reports the results so far. */
  async explore(request: ExploreRequest, token: vscode.CancellationToken): Promise<ExploreAnswer> {
    try {
      const end = await this.client.sendRequest<ExploreOutcome>(exploreRequest, request, token);
      return end.kind === 'done' ? { kind: 'done', result: decodeColumns(end.result) } : end;
    } catch (error) {
      if (token.isCancellationRequested) return { kind: 'gone' };
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Deletes the results of all designs in the server. */
  async forgetExplorations(): Promise<void> {
    await this.client.sendRequest(forgetExplorationsRequest);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /**
   * The client sends these requests after the texts of the open documents. If the server ends again, there is nothing
   * to show.
   */
  private runShownAgain(): void {
    for (const uri of this.shown.serverStarted()) this.request(uri, 'run').catch(() => undefined);
  }

  private receive({ state, results, early, previews }: RunNotification): void {
    const packed = results === null ? null : decodeColumns(results);
    const previous = this.updates.get(state.uri);
    if (previous !== undefined && previous.state.sequence > state.sequence) return;
    const kept: Packed | null = packed ?? (state.phase === 'empty' ? null : (previous?.results ?? null));
    this.updates.set(state.uri, { state, results: kept });
    this.changed.fire({
      state,
      results: packed,
      ...(early === undefined ? {} : { early }),
      ...(previews === undefined ? {} : { previews: decodeColumns(previews) }),
    });
  }
}

function hasEnded(phase: RunState['phase']): boolean {
  return phase !== 'running' && phase !== 'preview' && phase !== 'stale';
}

function decodeColumns({ tree, columnsBase64 }: EncodedColumns): Packed {
  return { tree, buffer: bytesOfBase64(columnsBase64) };
}

import { TextDocument } from 'vscode-languageserver-textdocument';
import { hasErrors } from '../design/index.ts';
import type { SourceStore } from '../engine/index.ts';
import {
  type ExploreOutcome,
  type ExploreProgress,
  type ExploreRequest,
  exploreProgress,
  exploreRequest,
  type LoadCurveProgress,
  type LoadCurveRequest,
  loadCurveProgress,
  loadCurveRequest,
  type ObjectivesRequest,
  objectivesRequest,
  type Packed,
  type RunNotification,
  type RunPhase,
  type RunRequest,
  type RunState,
  runNotification,
  runRequest,
  type SegmentsRequest,
  segmentsRequest,
  traceRequest,
} from '../protocol/index.ts';
import { clientFactsOf, optionsOf } from './client-facts.ts';
import { Diagnostics } from './diagnostics.ts';
import { factsOf, ownScenarios } from './document-facts.ts';
import { type DocumentFacts, DocumentRun } from './document-run.ts';
import { encodeColumns } from './encode-columns.ts';
import { Explorations } from './explorations.ts';
import {
  type ClientFacts,
  type FeatureContext,
  featureCapabilities,
  fileFilters,
  registerFeatures,
} from './features/index.ts';
import { SimulatedFixes } from './fixes/simulated-fixes.ts';
import { LateEdits } from './late-edits.ts';
import type { LoadingGate } from './loading-gate.ts';
import {
  type CancellationToken,
  type Connection,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from './lsp.ts';
import { objectivesOf } from './objectives.ts';
import { RunProgress } from './run-progress.ts';
import type { SimulationHost } from './simulation-host.ts';
import type { FindPage } from './to-lsp.ts';
import { told } from './told.ts';
import { Workspace } from './workspace.ts';
import { WorkspaceFiles } from './workspace-files.ts';

export interface ServerParts {
  readonly sources: SourceStore;
  /** Holds questions about a document back while the texts that it imports are read. */
  readonly gate: LoadingGate;
  readonly simulation: SimulationHost;
  /** Seconds of a monotonic clock. */
  readonly now: () => number;
  readonly version: string;
  /** The page that explains a diagnostic's code. */
  readonly diagnosticPage: FindPage;
}

/** Joins LSP to the engine: documents in, diagnostics and runs out. */
export function startServer(connection: Connection, parts: ServerParts): void {
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(parts.sources);
  parts.gate.open((uri) => workspace.textsLoading(uri));
  const runs = new Map<string, DocumentRun>();
  const progress = new RunProgress(connection);
  /** What was said last of each document: the editor asks for its hints anew where that changes. */
  const phases = new Map<string, RunPhase>();
  const tell = (sent: Promise<unknown>): void => told(sent, connection.console);
  const files = new WorkspaceFiles();
  let client: ClientFacts | undefined;
  let followsFolders = false;
  let watches = false;
  let runsOnOpen = true;

  const facts = (uri: string): DocumentFacts => factsOf(workspace, uri);
  const diagnostics = new Diagnostics({
    workspace,
    page: parts.diagnosticPage,
    runOf: (uri) => runs.get(uri),
    send: (params) => tell(connection.sendDiagnostics(params)),
  });
  /** Acts when all that a document uses is loaded: at once where it is. A document that is closed meanwhile is left alone. */
  const whenLoaded = (uri: string, act: () => void): void => {
    const loading = workspace.isOpen(uri) ? workspace.loading(uri) : undefined;
    if (loading === undefined) act();
    else tell(loading.then(() => (workspace.isOpen(uri) ? act() : undefined)));
  };
  const publish = (uri: string): void => whenLoaded(uri, () => diagnostics.publish(uri));

  const stateChanged = (state: RunState, results: Packed | null): void => {
    progress.stateChanged(state);
    // Findings first: they are what the person who saved waits for.
    publish(state.uri);
    const encoded = results === null ? null : encodeColumns(results);
    // That stale ones are being simulated anew is not worth the editor's time just when it has a finding to draw.
    const before = phases.get(state.uri);
    const phase = before === 'stale' && state.phase === 'running' ? before : state.phase;
    if (client?.refreshesHints === true && before !== phase) tell(connection.languages.inlayHint.refresh());
    phases.set(state.uri, phase);
    tell(connection.sendNotification(runNotification, { state, results: encoded } satisfies RunNotification));
    simulated.stateChanged(state);
  };

  const runOf = (uri: string): DocumentRun => {
    const known = runs.get(uri);
    if (known !== undefined) return known;
    const listener = { stateChanged, progress: (of: string, fraction: number) => progress.report(of, fraction) };
    const run = new DocumentRun(uri, parts.simulation, listener, parts.now);
    runs.set(uri, run);
    return run;
  };

  const context: FeatureContext = {
    workspace,
    files,
    diagnosticPage: parts.diagnosticPage,
    client: () => {
      if (client === undefined) throw new Error("a request came before 'initialize'");
      return client;
    },
    results: (uri) => {
      late.flush();
      const run = runs.get(uri);
      if (run === undefined) return undefined;
      const scenarios = ownScenarios(workspace.program(uri));
      const results = (run.results(scenarios) ?? []).filter((result) =>
        scenarios.some(({ name }) => name === result.scenario),
      );
      return { phase: run.currentPhase, results };
    },
  };
  const simulated = new SimulatedFixes(context, { ...parts, workspace }, (uri) => diagnostics.repeat(uri));
  const explorations = new Explorations(parts.simulation, parts.now, (uri) => {
    const program = workspace.program(uri);
    return hasErrors(program.diagnostics) ? undefined : { program, scenarios: ownScenarios(program) };
  });
  const late = new LateEdits(
    (uri) => {
      if (!workspace.isOpen(uri)) return;
      whenLoaded(uri, () => {
        runs.get(uri)?.edited(facts(uri));
        explorations.edited(uri);
        publish(uri);
      });
    },
    (error) => connection.console.error(String(error instanceof Error ? error.stack : error)),
  );
  /** Forgets what features keep for a document. */
  let forget = (_uri: string): void => undefined;

  const runAll = (uris: readonly string[]): void => {
    late.flush();
    for (const uri of uris) whenLoaded(uri, () => runOf(uri).run(facts(uri)));
  };

  const answerRequests = (): void => {
    forget = registerFeatures(connection, context, simulated);

    connection.languages.diagnostics.on(async ({ textDocument }) => {
      // Who asks for them with each key would have who asks for a completion wait.
      await late.told();
      await workspace.loading(textDocument.uri);
      return { kind: DocumentDiagnosticReportKind.Full, items: diagnostics.ofLanguage(textDocument.uri) };
    });

    connection.onRequest(runRequest, ({ uri, action }: RunRequest) => {
      if (!workspace.isOpen(uri)) return;
      late.flush();
      const run = runOf(uri);
      if (action === 'run') runAll([uri]);
      else if (action === 'replay') run.replay();
      else run.cancel();
    });

    connection.onRequest(objectivesRequest, ({ uri }: ObjectivesRequest) => {
      if (!workspace.isOpen(uri)) return [];
      late.flush();
      const scenarios = ownScenarios(workspace.program(uri));
      const run = runs.get(uri);
      return objectivesOf(scenarios, run?.isFresh === true ? (run.results(scenarios) ?? []) : []);
    });

    connection.onRequest(segmentsRequest, async (request: SegmentsRequest) => {
      const segments = await runs.get(request.uri)?.segments(request);
      return segments == null ? null : encodeColumns(segments);
    });

    connection.onRequest(
      traceRequest,
      async (request: SegmentsRequest) => (await runs.get(request.uri)?.trace(request)) ?? null,
    );

    connection.onRequest(loadCurveRequest, async (request: LoadCurveRequest, token: CancellationToken) => {
      const progress = (fraction: number): void =>
        void connection.sendNotification(loadCurveProgress, { request, fraction } satisfies LoadCurveProgress);
      return (
        (await runs
          .get(request.uri)
          ?.loadCurve(request, progress, (cancel) => token.onCancellationRequested(cancel))) ?? null
      );
    });

    connection.onRequest(exploreRequest, async (request: ExploreRequest, token: CancellationToken) => {
      const end = await explorations.explore(
        request,
        ({ fraction, result }) => {
          const known = result === null ? null : encodeColumns(result);
          const news: ExploreProgress = { request, fraction, result: known };
          tell(connection.sendNotification(exploreProgress, news));
        },
        (cancel) => token.onCancellationRequested(cancel),
      );
      return (end.kind === 'done' ? { kind: 'done', result: encodeColumns(end.result) } : end) satisfies ExploreOutcome;
    });
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    diagnostics.pulls = params.capabilities.textDocument?.diagnostic !== undefined;
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    progress.enabled = params.capabilities.window?.workDoneProgress === true;
    client = clientFactsOf(params);
    answerRequests();
    runsOnOpen = optionsOf(params).runOnOpen !== false;
    followsFolders = params.capabilities.workspace?.workspaceFolders === true;
    const folders = params.workspaceFolders?.map(({ uri }) => uri);
    files.setFolders(folders ?? (params.rootUri === null ? [] : [params.rootUri]));
    return {
      serverInfo: { name: 'stimpack', version: parts.version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, willSave: true, save: true },
        diagnosticProvider: { identifier: 'npu', interFileDependencies: true, workspaceDiagnostics: false },
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          fileOperations: {
            didCreate: fileFilters,
            willRename: fileFilters,
            didRename: fileFilters,
            didDelete: fileFilters,
          },
        },
        ...featureCapabilities,
      },
    };
  });

  connection.onInitialized(() => {
    // Not before the answer: a thread that starts takes the time that the editor waits for.
    parts.simulation.warmUp();
    tell(workspace.loadLibrary());
    if (followsFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        files.changeFolders(
          added.map(({ uri }) => uri),
          removed.map(({ uri }) => uri),
        ),
      );
    }
    if (!watches) return;
    const watchers = [{ globPattern: '**/*.npu' }, { globPattern: '**/*.{onnx,csv,tsv,json,jsonl}' }];
    tell(connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }));
  });

  documents.onDidOpen(({ document }) => {
    const affected = workspace.update(document);
    if (runsOnOpen) runAll([document.uri]);
    for (const uri of affected) publish(uri);
  });

  documents.onDidChangeContent(({ document }) => {
    // Opening says "changed" as well; only a known document's text can have become another.
    if (!runs.has(document.uri) && !workspace.isOpen(document.uri)) return;
    const affected = workspace.update(document);
    late.add(affected);
    // Its tree is what a completion is answered from, and what the check begins with.
    if (affected.some((uri) => workspace.isLong(uri))) workspace.glance(document.uri);
    else late.flush();
  });

  /** Runs what uses files that have changed on the disk although nobody said so. */
  const lookAgain = (uri: string): void => tell(workspace.lookAgain(uri).then(runAll));

  /** A saved file runs itself and every open document that imports it. */
  const runSaved = (saved: string): void => {
    const importers = workspace.openUris().filter((uri) => workspace.program(uri).files.has(saved));
    runAll([...new Set([saved, ...importers])]);
  };
  // The text is what it will be on the disk: its run need not wait for the disk. What a save itself changes still, `didSave` runs.
  documents.onWillSave(({ document }) => runSaved(document.uri));
  documents.onDidSave(({ document }) => {
    runSaved(document.uri);
    lookAgain(document.uri);
  });

  documents.onDidClose(({ document }) => {
    late.flush();
    const affected = workspace.close(document.uri);
    forget(document.uri);
    explorations.end(document.uri);
    simulated.forget(document.uri);
    for (const uri of affected) publish(uri);
    runs.get(document.uri)?.dispose();
    runs.delete(document.uri);
    progress.end(document.uri);
    phases.delete(document.uri);
    diagnostics.close(document.uri);
  });

  /** Files or whole folders appeared, changed or went. */
  const filesChanged = (uris: readonly string[]): void => {
    files.forget();
    const told = workspace.filesChanged(uris).then((affected) => {
      runAll(affected);
      if (diagnostics.pulls && affected.length > 0) connection.languages.diagnostics.refresh();
    });
    tell(told);
  };

  connection.onDidChangeWatchedFiles(({ changes }) => filesChanged(changes.map(({ uri }) => uri)));
  // A watcher tells of files; that a whole folder went or has another name, only these tell.
  connection.workspace.onDidCreateFiles(({ files: made }) => filesChanged(made.map(({ uri }) => uri)));
  connection.workspace.onDidDeleteFiles(({ files: gone }) => filesChanged(gone.map(({ uri }) => uri)));
  connection.workspace.onDidRenameFiles(({ files: moved }) =>
    filesChanged(moved.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
  );

  // What nothing else answers: before `initialize` that is every question.
  connection.onRequest((method): never => {
    if (client !== undefined) throw new ResponseError(ErrorCodes.MethodNotFound, `unknown request '${method}'`);
    throw new ResponseError(ErrorCodes.ServerNotInitialized, `'${method}' came before 'initialize'`);
  });
  connection.onShutdown(() => parts.simulation.dispose());
  documents.listen(connection);
  connection.listen();
}

import { hasErrors } from '../design/index.ts';
import type { SourceStore } from '../engine/index.ts';
import { ClientDoor } from './client-door.ts';
import { Diagnostics } from './diagnostics.ts';
import { ownScenarios } from './document-facts.ts';
import { DocumentRuns } from './document-runs.ts';
import { Explorations } from './explorations.ts';
import { ExploredStore } from './explored-store.ts';
import type { ClientFacts, FeatureContext } from './features/index.ts';
import { SimulatedFixes } from './fixes/simulated-fixes.ts';
import type { KeptText } from './kept-results.ts';
import { LateEdits } from './late-edits.ts';
import type { LoadingGate } from './loading-gate.ts';
import type { Connection } from './lsp.ts';
import type { OpenRevision } from './revision.ts';
import { defaultSettings, type ServerSettings } from './settings.ts';
import type { TaskRunner } from './simulation-host.ts';
import type { FindPage } from './to-lsp.ts';
import { Workspace } from './workspace.ts';
import { type FilesBelow, WorkspaceFiles } from './workspace-files.ts';

export interface ServerParts {
  readonly sources: SourceStore;
  /** Delays requests about a document while its imported texts are being read. */
  readonly gate: LoadingGate;
  readonly simulation: TaskRunner;
  /** Whether a document with this URI is checked and run. */
  readonly serves: (uri: string) => boolean;
  readonly filesBelow: FilesBelow;
  /** Returns seconds of a monotonic clock. */
  readonly now: () => number;
  readonly version: string;
  /** Keeps the results of explorations for the next server. Absent: they end with this one. */
  readonly explored?: KeptText | undefined;
  /** Identifies the program beyond its version, because results of another build may differ. Default: the version. */
  readonly build?: string;
  /** Called after each check of a long document. */
  readonly sawLongText?: () => void;
  /** Finds the page that explains a diagnostic's code. */
  readonly diagnosticPage: FindPage;
  /** Absent in a browser, which has no git. */
  readonly openRevision?: OpenRevision;
}

/** The files that a design can use. */
const outsideFiles = '*.{npu,onnx,csv,tsv,json,jsonl}';

/** Everything that exists as long as the connection: the parts that the client's messages use. */
export class Session {
  readonly parts: ServerParts;
  private readonly connection: Connection;
  readonly client: ClientDoor;
  readonly workspace: Workspace;
  readonly files: WorkspaceFiles;
  readonly runs: DocumentRuns;
  readonly diagnostics: Diagnostics;
  readonly explorations: Explorations;
  readonly fixes: SimulatedFixes;
  /** Edits that have not been checked yet. */
  readonly edits: LateEdits;
  /** What the language features use. */
  readonly features: FeatureContext;
  /** Available after `initialize`. */
  clientFacts: ClientFacts | undefined;
  settings = defaultSettings;
  /** True if the client can watch folders outside of the workspace. */
  watchesOutside = false;
  /** The documents that are previewed, while the edits of a drag are checked. */
  private dragged: ReadonlySet<string> = new Set();

  constructor(connection: Connection, parts: ServerParts) {
    this.parts = parts;
    this.connection = connection;
    this.client = new ClientDoor(connection);
    this.workspace = new Workspace(parts.sources, parts.sawLongText);
    this.files = new WorkspaceFiles(parts.filesBelow);
    const { client, workspace, files } = this;
    parts.gate.open((uri) => workspace.textsLoading(uri));
    this.diagnostics = new Diagnostics({
      workspace,
      page: parts.diagnosticPage,
      shown: () => this.features.client().diagnosticParts,
      runOf: (uri) => this.runs.get(uri),
      send: (params) => client.notify(connection.sendDiagnostics(params)),
    });
    this.runs = new DocumentRuns({
      connection,
      client,
      workspace,
      simulation: parts.simulation,
      now: parts.now,
      publish: (uri) => this.publish(uri),
      stateChanged: (state) => this.fixes.stateChanged(state),
    });
    this.features = {
      workspace,
      files,
      diagnosticPage: parts.diagnosticPage,
      settings: () => this.settings,
      client: () => {
        if (this.clientFacts === undefined) throw new Error("a request came before 'initialize'");
        return this.clientFacts;
      },
      results: (uri) => {
        this.edits.flush();
        return this.runs.results(uri);
      },
    };
    this.fixes = new SimulatedFixes(this.features, { ...parts, workspace }, (uri) => this.diagnostics.repeat(uri));
    this.explorations = new Explorations(
      parts.simulation,
      parts.now,
      (uri) => {
        const program = workspace.program(uri);
        return hasErrors(program.diagnostics) ? undefined : { program, scenarios: ownScenarios(program) };
      },
      new ExploredStore(parts.explored, parts.build ?? parts.version),
    );
    this.edits = new LateEdits(
      (uri) => this.checkEdited(uri),
      (error) => this.logBug(error),
    );
  }

  private logBug(error: unknown): void {
    this.connection.console.error(String(error instanceof Error ? error.stack : error));
  }

  /** Runs documents, unless their designs have been run already. Resolves when their runs have started. */
  async run(uris: readonly string[]): Promise<void> {
    this.edits.flushOf(uris);
    await Promise.all(uris.map((uri) => this.whenLoaded(uri, () => this.runs.run(uri))));
  }

  /**
   * Runs documents for a short time, because a number in `uri` is being dragged. Resolves when that has ended. Edits are checked, but start no
   * whole run.
   */
  async preview(uri: string): Promise<void> {
    const uris = [uri, ...this.workspace.openImporters(uri)];
    this.dragged = new Set(uris);
    try {
      this.edits.flush();
    } finally {
      this.dragged = new Set();
    }
    await Promise.all(uris.map((of) => this.whenLoaded(of, () => this.runs.preview(of))));
  }

  /** Settings apply immediately. A run in progress continues. */
  apply(settings: ServerSettings): void {
    const before = this.settings;
    this.settings = settings;
    if (settings.workers !== before.workers) this.parts.simulation.resize(settings.workers);
    if (settings.inlayHints !== before.inlayHints) this.client.refresh('inlay hints');
    if (settings.codeLenses !== before.codeLenses) this.client.refresh('code lenses');
  }

  publish(uri: string): void {
    this.inBackground(this.whenLoaded(uri, () => this.diagnostics.publish(uri)));
  }

  /**
   * Calls `act` when all files that a document uses are loaded, immediately if they are loaded already. Does nothing if the
   * document is closed in the meantime. Resolves when that has happened.
   */
  private async whenLoaded(uri: string, act: () => void | Promise<void>): Promise<void> {
    const loading = this.workspace.isOpen(uri) ? this.workspace.loading(uri) : undefined;
    if (loading === undefined) await act();
    else {
      await loading;
      if (this.workspace.isOpen(uri)) await act();
    }
  }

  /** For work that no message waits for. An error in it is a bug, which is logged and must not end the server. */
  inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.logBug(error));
  }

  /**
   * Imports may be outside of the workspace, and links may lead there. The client's watchers of the workspace do not
   * see these files.
   */
  private watchOutside(uri: string): void {
    if (!this.watchesOutside) return;
    for (const folder of this.workspace.usedFolders(uri)) {
      if (folder.startsWith('file://') && !this.files.isInside(folder)) this.client.watchFolder(folder, outsideFiles);
    }
  }

  private checkEdited(uri: string): void {
    if (!this.workspace.isOpen(uri)) return;
    const checked = this.whenLoaded(uri, () => {
      this.watchOutside(uri);
      if (this.dragged.has(uri)) {
        // The next preview includes the edit.
      } else if (this.settings.runOnType) this.runs.typed(uri);
      else this.runs.edited(uri);
      this.explorations.edited(uri);
      this.diagnostics.publish(uri);
    });
    this.inBackground(checked);
  }
}

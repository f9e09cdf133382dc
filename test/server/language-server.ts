import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { Diagnostic, InitializeResult, PublishDiagnosticsParams, Range } from 'vscode-languageserver/node';
import {
  type RunNotification,
  type RunPhase,
  type RunResults,
  runNotification,
  serverEnvironment,
  serverNodeOptions,
  unpack,
} from '../../protocol/index.ts';

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node, before those of the server. */
  readonly nodeOptions?: readonly string[];
  /** false: a client that cannot pull diagnostics. */
  readonly pulls?: boolean;
  readonly runOnOpen?: boolean;
  readonly runOnType?: boolean;
  /** Workspace folders, by URI. */
  readonly folders?: readonly string[];
  /** The commands that the client announces. */
  readonly commands?: readonly string[];
  /** A client of another editor: it reports nothing in addition to LSP. */
  readonly foreign?: boolean;
  /** false: a client with few capabilities: no snippets, no tree of symbols. */
  readonly rich?: boolean;
  /** A client to which the server may send every request: refreshes, registrations. */
  readonly eager?: boolean;
}

const ownCommands = ['stimpack.run', 'stimpack.openPanel', 'stimpack.compare'];

const eagerCapabilities = {
  diagnostics: { refreshSupport: true },
  inlayHint: { refreshSupport: true },
  didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
};

const formats = ['markdown', 'plaintext'];

/** The capabilities of a client such as VS Code, as far as the server uses them. */
const richCapabilities = {
  completion: { completionItem: { snippetSupport: true, documentationFormat: formats } },
  hover: { contentFormat: formats },
  signatureHelp: { signatureInformation: { documentationFormat: formats } },
  publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
  documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  codeAction: { resolveSupport: { properties: ['edit'] } },
};

const serverPath = (): string => process.env.STIMPACK_SERVER ?? path.resolve('dist/server.cjs');

/** The built language server over real stdio, used as an editor would use it. */
export class TestServer {
  readonly published: PublishDiagnosticsParams[] = [];
  readonly states: RunNotification[] = [];
  /** Messages that the editor must show to its user. */
  readonly shown: string[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly child: ChildProcess;
  readonly connection: MessageConnection;
  private version = 1;

  private constructor(child: ChildProcess, connection: MessageConnection) {
    this.child = child;
    this.connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      this.wake();
    });
    connection.onNotification(runNotification, (params: RunNotification) => {
      this.states.push(params);
      this.wake();
    });
    connection.onNotification('window/showMessage', ({ message }: { readonly message: string }) => {
      this.shown.push(message);
      this.wake();
    });
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('workspace/diagnostic/refresh', () => null);
    connection.listen();
  }

  /** The server's answer to a request before `initialize`. */
  static async hasty(method: string): Promise<unknown> {
    const child = spawn(process.execPath, [...serverNodeOptions, serverPath(), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    try {
      return await connection.sendRequest(method, { textDocument: { uri: 'file:///a.npu' } });
    } catch (error) {
      return error;
    } finally {
      connection.dispose();
      child.kill();
    }
  }

  static async start(options: ServerOptions = {}): Promise<{ server: TestServer; initialized: InitializeResult }> {
    const nodeOptions = [...(options.nodeOptions ?? []), ...serverNodeOptions];
    const child = spawn(process.execPath, [...nodeOptions, serverPath(), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...serverEnvironment, ...options.env },
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const server = new TestServer(child, connection);
    const rich = options.rich === false ? {} : richCapabilities;
    const textDocument = options.pulls === false ? rich : { ...rich, diagnostic: {} };
    const workspaceFolders = options.folders?.map((uri) => ({ uri, name: uri })) ?? null;
    const initialized = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders,
      capabilities: {
        textDocument,
        workspace: {
          ...(options.eager === true ? eagerCapabilities : {}),
          workspaceFolders: true,
          workspaceEdit: { documentChanges: options.rich !== false },
        },
        window: { workDoneProgress: true },
      },
      initializationOptions: {
        runOnOpen: options.runOnOpen ?? true,
        runOnType: options.runOnType ?? false,
        ...(options.foreign === true
          ? {}
          : { showsRuns: true, icons: true, commands: options.commands ?? ownCommands }),
      },
    });
    await connection.sendNotification('initialized', {});
    return { server, initialized };
  }

  /** The process id of the server. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  open(uri: string, text: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'npu', version: this.version, text },
    });
  }

  change(uri: string, text: string): Promise<void> {
    this.version += 1;
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: this.version },
      contentChanges: [{ text }],
    });
  }

  /** Replaces a part of the text, as an editor does for each keystroke. */
  type(uri: string, range: Range, text: string): Promise<void> {
    this.version += 1;
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: this.version },
      contentChanges: [{ range, text }],
    });
  }

  /** Sent just before a save, as editors announce it. */
  willSave(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/willSave', { textDocument: { uri }, reason: 1 });
  }

  save(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  async pull(uri: string): Promise<readonly Diagnostic[]> {
    const report = await this.connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    return report.items;
  }

  /** Any request of the protocol. */
  request<T>(method: string, params: object): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  /** A request of LSP about a document. */
  ask<T>(method: string, uri: string, params: object = {}): Promise<T> {
    return this.connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri }, ...params });
  }

  /** Waits until `ask` returns an answer. Repeats it after each message. */
  async until<T>(ask: () => T | undefined): Promise<T> {
    for (;;) {
      const answer = ask();
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** The newest state of a document, once it is in this phase. */
  phase(uri: string, phase: RunPhase): Promise<RunNotification> {
    return this.until(() => {
      const newest = this.states.findLast(({ state }) => state.uri === uri);
      return newest?.state.phase === phase ? newest : undefined;
    });
  }

  /** The diagnostics that were last published for a document. */
  lastPublished(uri: string): readonly Diagnostic[] {
    return this.published.findLast((params) => params.uri === uri)?.diagnostics ?? [];
  }

  /** The newest results of a document. */
  results(uri: string): RunResults {
    const newest = this.states.findLast(({ state, results }) => state.uri === uri && results !== null)?.results;
    if (newest === undefined || newest === null) return [];
    const bytes = Buffer.from(newest.columnsBase64, 'base64');
    const buffer = new ArrayBuffer(bytes.length);
    new Uint8Array(buffer).set(bytes);
    return unpack<RunResults>({ tree: newest.tree, buffer });
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    this.connection.dispose();
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await ended;
    this.connection.dispose();
    return code;
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resume of waiting) resume();
  }
}

import { type ClientFileAnswer, clientFileRequest, clientFolderRequest } from '../protocol/index.ts';
import { Rpc } from './rpc.ts';

/** The one document of the page. */
export const documentUri = 'playground:/design.npu';

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface LspDiagnostic {
  readonly range: Range;
  readonly severity?: number;
  readonly message: string;
  readonly code?: string | number;
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** The language server in a web worker. The page is its only client, with one document. */
export class ServerLink {
  readonly rpc: Rpc;
  private version = 0;
  /** The newest text. It is kept here until the document is open in the server, which ignores changes of other documents. */
  private text = '';
  private isOpen = false;

  constructor(worker: Promise<Worker>) {
    this.rpc = new Rpc(worker);
    // There is no disk. The texts of the library are in the server itself.
    this.rpc.answer(clientFileRequest, { kind: 'not-found' } satisfies ClientFileAnswer);
    this.rpc.answer(clientFolderRequest, []);
  }

  /** Returns the names of the types of semantic tokens. */
  async start(text: string): Promise<readonly string[]> {
    this.text = text;
    const answer = await this.rpc.request<Initialized>('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {
        textDocument: {
          hover: { contentFormat: ['markdown', 'plaintext'] },
          completion: { completionItem: { documentationFormat: ['plaintext'], snippetSupport: false } },
          semanticTokens: { requests: { full: true }, tokenTypes: [], tokenModifiers: [], formats: ['relative'] },
          publishDiagnostics: {},
        },
      },
      // The panel of the page shows the results.
      initializationOptions: { runOnOpen: true, commands: [], showsRuns: true },
    });
    this.rpc.notify('initialized', {});
    const textDocument = { uri: documentUri, languageId: 'npu', version: ++this.version, text: this.text };
    this.rpc.notify('textDocument/didOpen', { textDocument });
    this.isOpen = true;
    return answer.capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
  }

  changed(text: string): void {
    this.text = text;
    if (!this.isOpen) return;
    this.rpc.notify('textDocument/didChange', {
      textDocument: { uri: documentUri, version: ++this.version },
      contentChanges: [{ text }],
    });
  }

  /** Runs the design, as a save does in an editor. */
  saved(): void {
    // Opening a document runs it, so only a later save needs a message.
    if (this.isOpen) this.rpc.notify('textDocument/didSave', { textDocument: { uri: documentUri } });
  }

  /** A request about a place of the document; null if the server has no answer. */
  async ask<T>(method: string, position: Position): Promise<T | null> {
    if (!this.isOpen) return null;
    return this.rpc.request(method, { textDocument: { uri: documentUri }, position });
  }

  async tokens(): Promise<readonly number[]> {
    if (!this.isOpen) return [];
    const textDocument = { uri: documentUri };
    const method = 'textDocument/semanticTokens/full';
    const answer = await this.rpc.request<{ readonly data: readonly number[] } | null>(method, { textDocument });
    return answer?.data ?? [];
  }

  async format(): Promise<readonly TextEdit[]> {
    if (!this.isOpen) return [];
    const options = { tabSize: 2, insertSpaces: true };
    const textDocument = { uri: documentUri };
    const method = 'textDocument/formatting';
    return (await this.rpc.request<readonly TextEdit[] | null>(method, { textDocument, options })) ?? [];
  }
}

interface Initialized {
  readonly capabilities: {
    readonly semanticTokensProvider?: { readonly legend: { readonly tokenTypes: readonly string[] } };
  };
}

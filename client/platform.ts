import type * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { Packed } from '../protocol/index.ts';
import type { Panels } from './panels.ts';
import type { WriteDisk } from './replace-file.ts';
import type { ReproduceOptions } from './reproduce.ts';
import type { RunStore } from './run-store.ts';

/** What differs between the two extension hosts: Node (extension.ts) and a web worker (browser/extension.ts). */
export interface Platform {
  /** Creates the client of a server that runs on this platform, and does not start it. */
  readonly createClient: (options: LanguageClientOptions) => BaseLanguageClient;
  /** URI schemes of the documents that this server checks and simulates. */
  readonly schemes: readonly string[];
  /** Adds to each diagnostic the page about its code. On Node, the server does that. */
  readonly linksCodes: boolean;
  /** Undefined in a browser, which starts no process and has no disk. */
  readonly node: NodeParts | undefined;
}

/** The parts of the extension that need processes and a disk. */
export interface NodeParts {
  readonly writeDisk: WriteDisk;
  /** Tasks and the MCP server. */
  readonly register: () => readonly vscode.Disposable[];
  readonly runCapacity: (document: vscode.TextDocument, scenario: string | undefined) => Promise<void>;
  readonly compareRevision: (document: vscode.TextDocument, runs: RunStore, panels: Panels) => Promise<void>;
  readonly exportReport: (runs: RunStore, uri: string | undefined, explored: readonly Packed[]) => Promise<void>;
  readonly reproduce: (options: ReproduceOptions) => Promise<vscode.Uri | undefined>;
}

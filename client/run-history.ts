import * as vscode from 'vscode';
import {
  type HistoryAction,
  type HistoryEntry,
  historyFigures,
  type Packed,
  pack,
  type RevisionAnswer,
  type RunResults,
  unpack,
} from '../protocol/index.ts';
import { base64OfBytes } from './base64.ts';
import {
  type HistoryList,
  parseHistory,
  revisionId,
  without,
  withRevision,
  withRun,
  withStar,
} from './history-list.ts';
import type { RunStore } from './run-store.ts';

const keyOf = (uri: string): string => `stimpack.history ${uri}`;

/** The lists of this many documents are kept, the last used ones. Our assumption. */
const mostDocuments = 20;
const documentsKey = 'stimpack.historyDocuments';

/** The last runs of each document, each with its text, in the storage of the workspace. */
export class RunHistory implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string>();
  /** Fires with the document whose list has changed. */
  readonly onDidChange = this.changed.event;
  private readonly memory: vscode.Memento;
  /** The version of each document's text when its run started. */
  private readonly started = new Map<string, number>();
  private readonly chosen = new Map<string, string>();
  private readonly disposables: readonly vscode.Disposable[];

  constructor(runs: RunStore, memory: vscode.Memento) {
    this.memory = memory;
    this.disposables = [
      this.changed,
      runs.onDidChange(({ state: { uri, phase }, results }) => {
        const version = versionOf(uri);
        if (phase === 'running' && version !== undefined && !this.started.has(uri)) this.started.set(uri, version);
        if (phase === 'running') return;
        // If the text has changed since, it is not known which text the results belong to.
        if (phase === 'fresh' && results !== null && this.started.get(uri) === version) this.record(uri, results);
        this.started.delete(uri);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** The newest first. */
  of(uri: string): readonly HistoryEntry[] {
    return this.list(uri).map(({ text: _, commit: __, ...entry }) => entry);
  }

  /** The run of a revision that panels compare from now on. Each revision is returned once. */
  takeChosen(uri: string): string | undefined {
    const id = this.chosen.get(uri);
    this.chosen.delete(uri);
    return id;
  }

  addRevision(uri: string, name: string, { commit, text, figures }: RevisionAnswer & { readonly kind: 'done' }): void {
    this.chosen.set(uri, revisionId(commit));
    this.keep(uri, withRevision(this.list(uri), name, { atMilliseconds: Date.now(), text, figures }, commit));
  }

  async act(uri: string, id: string, action: HistoryAction): Promise<void> {
    if (action === 'restore') {
      const run = this.list(uri).find((one) => one.id === id);
      if (run !== undefined) await restoreText(uri, run.text);
      return;
    }
    this.keep(uri, action === 'star' ? withStar(this.list(uri), id) : without(this.list(uri), id));
  }

  private list(uri: string): HistoryList {
    return parseHistory(this.memory.get<unknown>(keyOf(uri)));
  }

  private record(uri: string, results: Packed): void {
    const document = openDocument(uri);
    if (document === undefined) return;
    const { tree, buffer } = pack(historyFigures(unpack<RunResults>(results)));
    const encoded = { tree, columnsBase64: base64OfBytes(buffer) };
    const run = { atMilliseconds: Date.now(), text: document.getText(), figures: encoded };
    this.keep(uri, withRun(this.list(uri), run));
  }

  private keep(uri: string, list: HistoryList): void {
    void this.memory.update(keyOf(uri), list.length === 0 ? undefined : list);
    const known = this.memory.get<readonly string[]>(documentsKey, []);
    const documents = [uri, ...known.filter((other) => other !== uri)];
    for (const forgotten of documents.slice(mostDocuments)) void this.memory.update(keyOf(forgotten), undefined);
    void this.memory.update(documentsKey, documents.slice(0, mostDocuments));
    this.changed.fire(uri);
  }
}

function openDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
}

function versionOf(uri: string): number | undefined {
  return openDocument(uri)?.version;
}

/** Replaces only what differs, as one edit that undo takes back. The document gets the keyboard focus, to save or to undo. */
async function restoreText(uri: string, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const present = document.getText();
  let start = 0;
  while (start < Math.min(present.length, text.length) && present[start] === text[start]) start++;
  let end = 0;
  const most = Math.min(present.length, text.length) - start;
  while (end < most && present[present.length - 1 - end] === text[text.length - 1 - end]) end++;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(present.length - end));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text.slice(start, text.length - end));
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}

import * as vscode from 'vscode';
import { isNpu } from './npu-document.ts';

export type Gone = 'closed' | 'deleted';

/**
 * Tracks documents that are no longer open in the editor or no longer on disk. A panel then shows their last results.
 */
export class DocumentPresence implements vscode.Disposable {
  private readonly gone = new Map<string, Gone>();
  private readonly changed = new vscode.EventEmitter<string>();
  /** Fires with the URI of a document that was closed, deleted or opened again. */
  readonly onDidChange = this.changed.event;
  private readonly disposables: readonly vscode.Disposable[];

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.npu', false, true, false);
    this.disposables = [
      this.changed,
      watcher,
      watcher.onDidDelete((uri) => this.set(uri.toString(), 'deleted')),
      watcher.onDidCreate((uri) => this.set(uri.toString(), isOpen(uri.toString()) ? undefined : 'closed')),
      // VS Code may keep the text of a closed editor in memory for a while, and a newly opened editor may find it
      // there.
      vscode.window.tabGroups.onDidChangeTabs(({ closed, opened }) => {
        for (const uri of opened.flatMap(uriOf)) this.set(uri.toString(), undefined);
        for (const uri of closed.flatMap(uriOf)) if (!hasTab(uri)) void this.closed(uri);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (isNpu(document)) void this.closed(document.uri);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => this.set(document.uri.toString(), undefined)),
    ];
  }

  /** Returns undefined if the document is open or unknown. */
  of(uri: string): Gone | undefined {
    return this.gone.get(uri);
  }

  /** Opens a document of an earlier session of the window without an editor, so that the server reads and runs it. */
  async bringBack(uri: string): Promise<void> {
    const parsed = vscode.Uri.parse(uri);
    if (isOpen(uri)) return;
    try {
      // An untitled text that the editor did not restore is lost. Opening it would create another one.
      if (parsed.scheme === 'untitled') throw new Error('an untitled document has no file');
      await vscode.workspace.openTextDocument(parsed);
    } catch {
      this.set(uri, 'deleted');
    }
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async closed(uri: vscode.Uri): Promise<void> {
    const onDisk = await exists(uri);
    // The document may be open again: a change of its language closes and opens it.
    if (!hasTab(uri)) this.set(uri.toString(), onDisk ? 'closed' : 'deleted');
  }

  private set(uri: string, gone: Gone | undefined): void {
    if (this.gone.get(uri) === gone) return;
    if (gone === undefined) this.gone.delete(uri);
    else this.gone.set(uri, gone);
    this.changed.fire(uri);
  }
}

/** The URI of a tab that shows a design. */
function uriOf({ input }: vscode.Tab): readonly vscode.Uri[] {
  return input instanceof vscode.TabInputText && input.uri.path.endsWith('.npu') ? [input.uri] : [];
}

function hasTab(uri: vscode.Uri): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}

function isOpen(uri: string): boolean {
  return vscode.workspace.textDocuments.some((document) => !document.isClosed && document.uri.toString() === uri);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme === 'untitled') return false;
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

import * as vscode from 'vscode';
import type { ExploreRequest } from '../protocol/index.ts';
import { DocumentPresence } from './document-presence.ts';
import { Explorations } from './explorations.ts';
import { isNpu } from './npu-document.ts';
import { Panel, type PanelParts, sharedView } from './panel.ts';
import type { RunStore } from './run-store.ts';

export const panelViewId = 'stimpack.results';
const panelTabType = 'stimpack.resultsTab';

/**
 * The panel in its two places: a view in the side bar, and a tab beside the editor. Both show the .npu file that was
 * active last, also when another kind of file becomes active.
 */
export class Panels implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer, vscode.Disposable {
  private view: Panel | undefined;
  private tab: { readonly panel: Panel; readonly host: vscode.WebviewPanel } | undefined;
  private readonly disposables: vscode.Disposable[] = [];
  private current: string | undefined;
  private readonly extensionUri: vscode.Uri;
  private readonly parts: PanelParts;

  constructor(extensionUri: vscode.Uri, runs: RunStore, memory: vscode.Memento) {
    this.extensionUri = extensionUri;
    const presence = new DocumentPresence();
    const explorations = new Explorations(runs, memory);
    this.parts = { extensionUri, runs, explorations, presence, shared: sharedView(memory) };
    this.disposables.push(
      presence,
      explorations,
      vscode.window.registerWebviewViewProvider(panelViewId, this),
      vscode.window.registerWebviewPanelSerializer(panelTabType, this),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor?.document)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const selection = selections[0];
        if (selection === undefined || !isNpu(textEditor.document)) return;
        const { document } = textEditor;
        const originOf = (range: vscode.Range) => ({
          uri: document.uri.toString(),
          start: document.offsetAt(range.start),
          end: document.offsetAt(range.end),
        });
        const lines = new vscode.Range(selection.start.line, 0, selection.end.line, Number.MAX_SAFE_INTEGER);
        for (const panel of this.all()) panel.highlight(originOf(selection), originOf(document.validateRange(lines)));
      }),
    );
    this.follow(vscode.window.activeTextEditor?.document);
  }

  resolveWebviewView(view: vscode.WebviewView, { state }: vscode.WebviewViewResolveContext): void {
    const panel = new Panel(view.webview, this.parts);
    this.view = panel;
    view.onDidDispose(() => {
      panel.dispose();
      if (this.view === panel) this.view = undefined;
    });
    if (this.current !== undefined) panel.show(this.current);
    else this.bringBack(state);
  }

  /** Restores a tab that was open when the window was closed, with its document. */
  async deserializeWebviewPanel(host: vscode.WebviewPanel, state: unknown): Promise<void> {
    this.adopt(host);
    if (this.current === undefined) this.bringBack(state);
  }

  /** Opens the tab beside the editor, or brings it to the front. The keyboard focus stays in the editor. */
  openTab(): void {
    if (this.tab !== undefined) {
      this.tab.host.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.adopt(vscode.window.createWebviewPanel(panelTabType, 'Stimpack', place, { enableFindWidget: true }));
  }

  /** Opens the tab with a scenario and its `compare` variants. */
  compare(uri: string, scenario: string): void {
    // A hidden page is created again when it becomes visible.
    const listens = this.tab?.host.visible === true;
    this.openTab();
    this.tab?.panel.compare(uri, scenario, listens);
  }

  /** Tries the designs of an exploration in the tab, or in the view if there is no tab. */
  explore(request: ExploreRequest): void {
    void (this.tab?.panel ?? this.view)?.explore(request);
  }

  dispose(): void {
    this.view?.dispose();
    this.tab?.panel.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private adopt(host: vscode.WebviewPanel): void {
    const panel = new Panel(host.webview, this.parts);
    this.tab = { panel, host };
    host.iconPath = vscode.Uri.joinPath(this.extensionUri, 'client', 'media', 'icon.svg');
    host.onDidDispose(() => {
      panel.dispose();
      if (this.tab?.panel === panel) this.tab = undefined;
    });
    if (this.current !== undefined) panel.show(this.current);
  }

  private follow(document: vscode.TextDocument | undefined): void {
    if (document === undefined || !isNpu(document)) return;
    this.current = document.uri.toString();
    for (const panel of this.all()) panel.show(this.current);
  }

  /** The stored state of the page names the document. If the document is gone, the page reports that. */
  private bringBack(state: unknown): void {
    const uri = (state as { readonly uri?: unknown } | null | undefined)?.uri;
    if (typeof uri !== 'string') return;
    this.current = uri;
    for (const panel of this.all()) panel.show(uri);
    void this.parts.presence.bringBack(uri);
  }

  private all(): Panel[] {
    return [this.view, this.tab?.panel].filter((panel) => panel !== undefined);
  }
}

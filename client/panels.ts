import * as vscode from 'vscode';
import type { ExploreRequest, Packed, RevisionAnswer } from '../protocol/index.ts';
import { DocumentPresence } from './document-presence.ts';
import { Explorations } from './explorations.ts';
import { LockedFiles } from './locked-files.ts';
import { isNpu } from './npu-document.ts';
import { Panel, type PanelParts, sharedView } from './panel.ts';
import type { WriteDisk } from './replace-file.ts';
import { RunHistory } from './run-history.ts';
import type { RunStore } from './run-store.ts';
import type { Scrubbing } from './scrub.ts';
import { shownDocument } from './shown-document.ts';

export const panelViewId = 'stimpack.results';
const panelTabType = 'stimpack.resultsTab';
/** True if the active tab of results is locked to its file. The menu of the tab depends on it. */
const lockedContext = 'stimpack.resultsLocked';

interface Tab {
  readonly panel: Panel;
  readonly host: vscode.WebviewPanel;
  /** A locked tab shows one file. The others show the file in front. */
  isLocked: boolean;
}

/**
 * The panel in its places: a view in the side bar, and tabs beside the editor. A panel that is not locked shows the .npu file that was active
 * last, also when another kind of file becomes active. For a file without scenarios it shows a document that uses the file.
 */
export class Panels implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer, vscode.Disposable {
  private view: Panel | undefined;
  private readonly tabs = new Set<Tab>();
  private readonly disposables: vscode.Disposable[] = [];
  /** The .npu file that was active last. */
  private front: string | undefined;
  /** The document that panels show for it. */
  private current: string | undefined;
  private readonly extensionUri: vscode.Uri;
  private readonly parts: PanelParts;
  private readonly lockedFiles: LockedFiles;

  constructor(
    extensionUri: vscode.Uri,
    runs: RunStore,
    scrubbing: Scrubbing,
    memory: vscode.Memento,
    writeDisk: WriteDisk | undefined,
  ) {
    this.extensionUri = extensionUri;
    this.lockedFiles = new LockedFiles(memory);
    const presence = new DocumentPresence();
    const explorations = new Explorations(runs, memory);
    const history = new RunHistory(runs, memory);
    const shared = sharedView(memory);
    this.parts = { extensionUri, runs, explorations, presence, history, scrubbing, shared, writeDisk };
    this.disposables.push(
      presence,
      explorations,
      history,
      vscode.window.registerWebviewViewProvider(panelViewId, this),
      vscode.window.registerWebviewPanelSerializer(panelTabType, this),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor?.document)),
      // Only a check shows whether a file has scenarios, and which documents use it.
      runs.onDidChange(() => this.showCurrent()),
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

  /** Restores a tab that was open when the window was closed, with its document and its lock. */
  async deserializeWebviewPanel(host: vscode.WebviewPanel, state: unknown): Promise<void> {
    const uri = uriOfState(state);
    const isLocked = uri !== undefined && this.lockedFiles.has(uri) && this.lockedTab(uri) === undefined;
    const tab = this.adopt(host, isLocked ? uri : undefined);
    if (isLocked) {
      tab.panel.show(uri);
      void this.parts.presence.bringBack(uri);
    } else if (this.current === undefined) this.bringBack(state);
  }

  /** Opens a tab beside the editor that shows the file in front, or brings it to the front. The keyboard focus stays in the editor. */
  openTab(): void {
    const tab = this.following() ?? (this.current === undefined ? undefined : this.lockedTab(this.current));
    if (tab === undefined) this.adopt(this.createHost());
    else tab.host.reveal(undefined, true);
  }

  /** Opens another tab, which keeps showing the results of the file in front. */
  openLockedTab(): void {
    if (this.current === undefined) return;
    const known = this.lockedTab(this.current);
    if (known === undefined) this.adopt(this.createHost(), this.current);
    else known.host.reveal(undefined, true);
  }

  /** Locks the active tab to the file that it shows, or lets it follow the file in front again. */
  setLocked(isLocked: boolean): void {
    const tab = [...this.tabs].find(({ host }) => host.active) ?? this.following() ?? [...this.tabs].at(-1);
    if (tab !== undefined) this.lock(tab, isLocked);
  }

  /** Opens the tab with a scenario and its `compare` variants. */
  compare(uri: string, scenario: string): void {
    // A hidden page is created again when it becomes visible.
    const listens = this.tabOf(uri)?.host.visible === true;
    if (this.tabOf(uri) === undefined) this.openTab();
    else this.tabOf(uri)?.host.reveal(undefined, true);
    this.tabOf(uri)?.panel.compare(uri, scenario, listens);
  }

  /** Tries the designs of an exploration in the tab, or in the view if there is no tab. */
  explore(request: ExploreRequest): void {
    void (this.tabOf(request.uri)?.panel ?? this.view)?.explore(request);
  }

  /** Shows a document beside its run of a git revision. */
  compareRevision(uri: string, name: string, answer: RevisionAnswer & { readonly kind: 'done' }): void {
    if (this.tabOf(uri) === undefined) this.openTab();
    this.parts.history.addRevision(uri, name, answer);
  }

  /** Deletes the results of all explorations. */
  forgetExplorations(): Promise<void> {
    return this.parts.explorations.forget();
  }

  /** The document of the active tab, else the one that panels show, and its finished explorations. */
  shown(): { readonly uri: string | undefined; readonly explored: readonly Packed[] } {
    const uri = [...this.tabs].find(({ host }) => host.active)?.panel.shownUri ?? this.current;
    if (uri === undefined) return { uri, explored: [] };
    const answers = [...this.parts.explorations.of(uri)].map(({ answer }) => answer);
    return { uri, explored: answers.flatMap((answer) => (answer.kind === 'done' ? [answer.result] : [])) };
  }

  dispose(): void {
    this.view?.dispose();
    for (const { panel } of this.tabs) panel.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private createHost(): vscode.WebviewPanel {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const host = vscode.window.createWebviewPanel(panelTabType, 'Stimpack', place, { enableFindWidget: true });
    void moveToPlace(host);
    return host;
  }

  /** `lockedTo`: the document that the tab keeps showing. */
  private adopt(host: vscode.WebviewPanel, lockedTo?: string): Tab {
    const tab: Tab = { panel: new Panel(host.webview, this.parts), host, isLocked: false };
    this.tabs.add(tab);
    host.iconPath = vscode.Uri.joinPath(this.extensionUri, 'client', 'media', 'icon.svg');
    host.onDidChangeViewState(() => this.tellLock());
    host.onDidDispose(() => {
      const { shownUri } = tab.panel;
      tab.panel.dispose();
      this.tabs.delete(tab);
      if (tab.isLocked && shownUri !== undefined) this.lockedFiles.delete(shownUri);
    });
    const uri = lockedTo ?? this.current;
    if (uri !== undefined) tab.panel.show(uri);
    if (lockedTo !== undefined) this.lock(tab, true);
    return tab;
  }

  private lock(tab: Tab, isLocked: boolean): void {
    const uri = tab.panel.shownUri;
    if (uri === undefined) return;
    tab.isLocked = isLocked;
    if (isLocked) this.lockedFiles.add(uri);
    else this.lockedFiles.delete(uri);
    tab.host.title = isLocked ? `Stimpack: ${vscode.Uri.parse(uri).path.split('/').at(-1) ?? uri}` : 'Stimpack';
    if (!isLocked && this.current !== undefined) tab.panel.show(this.current);
    this.tellLock();
  }

  private tellLock(): void {
    const active = [...this.tabs].find(({ host }) => host.active);
    if (active !== undefined) void vscode.commands.executeCommand('setContext', lockedContext, active.isLocked);
  }

  private following(): Tab | undefined {
    return [...this.tabs].find(({ isLocked }) => !isLocked);
  }

  private lockedTab(uri: string): Tab | undefined {
    return [...this.tabs].find(({ isLocked, panel }) => isLocked && panel.shownUri === uri);
  }

  /** The tab that shows a document. */
  private tabOf(uri: string): Tab | undefined {
    return this.following() ?? this.lockedTab(uri);
  }

  private follow(document: vscode.TextDocument | undefined): void {
    if (document === undefined || !isNpu(document)) return;
    this.front = document.uri.toString();
    this.showCurrent();
  }

  private showCurrent(): void {
    if (this.front === undefined) return;
    this.current = shownDocument(this.front, this.parts.runs.states(), this.current);
    for (const panel of this.all()) panel.show(this.current);
  }

  /** The stored state of the page names the document. If the document is gone, the page reports that. */
  private bringBack(state: unknown): void {
    const uri = uriOfState(state);
    if (uri === undefined) return;
    this.front = uri;
    this.current = uri;
    for (const panel of this.all()) panel.show(uri);
    void this.parts.presence.bringBack(uri);
  }

  /** The panels that show the file in front. */
  private all(): Panel[] {
    const open = [...this.tabs].flatMap(({ isLocked, panel }) => (isLocked ? [] : [panel]));
    return this.view === undefined ? open : [this.view, ...open];
  }
}

function uriOfState(state: unknown): string | undefined {
  const uri = (state as { readonly uri?: unknown } | null | undefined)?.uri;
  return typeof uri === 'string' ? uri : undefined;
}

/** VS Code opens a tab beside the editor only. Its commands move the tab that has the focus. */
const moves: Readonly<Record<string, string>> = {
  below: 'workbench.action.moveEditorToBelowGroup',
  newWindow: 'workbench.action.moveEditorToNewWindow',
};

/** Moves a new tab to the place of the setting `stimpack.panel.place`. The keyboard focus returns to the editor. */
async function moveToPlace(host: vscode.WebviewPanel): Promise<void> {
  const move = moves[vscode.workspace.getConfiguration('stimpack').get<string>('panel.place', 'beside')];
  if (move === undefined) return;
  const editor = vscode.window.activeTextEditor;
  host.reveal(undefined, false);
  await vscode.commands.executeCommand(move);
  if (editor === undefined) return;
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.One });
}

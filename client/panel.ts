import * as vscode from 'vscode';
import {
  type ExploreRequest,
  type HostMessage,
  type LoadCurveAnswer,
  type LoadCurveRequest,
  type Origin,
  type PanelMessage,
  panelHtml,
  type SegmentsRequest,
} from '../protocol/index.ts';
import { base64OfBytes } from './base64.ts';
import type { DocumentPresence } from './document-presence.ts';
import type { Explorations, ExploreMessage } from './explorations.ts';
import { PanelNumbers } from './panel-numbers.ts';
import type { WriteDisk } from './replace-file.ts';
import { revealOrigin } from './reveal.ts';
import type { RunHistory } from './run-history.ts';
import type { RunStore } from './run-store.ts';
import { saveFile } from './save-file.ts';
import type { Scrubbing } from './scrub.ts';

/**
 * The state that the pages of a window share. A page that opens later continues where another page is, or was before a
 * reload of the window.
 */
export interface SharedView {
  state: unknown;
}

const sharedKey = 'stimpack.view';

export function sharedView(memory: vscode.Memento): SharedView {
  return {
    get state() {
      return memory.get<unknown>(sharedKey);
    },
    set state(state: unknown) {
      void memory.update(sharedKey, state);
    },
  };
}

export interface PanelParts {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunStore;
  readonly explorations: Explorations;
  readonly presence: DocumentPresence;
  readonly history: RunHistory;
  readonly scrubbing: Scrubbing;
  readonly shared: SharedView;
  readonly writeDisk: WriteDisk | undefined;
}

/** One page that shows one document's runs, in the side bar or in an editor tab. */
export class Panel implements vscode.Disposable {
  private documentUri: string | undefined;
  private ready = false;
  private cancelCurve: () => void = () => undefined;
  /**
   * The document whose explorations were sent to the page. The page accepts only messages about the document that it
   * shows.
   */
  private sentOnce: string | undefined;
  /**
   * The explorations that this page requested; they end with the page. The page shows news only about its own requests.
   */
  private readonly askedHere = new Set<ExploreRequest>();
  /** A comparison that was requested before the page could receive it. */
  private toCompare: HostMessage | undefined;
  /**
   * An exploration that was requested before the page could receive it, for example because the request opened the
   * page.
   */
  private unheard: ExploreRequest | undefined;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly webview: vscode.Webview;
  private readonly runs: RunStore;
  private readonly explorations: Explorations;
  private readonly presence: DocumentPresence;
  private readonly history: RunHistory;
  private readonly scrubbing: Scrubbing;
  private readonly numbers: PanelNumbers;
  private readonly shared: SharedView;
  private readonly writeDisk: WriteDisk | undefined;

  constructor(webview: vscode.Webview, parts: PanelParts) {
    const { extensionUri, runs, explorations, presence, history, scrubbing, shared, writeDisk } = parts;
    this.webview = webview;
    this.runs = runs;
    this.explorations = explorations;
    this.presence = presence;
    this.history = history;
    this.scrubbing = scrubbing;
    this.numbers = new PanelNumbers(runs, (message) => this.post(message));
    this.shared = shared;
    this.writeDisk = writeDisk;
    const assets = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [assets] };
    this.disposables.push(
      this.numbers,
      webview.onDidReceiveMessage((message: PanelMessage) => this.receive(message)),
      runs.onDidChange((update) => {
        if (update.state.uri !== this.documentUri) return;
        this.post({ type: 'update', update });
        this.sendOnce(update.state.uri);
      }),
      explorations.onDidSay((message) => this.tellExploration(message)),
      history.onDidChange((uri) => {
        if (uri === this.documentUri) this.postHistory(uri);
      }),
      runs.onDidForgetAll(() => this.postNewest()),
      presence.onDidChange((uri) => {
        if (uri === this.documentUri) this.postNewest();
      }),
    );
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: base64OfBytes(crypto.getRandomValues(new Uint8Array(24)).buffer),
      scriptUri: webview.asWebviewUri(vscode.Uri.joinPath(assets, 'panel.js')).toString(),
      styleUri: webview.asWebviewUri(vscode.Uri.joinPath(assets, 'panel.css')).toString(),
    });
  }

  /** Shows another document's runs, beginning with its newest state. */
  show(uri: string): void {
    if (uri === this.documentUri) return;
    this.documentUri = uri;
    this.postNewest();
  }

  get shownUri(): string | undefined {
    return this.documentUri;
  }

  highlight(origin: Origin, lines: Origin): void {
    if (origin.uri === this.documentUri) this.post({ type: 'selection', origin, lines });
  }

  compare(uri: string, scenario: string, listens: boolean): void {
    const message: HostMessage = { type: 'compare', uri, scenario };
    if (this.ready && listens) this.post(message);
    else this.toCompare = message;
  }

  dispose(): void {
    this.ready = false;
    this.cancelCurve();
    for (const { uri } of this.askedHere) this.explorations.cancel(uri);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private post(message: HostMessage): void {
    if (this.ready) void this.webview.postMessage(message);
  }

  /** Sends the newest state of the document, or the reason why there is none. A page always shows one of them. */
  private postNewest(): void {
    const uri = this.documentUri;
    this.sentOnce = undefined;
    if (uri === undefined) {
      this.post({ type: 'absent', absence: { kind: 'none' } });
      return;
    }
    const gone = this.presence.of(uri);
    const update = this.runs.get(uri);
    if (update !== undefined && gone !== 'closed') {
      this.post({ type: 'update', update });
      this.sendOnce(uri);
    }
    if (gone === undefined && update !== undefined) return;
    this.post({ type: 'absent', absence: { kind: gone ?? 'starting', uri, name: nameOf(uri) } });
  }

  private postHistory(uri: string): void {
    if (!this.ready) return;
    const chosen = this.history.takeChosen(uri);
    this.post({ type: 'history', uri, entries: this.history.of(uri), ...(chosen === undefined ? {} : { chosen }) });
  }

  private async answerSegments(request: SegmentsRequest): Promise<void> {
    const segments = await this.runs.segments(request);
    if (segments !== null) this.post({ type: 'segments', request, segments });
  }

  private async saveTrace(request: SegmentsRequest, suggestedName: string): Promise<void> {
    const trace = await this.runs.trace(request);
    if (trace === null) void vscode.window.showWarningMessage('That run is gone: simulate again to save its trace.');
    else await saveFile(suggestedName, trace, this.writeDisk);
  }

  private async makeLoadCurve(request: LoadCurveRequest): Promise<void> {
    this.cancelCurve();
    const source = new vscode.CancellationTokenSource();
    const answer = (said: LoadCurveAnswer): void => this.post({ type: 'loadCurve', request, answer: said });
    const progress = this.runs.onDidProgressCurve(({ request: of, fraction }) => {
      if (of.uri === request.uri && of.scenario === request.scenario) answer({ kind: 'running', fraction });
    });
    this.cancelCurve = () => source.cancel();
    try {
      const curve = await this.runs.loadCurve(request, source.token);
      answer(curve === null ? { kind: 'gone' } : { kind: 'done', curve });
    } catch {
      answer({ kind: 'gone' });
    } finally {
      progress.dispose();
      source.dispose();
    }
  }

  /** Tries the designs of an exploration, and shows the results so far as they grow. */
  async explore(request: ExploreRequest): Promise<void> {
    this.askedHere.add(request);
    if (!this.ready || this.sentOnce !== request.uri) this.unheard = request;
    await this.explorations.explore(request);
    this.askedHere.delete(request);
  }

  /** Sends the history, the numbers and the earlier explorations once the page has their document: it drops those of another one. */
  private sendOnce(uri: string): void {
    if (!this.ready || this.sentOnce === uri) return;
    this.sentOnce = uri;
    this.postHistory(uri);
    this.numbers.show(uri);
    const { unheard } = this;
    this.unheard = undefined;
    for (const { again, ...message } of this.explorations.of(uri)) {
      const isNews = unheard?.uri === uri && unheard.exploration === message.request.exploration;
      this.post(isNews || again === undefined ? message : { ...message, again });
    }
  }

  private tellExploration(message: ExploreMessage): void {
    const { uri, exploration } = message.request;
    if (uri !== this.documentUri) return;
    const isOwn = [...this.askedHere].some((asked) => asked.uri === uri && asked.exploration === exploration);
    this.post(isOwn ? message : { ...message, again: true });
  }

  private receive(message: PanelMessage): void {
    switch (message.type) {
      case 'ready':
        // A hidden page is created again, so this message arrives more than once.
        this.ready = true;
        if (this.shared.state !== undefined) this.post({ type: 'restore', state: this.shared.state });
        this.postNewest();
        if (this.toCompare !== undefined) this.post(this.toCompare);
        this.toCompare = undefined;
        return;
      case 'keep':
        this.shared.state = message.state;
        return;
      case 'open':
        void openDocument(message.uri);
        return;
      case 'reveal':
        void revealOrigin(message.origin);
        return;
      case 'run':
        if (this.documentUri !== undefined) void this.runs.request(this.documentUri, 'run');
        return;
      case 'cancelRun':
        if (this.documentUri !== undefined) void this.runs.request(this.documentUri, 'cancel');
        return;
      case 'explore':
        void this.explore(message.request);
        return;
      case 'history':
        if (this.documentUri !== undefined) void this.history.act(this.documentUri, message.id, message.action);
        return;
      case 'number':
        if (this.documentUri !== undefined) void this.scrubbing.change(this.documentUri, message.change);
        return;
      case 'cancelExplore':
        if (this.documentUri !== undefined) this.explorations.cancel(this.documentUri);
        return;
      case 'command':
        void vscode.commands.executeCommand(
          message.command === 'openExample' ? 'stimpack.openExample' : 'workbench.actions.view.problems',
        );
        return;
      case 'trace':
        void this.saveTrace(message.request, message.suggestedName);
        return;
      case 'loadCurve':
        void this.makeLoadCurve(message.request);
        return;
      case 'cancelLoadCurve':
        this.cancelCurve();
        return;
      case 'segments':
        void this.answerSegments(message.request);
        return;
      case 'save':
        void saveFile(message.suggestedName, message.content, this.writeDisk);
        return;
    }
  }
}

function nameOf(uri: string): string {
  return vscode.Uri.parse(uri).path.split('/').at(-1) ?? uri;
}

async function openDocument(uri: string): Promise<void> {
  try {
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), { viewColumn: vscode.ViewColumn.One });
  } catch (error) {
    void vscode.window.showWarningMessage(`${nameOf(uri)} cannot be opened: ${String(error)}`);
  }
}

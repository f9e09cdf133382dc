import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type HostMessage, type PanelMessage, panelHtml, type SegmentsRequest } from '../protocol/index.ts';
import { revealOrigin } from './reveal.ts';
import type { RunStore } from './run-store.ts';
import { saveFile } from './save-file.ts';

/** One page that draws one document's runs, in the side bar or in an editor tab. */
export class Panel implements vscode.Disposable {
  private documentUri: string | undefined;
  private ready = false;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly webview: vscode.Webview;
  private readonly runs: RunStore;

  constructor(webview: vscode.Webview, extensionUri: vscode.Uri, runs: RunStore) {
    this.webview = webview;
    this.runs = runs;
    const assets = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [assets] };
    this.disposables.push(
      webview.onDidReceiveMessage((message: PanelMessage) => this.receive(message)),
      runs.onDidChange((update) => {
        if (update.state.uri === this.documentUri) this.post({ type: 'update', update });
      }),
    );
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(24).toString('base64'),
      scriptUri: webview.asWebviewUri(vscode.Uri.joinPath(assets, 'panel.js')).toString(),
      styleUri: webview.asWebviewUri(vscode.Uri.joinPath(assets, 'panel.css')).toString(),
    });
  }

  /** Shows another document's runs, from its newest state on. */
  show(uri: string): void {
    if (uri === this.documentUri) return;
    this.documentUri = uri;
    this.postNewest();
  }

  get shownUri(): string | undefined {
    return this.documentUri;
  }

  highlight(uri: string, start: number, end: number): void {
    if (uri === this.documentUri) this.post({ type: 'selection', origin: { uri, start, end } });
  }

  dispose(): void {
    this.ready = false;
    for (const disposable of this.disposables) disposable.dispose();
  }

  private post(message: HostMessage): void {
    if (this.ready) void this.webview.postMessage(message);
  }

  private postNewest(): void {
    const update = this.documentUri === undefined ? undefined : this.runs.get(this.documentUri);
    if (update !== undefined) this.post({ type: 'update', update });
  }

  private async answerSegments(request: SegmentsRequest): Promise<void> {
    const segments = await this.runs.segments(request);
    if (segments !== null) this.post({ type: 'segments', request, segments });
  }

  private receive(message: PanelMessage): void {
    switch (message.type) {
      case 'ready':
        // A page that was hidden is made anew, so this comes more than once.
        this.ready = true;
        this.postNewest();
        return;
      case 'reveal':
        void revealOrigin(message.origin);
        return;
      case 'run':
        if (this.documentUri !== undefined) void this.runs.request(this.documentUri, 'run');
        return;
      case 'command':
        void vscode.commands.executeCommand(
          message.command === 'openExample' ? 'stimpack.openExample' : 'workbench.actions.view.problems',
        );
        return;
      case 'segments':
        void this.answerSegments(message.request);
        return;
      case 'save':
        void saveFile(message.suggestedName, message.content);
        return;
    }
  }
}

import * as vscode from 'vscode';
import type { HostMessage } from '../protocol/index.ts';
import type { RunStore } from './run-store.ts';

/** The sliders follow the text once it has not changed for this long. */
const restMilliseconds = 150;

/** Sends the numbers of the shown document to its panel, again after each change of the text. */
export class PanelNumbers implements vscode.Disposable {
  private uri: string | undefined;
  private waiting: NodeJS.Timeout | undefined;
  private readonly runs: RunStore;
  private readonly post: (message: HostMessage) => void;
  private readonly changes: vscode.Disposable;

  constructor(runs: RunStore, post: (message: HostMessage) => void) {
    this.runs = runs;
    this.post = post;
    this.changes = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.toString() === this.uri) this.sendLater();
    });
  }

  /** Sends the numbers of a document. */
  show(uri: string): void {
    this.uri = uri;
    clearTimeout(this.waiting);
    this.runs.numbers(uri).then(
      (numbers) => {
        if (uri === this.uri) this.post({ type: 'numbers', uri, numbers });
      },
      // The server has ended. The next one sends its states, and the panel shows the document again.
      () => undefined,
    );
  }

  dispose(): void {
    clearTimeout(this.waiting);
    this.changes.dispose();
  }

  private sendLater(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      if (this.uri !== undefined) this.show(this.uri);
    }, restMilliseconds);
  }
}

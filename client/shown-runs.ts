import type { RunUpdate } from '../protocol/index.ts';

/**
 * Documents whose results were shown when the server ended. The next server knows nothing of them, and runs a document that is opened only where
 * `stimpack.runOnOpen` is on: it is asked to run these again, with the text that they have in the editor.
 */
export class ShownRuns {
  private readonly uris = new Set<string>();

  /** The server has ended, and with it what it knew. */
  serverEnded(updates: Iterable<RunUpdate>): void {
    for (const { state, results } of updates) if (results !== null) this.uris.add(state.uri);
  }

  /** A document was closed: its results need not come back. */
  closed(uri: string): void {
    this.uris.delete(uri);
  }

  /** Documents to run, once the next server has started. Each is given once. */
  serverStarted(): readonly string[] {
    const uris = [...this.uris];
    this.uris.clear();
    return uris;
  }
}

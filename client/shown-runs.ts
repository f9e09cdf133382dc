import type { RunUpdate } from '../protocol/index.ts';

/**
 * Documents whose results were shown when the server ended. The next server has no results, and it runs an opened
 * document only if `stimpack.runOnOpen` is on. So the client requests these runs again, with the text in the editor.
 */
export class ShownRuns {
  private readonly uris = new Set<string>();

  /** Handles the end of the server, which loses all results. */
  serverEnded(updates: Iterable<RunUpdate>): void {
    for (const { state, results } of updates) if (results !== null) this.uris.add(state.uri);
  }

  /** Handles a closed document, whose results need not be restored. */
  closed(uri: string): void {
    this.uris.delete(uri);
  }

  /** Documents to run once the next server has started. Each is returned once. */
  serverStarted(): readonly string[] {
    const uris = [...this.uris];
    this.uris.clear();
    return uris;
  }
}

import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import { DidChangeWatchedFilesNotification } from './lsp.ts';
import { type Timer, unattended } from './timers.ts';

/** The requests that the client repeats at the request of the server. */
export type Refreshed = 'diagnostics' | 'inlay hints' | 'code lenses';

/** The server stops waiting for a client that has not answered for this long. Our assumption. */
const patienceMilliseconds = 5000;

/**
 * A client keeps one watcher for each folder. The server finds changes in further folders only after an edit and when
 * the window gets the focus. Our assumption.
 */
const mostFolders = 100;

/**
 * The one door for requests from the server to the client. A client may reject a request, never answer it, or have ended.
 * Each of these is at most one line in the log. Nothing in the server waits for an answer, and the server does not
 * repeat a request while the same one is unanswered.
 */
export class ClientDoor {
  private readonly connection: Connection;
  /** Requests without an answer yet. The value is true if the same request is needed again. */
  private readonly unanswered = new Map<string, boolean>();
  /** Requests that the client refused. The server does not send them again. */
  private readonly refused = new Set<string>();
  private readonly canRefresh = new Set<Refreshed>();
  private readonly watchedFolders = new Set<string>();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Allows a refresh that the client announced in its capabilities. The server sends no other refresh. */
  allowRefresh(what: Refreshed): void {
    this.canRefresh.add(what);
  }

  /** For a notification: its promise fails only if the client has ended. */
  notify(sent: Promise<unknown>): void {
    sent.catch(() => undefined);
  }

  /** Makes the client request its diagnostics, hints or lenses again. */
  refresh(what: Refreshed): void {
    if (!this.canRefresh.has(what)) return;
    const { languages } = this.connection;
    const requests: Readonly<Record<Refreshed, () => Promise<unknown>>> = {
      diagnostics: () => toPromise(() => languages.diagnostics.refresh()),
      'inlay hints': () => languages.inlayHint.refresh(),
      'code lenses': () => this.connection.sendRequest('workspace/codeLens/refresh'),
    };
    this.ask(`refresh ${what}`, requests[what]);
  }

  /** Registers for reports about changes of files on disk. */
  watch(globPatterns: readonly string[]): void {
    const watchers = globPatterns.map((globPattern) => ({ globPattern }));
    this.ask('watch files', () =>
      this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }),
    );
  }

  /**
   * Registers for reports about file changes in one folder, also outside the workspace. The server sends this once for
   * each folder.
   */
  watchFolder(baseUri: string, pattern: string): void {
    if (this.watchedFolders.has(baseUri) || this.watchedFolders.size >= mostFolders) return;
    this.watchedFolders.add(baseUri);
    const watchers = [{ globPattern: { baseUri, pattern } }];
    this.ask(`watch files of ${baseUri}`, () =>
      this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }),
    );
  }

  /** Returns undefined if the client rejects the request or does not answer in time. */
  async progress(): Promise<WorkDoneProgressServerReporter | undefined> {
    if (this.refused.has('show progress')) return undefined;
    let late: Timer | undefined;
    const patience = new Promise<undefined>((resolve) => {
      const giveUp = (): void => {
        this.refuse('show progress', new Error('it did not answer'));
        resolve(undefined);
      };
      late = unattended(setTimeout(giveUp, patienceMilliseconds));
    });
    try {
      return await Promise.race([this.connection.window.createWorkDoneProgress(), patience]);
    } catch (error) {
      this.refuse('show progress', error);
      return undefined;
    } finally {
      clearTimeout(late);
    }
  }

  private ask(what: string, send: () => Promise<unknown>): void {
    if (this.refused.has(what)) return;
    if (this.unanswered.has(what)) {
      this.unanswered.set(what, true);
      return;
    }
    this.unanswered.set(what, false);
    let isSettled = false;
    const settle = (): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(late);
      const isWantedAgain = this.unanswered.get(what);
      this.unanswered.delete(what);
      if (isWantedAgain === true) this.ask(what, send);
    };
    const late = unattended(setTimeout(settle, patienceMilliseconds));
    send()
      .catch((error: unknown) => this.refuse(what, error))
      .then(settle);
  }

  private refuse(what: string, error: unknown): void {
    if (this.refused.has(what)) return;
    this.refused.add(what);
    const reason = error instanceof Error ? error.message : String(error);
    this.notify(toPromise(() => this.connection.console.warn(`The client refused to ${what}: ${reason}`)));
  }
}

/** The library types some of its requests as if they returned nothing. They return the promise of the answer. */
async function toPromise(send: () => unknown): Promise<unknown> {
  return send();
}

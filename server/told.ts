import type { RemoteConsole } from 'vscode-languageserver/node';

/**
 * For messages whose answer changes nothing: a client may refuse a progress bar or a refresh, and that is a line in the log, not the
 * end of the server.
 */
export function told(sent: Promise<unknown>, console: Pick<RemoteConsole, 'warn'>): void {
  sent.catch((error: unknown) => console.warn(`The client did not take a message: ${String(error)}`));
}

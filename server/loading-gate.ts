import type { MessageStrategy } from 'vscode-languageserver/node';

/** Settles when the imported texts of a document are loaded; undefined if they are loaded already. */
type FindLoading = (uri: string) => Promise<void> | undefined;

/**
 * Sits between the connection and its handlers. A request about a document whose imports are being read waits for them,
 * so no handler answers from an incomplete program. This happens within a few milliseconds after a document was opened
 * or an import was written. Notifications and requests about other documents pass.
 */
export class LoadingGate implements MessageStrategy {
  private find: FindLoading = () => undefined;

  open(find: FindLoading): void {
    this.find = find;
  }

  readonly handleMessage: MessageStrategy['handleMessage'] = (message, next) => {
    const uri = 'id' in message && 'params' in message ? documentOf(message.params) : undefined;
    const loading = uri === undefined ? undefined : this.find(uri);
    if (loading === undefined) next(message);
    // A request gets its answer even if a read fails.
    else
      loading.then(
        () => next(message),
        () => next(message),
      );
  };
}

/** The document of a request: `textDocument.uri` in LSP, `uri` in the requests of our own client. */
function documentOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const { textDocument, uri } = params as { readonly textDocument?: unknown; readonly uri?: unknown };
  if (typeof uri === 'string') return uri;
  if (typeof textDocument !== 'object' || textDocument === null || !('uri' in textDocument)) return undefined;
  return typeof textDocument.uri === 'string' ? textDocument.uri : undefined;
}

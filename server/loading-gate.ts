import type { MessageStrategy } from 'vscode-languageserver/node';

/** Settles when the texts that a document imports are read; undefined where they are. */
type FindLoading = (uri: string) => Promise<void> | undefined;

/**
 * Between the connection and its handlers: a question about a document whose imports are being read waits for them, so that no handler ever
 * answers from half a program. That is the case when a document was opened, or an import was written, a few milliseconds ago. Notifications
 * and questions about other documents pass.
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
    // A read that fails is no reason to leave a question without an answer.
    else
      loading.then(
        () => next(message),
        () => next(message),
      );
  };
}

/** The document that a request is about: `textDocument.uri` in LSP, `uri` in the requests of our own client. */
function documentOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const { textDocument, uri } = params as { readonly textDocument?: unknown; readonly uri?: unknown };
  if (typeof uri === 'string') return uri;
  if (typeof textDocument !== 'object' || textDocument === null || !('uri' in textDocument)) return undefined;
  return typeof textDocument.uri === 'string' ? textDocument.uri : undefined;
}

import { normalUri } from '../language/index.ts';

/** The fields of a message that contain a URI. */
const uriFields: ReadonlySet<string> = new Set(['uri', 'oldUri', 'newUri', 'rootUri', 'scopeUri']);

/** Fields with texts of any length that contain no URI. */
const textFields: ReadonlySet<string> = new Set(['text', 'contentChanges', 'columnsBase64']);

/** URIs are at most six levels deep in a message. A deeper message would only use up the call stack. */
const mostLevels = 32;

/**
 * Converts between the client's spelling of URIs (`file:///c%3A/a`) and the normal form that the server uses. Every
 * message passes here, so the rest of the server uses only the normal form. Each answer uses the client's own spelling
 * for a document that the client has open.
 */
export class ClientUris {
  /** The client's spelling of each open document, by its normal form, if the two differ. */
  private readonly spellings = new Map<string, string>();
  /** The last URI received, and its normal form: most messages are about the same document as the one before. */
  private last = { written: '', normal: '' };

  /** Replaces the URIs of a message from the client, in place. */
  received(message: object): void {
    const { method, params } = message as { readonly method?: unknown; readonly params?: unknown };
    const uri = (params as { readonly textDocument?: { readonly uri?: unknown } } | undefined)?.textDocument?.uri;
    if (typeof uri === 'string' && (method === 'textDocument/didOpen' || method === 'textDocument/didClose')) {
      this.follow(uri, method === 'textDocument/didOpen');
    }
    this.normalize(params);
  }

  /** Returns a message to the client, with the client's spellings. */
  sent<T extends object>(message: T): T {
    return this.spellings.size === 0 ? message : (this.spelled(message) as T);
  }

  /**
   * Keeps the spelling of a closed document, because the last message about it still needs it. Opening the document
   * with another spelling replaces it.
   */
  private follow(uri: string, isOpened: boolean): void {
    const normal = normalUri(uri);
    if (normal !== uri) this.spellings.set(normal, uri);
    else if (isOpened) this.spellings.delete(normal);
  }

  private spelled(value: unknown): unknown {
    if (typeof value === 'string') return this.spellings.get(value) ?? value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => this.spelled(one));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        // An edit of several files has URIs as keys.
        this.spellings.get(key) ?? key,
        textFields.has(key) ? inner : this.spelled(inner),
      ]),
    );
  }

  private normalize(value: unknown, depth = 0): void {
    if (typeof value !== 'object' || value === null || depth > mostLevels) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'object') {
        if (!textFields.has(key)) this.normalize(inner, depth + 1);
      } else if (typeof inner === 'string' && uriFields.has(key))
        (value as Record<string, unknown>)[key] = this.normalOf(inner);
    }
  }

  private normalOf(written: string): string {
    if (written !== this.last.written) this.last = { written, normal: normalUri(written) };
    return this.last.normal;
  }
}

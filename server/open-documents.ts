import type { TextDocument } from 'vscode-languageserver-textdocument';

interface OpenDocument {
  readonly document: TextDocument;
  /** Larger for a document whose text changed later. */
  readonly change: number;
}

/** The open documents of the editor. The text of an open document replaces that of the disk. */
export class OpenDocuments {
  /** By URI, in the order in which they were opened. */
  private readonly documents = new Map<string, OpenDocument>();
  private changes = 0;

  /** Keeps a document that was opened or whose text changed. */
  update(document: TextDocument): void {
    this.changes += 1;
    this.documents.set(document.uri, { document, change: this.changes });
  }

  close(uri: string): void {
    this.documents.delete(uri);
  }

  has(uri: string): boolean {
    return this.documents.has(uri);
  }

  text(uri: string): string | undefined {
    return this.documents.get(uri)?.document.getText();
  }

  /** The version that the editor gave a document. */
  version(uri: string): number | null {
    return this.documents.get(uri)?.document.version ?? null;
  }

  uris(): readonly string[] {
    return [...this.documents.keys()];
  }

  /** The document that changed last among these URIs. */
  newest(uris: Iterable<string>): string | undefined {
    let newest: string | undefined;
    let last = 0;
    for (const uri of uris) {
      const change = this.documents.get(uri)?.change ?? 0;
      if (change <= last) continue;
      newest = uri;
      last = change;
    }
    return newest;
  }
}

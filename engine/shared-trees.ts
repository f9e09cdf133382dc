import type { SyntaxTree, TreeStore } from '../language/index.ts';

/**
 * The newest tree of each file, for the checks of all documents: a file that many documents import is parsed once and is in memory once. It
 * keeps no tree alive, so memory does not grow.
 */
export class SharedTrees implements TreeStore {
  private readonly byUri = new Map<string, WeakRef<SyntaxTree>>();

  get(uri: string): SyntaxTree | undefined {
    return this.byUri.get(uri)?.deref();
  }

  set(uri: string, tree: SyntaxTree): void {
    this.byUri.set(uri, new WeakRef(tree));
  }

  /** Removes the files that are not used. */
  keepOnly(isUsed: (uri: string) => boolean): void {
    for (const uri of this.byUri.keys()) if (!isUsed(uri)) this.byUri.delete(uri);
  }
}

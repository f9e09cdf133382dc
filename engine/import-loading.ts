import { importTargets, limits, parse, type SyntaxTree, type TreeStore } from '../language/index.ts';

/** What a search for imports needs of the store of files. */
export interface TextLoader {
  /** The URI that programs use for a file. Reads it from the disk if it is not known. */
  identify(foundAs: string): Promise<string>;
  /** The text of an open document or of the disk; undefined if it cannot be read. */
  loadText(uri: string): Promise<string | undefined>;
  libraryUri(name: string): string | undefined;
  readonly trees: TreeStore;
}

/**
 * Loads files and what they import, also indirectly. Without this, a check would find one more file of a chain of imports each time, and be
 * repeated for each of them.
 */
export class ImportLoading {
  private readonly loader: TextLoader;
  private readonly reached = new Set<string>();
  /** Keeps the trees until the next check uses them. */
  private readonly parsed: SyntaxTree[] = [];

  constructor(loader: TextLoader) {
    this.loader = loader;
  }

  /** `foundAs`: the URI as an import states it. `depth`: the number of imports that led to it, from the first file of this search. */
  async load(foundAs: string, depth = 0): Promise<void> {
    if (this.reached.has(foundAs) || this.reached.size >= limits.programFiles || depth > limits.importDepth) return;
    this.reached.add(foundAs);
    const uri = await this.loader.identify(foundAs);
    const text = await this.loader.loadText(uri);
    if (text === undefined) return;
    const targets = importTargets(this.tree(uri, text), foundAs, (name) => this.loader.libraryUri(name));
    await Promise.all([...targets].map((target) => this.load(target, depth + 1)));
  }

  private tree(uri: string, text: string): SyntaxTree {
    const { trees } = this.loader;
    const shared = trees.get(uri);
    const tree = shared?.text === text ? shared : parse(text, uri, shared);
    if (tree !== shared) trees.set(uri, tree);
    this.parsed.push(tree);
    return tree;
  }
}

import { type Origin, type ReadProblem, readProblemText, type Unread } from '../../design/index.ts';
import type { LanguageHost } from '../host.ts';
import { limits } from '../limits.ts';
import { limitMessages, nameMessages } from '../messages/index.ts';
import { suggest } from '../suggest.ts';
import { type Import, parse, type SyntaxTree } from '../syntax/index.ts';
import { type CheckedFile, type FactStore, originOf } from './checked-file.ts';
import { Facts } from './facts.ts';
import { fixesTo, replaceFix } from './fixes.ts';
import { ImportGraph } from './import-graph.ts';
import { importTarget, isNpu } from './import-target.ts';
import type { Reporter } from './reporter.ts';

/** A file of the last check. Its facts are reused only if its text is unchanged and had no diagnostics. */
export interface KnownFile {
  readonly tree: SyntaxTree;
  readonly isSame: boolean;
  readonly foundAs: string;
  readonly facts: FactStore | undefined;
}

/** The files of the last check. */
export interface EarlierFiles {
  /** The reusable results for a file whose text is now `text`. */
  file(uri: string, text: string): KnownFile | undefined;
}

/** The files of a program: the root and all its direct and indirect imports, each read once. */
export class Files {
  /** In the order of first import. The root comes first. */
  readonly byUri = new Map<string, CheckedFile>();
  private readonly graph = new ImportGraph();
  private readonly targets = new Map<Import, CheckedFile>();
  private readonly loading: string[] = [];
  /** Files that were requested, read or not. */
  private readonly asked = new Set<string>();
  private isFull = false;
  private readonly host: LanguageHost;
  private readonly reporter: Reporter;
  /** Set only during loading, so that this object does not keep the last check in memory. */
  private earlier: EarlierFiles | undefined;
  private root = '';

  constructor(host: LanguageHost, reporter: Reporter) {
    this.host = host;
    this.reporter = reporter;
  }

  /** Whether an imported file is not read yet. It may declare names that are unknown now. */
  isPending = false;

  /** Reads the root and all its imports. Returns the reason if the root cannot be read. */
  loadAll(root: string, earlier: EarlierFiles | undefined): CheckedFile | Unread {
    this.earlier = earlier;
    this.root = root;
    const loaded = this.load(root, root);
    this.earlier = undefined;
    return loaded;
  }

  private load(uri: string, foundAs: string): CheckedFile | Unread {
    const before = this.byUri.get(uri);
    if (before !== undefined) return before;
    const text = this.host.readText(uri);
    if (typeof text !== 'string') {
      if (text.kind === 'pending') this.isPending = true;
      return text;
    }
    const known = this.earlier?.file(uri, text);
    const tree = known?.isSame === true ? known.tree : this.parsed(uri, text, known?.tree);
    const file = newFile(uri, foundAs, tree, this.graph);
    const facts = known?.foundAs === foundAs ? known.facts : undefined;
    this.byUri.set(uri, file);
    this.loading.push(uri);
    const imported = new Set<CheckedFile>();
    for (const item of tree.root.items) {
      if (item.kind !== 'import') continue;
      const target = this.follow(item, file);
      if (target !== undefined) imported.add(target);
    }
    this.graph.add(file, [...imported], facts !== undefined);
    this.loading.pop();
    // The root is read again in every check. The facts of another file are valid as long as its imports are unchanged.
    if (facts !== undefined && this.loading.length > 0 && this.isUnchanged(file)) file.facts = facts;
    return file;
  }

  /** The tree of a text. The check of another document may have parsed it. `earlier`: the tree of an earlier text. */
  private parsed(uri: string, text: string, earlier: SyntaxTree | undefined): SyntaxTree {
    const { trees } = this.host;
    const shared = trees?.get(uri);
    if (shared?.text === text) return shared;
    const tree = parse(text, uri, earlier ?? shared);
    trees?.set(uri, tree);
    return tree;
  }

  private follow(item: Import, file: CheckedFile): CheckedFile | undefined {
    if (item.path === undefined) return undefined;
    const origin = originOf(file, item.path);
    const name = item.path.value;
    const foundAs = importTarget(name, file.foundAs, (of) => this.host.libraryUri(of));
    if (foundAs === undefined) {
      this.unknownLibrary(name, item.path, file);
      return undefined;
    }
    if (!isNpu(foundAs)) {
      this.notNpu(name, item.path, file);
      return undefined;
    }
    if (!this.admits(foundAs, origin)) return undefined;
    const uri = this.identify(foundAs);
    if (uri === undefined) return undefined;
    const cycle = this.loading.indexOf(uri);
    if (cycle >= 0) {
      const files = [...this.loading.slice(cycle), uri].map(shortName);
      this.reporter.report(origin, nameMessages.importCycle({ files }));
      return undefined;
    }
    const target = this.load(uri, foundAs);
    if ('kind' in target) {
      if (target.kind !== 'pending') this.unreadable(origin, name, target);
      return undefined;
    }
    this.targets.set(item, target);
    file.facts.push({ kind: 'import', start: item.path.start, end: item.path.end, uri, foundAs });
    return target;
  }

  /** The URI of a file in the program; undefined if the host has not determined it yet. */
  private identify(foundAs: string): string | undefined {
    const uri = this.host.knownAs?.(foundAs, this.root) ?? foundAs;
    if (typeof uri === 'string') return uri;
    this.isPending = true;
    return undefined;
  }

  /** Whether one more file may be read; where not, the first that may not is reported. */
  private admits(uri: string, origin: Origin): boolean {
    if (this.loading.length > limits.importDepth) {
      this.reporter.report(origin, limitMessages.importsTooDeep({ most: limits.importDepth }));
      return false;
    }
    if (this.asked.has(uri)) return true;
    if (this.asked.size < limits.programFiles) {
      this.asked.add(uri);
      return true;
    }
    if (!this.isFull) this.reporter.report(origin, limitMessages.tooManyFiles({ most: limits.programFiles }));
    this.isFull = true;
    return false;
  }

  private unreadable(origin: Origin, name: string, problem: ReadProblem): void {
    const message =
      problem.kind === 'not-found'
        ? nameMessages.missingFile({ name })
        : nameMessages.unreadableImport({ name, reason: readProblemText(problem) });
    this.reporter.report(origin, message);
  }

  /** Imports only `.npu` files, so that no message can quote the content of another kind of file. */
  private notNpu(name: string, node: { readonly start: number; readonly end: number }, file: CheckedFile): void {
    const end = Math.max(node.start + 1, node.end - 1);
    // A file beside this one may lack its ending; one that is named by its place in the file system is what it is.
    const isBare = /^\.{1,2}\/(?!.*\.\.\/)/u.test(name) && !/[^/]\.[^./]*$/u.test(name);
    const fixes = !isBare ? [] : [replaceFix(originOf(file, { start: node.start + 1, end }), `${name}.npu`)];
    this.reporter.report(originOf(file, node), nameMessages.importOfOtherKind({ name }), { fixes });
  }

  private unknownLibrary(
    name: string,
    node: { readonly start: number; readonly end: number },
    file: CheckedFile,
  ): void {
    const inner = originOf(file, { start: node.start + 1, end: Math.max(node.start + 1, node.end - 1) });
    const origin = originOf(file, node);
    if (name.endsWith('.npu')) {
      this.reporter.report(origin, nameMessages.fileWithoutDot({ name }), { fixes: [replaceFix(inner, `./${name}`)] });
      return;
    }
    const names = this.host.libraryNames();
    const last = (one: string): string => one.split('/').at(-1) ?? one;
    const close = suggest(name, names) ?? names.find((one) => last(one).toLowerCase() === last(name).toLowerCase());
    const message = nameMessages.unknownLibrary({ name, close, known: names });
    this.reporter.report(origin, message, { fixes: fixesTo(inner, close) });
  }

  /** Whether a file and all its imports are unchanged and had no errors. Then its declarations are unchanged too. */
  isUnchanged(file: CheckedFile): boolean {
    return this.graph.isUnchanged(file);
  }

  /** The file that an import statement refers to. */
  importedBy(item: Import): CheckedFile | undefined {
    return this.targets.get(item);
  }

  /** A file and all its direct and indirect imports. */
  reach(file: CheckedFile): ReadonlySet<CheckedFile> {
    return this.graph.reach(file);
  }
}

/** A separate function, so that the names of a file keep no part of the check in memory. */
function newFile(uri: string, foundAs: string, tree: SyntaxTree, graph: ImportGraph): CheckedFile {
  let visible: CheckedFile['visible'] | undefined;
  const file: CheckedFile = {
    uri,
    foundAs,
    tree,
    own: new Map(),
    get visible() {
      visible ??= graph.visible(file);
      return visible;
    },
    used: new Set(),
    facts: new Facts(),
  };
  return file;
}

function shortName(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

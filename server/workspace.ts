import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type FileHost, type OpenTexts, openProgram, type SourceStore } from '../engine/index.ts';
import { LineIndex, type Program, withText } from '../language/index.ts';

/** A check of one document, and the files that it asked for, found or not. */
interface Compiled {
  /** Where it is not current, perhaps with a newer text than was checked. */
  program: Program;
  /** The last check that saw every imported text: the next one takes over what did not change. */
  checked: Program | undefined;
  readonly reads: ReadonlySet<string>;
  /** false: a file changed since; the next check takes over what did not. */
  isCurrent: boolean;
  /** Files that the check asked for and that are being read; settles when the check can be repeated. */
  readonly loading: Promise<void> | undefined;
  /** Whether texts are among them. */
  isTextLoading: boolean;
}

/** Characters of a text whose check a person who types would notice: some four thousand lines. Our assumption. */
const longText = 128 * 1024;

/**
 * The programs of the open documents, and of others that a feature asks about. Open text wins over the disk. A program is kept
 * until a file that it read changes, so that a keystroke compiles once however many features ask. Checks are synchronous over what is loaded:
 * who needs a complete one waits for `loading` first.
 */
export class Workspace {
  private readonly documents = new Map<string, TextDocument>();
  /** Open documents, that whose text changed last at the end: of several that show one file, it counts for the others. */
  private readonly byChange = new Set<string>();
  private readonly compiled = new Map<string, Compiled>();
  private readonly sources: SourceStore;
  /** Looks at the disk that are under way. */
  private readonly refreshing = new Set<Promise<unknown>>();

  constructor(sources: SourceStore) {
    this.sources = sources;
  }

  /** A document was opened or its text changed. Returns the open documents that see another text now, itself first. */
  update(document: TextDocument): readonly string[] {
    // Listed before a completion asks what can be imported.
    if (!this.documents.has(document.uri)) void this.sources.list(document.uri);
    const { uri } = document;
    this.documents.set(uri, document);
    this.byChange.delete(uri);
    this.byChange.add(uri);
    return [uri, ...this.invalidate((read) => this.sources.isSameFile(read, uri)).filter((one) => one !== uri)];
  }

  /**
   * Asks the disk which file a document shows that was opened: others may import it by another name. Gives the other open documents that see
   * another text now.
   */
  async identify(uri: string): Promise<readonly string[]> {
    await this.sources.identify(uri);
    return this.invalidate((read) => read !== uri && this.sources.isSameFile(read, uri)).filter((one) => one !== uri);
  }

  /** The URI under which programs know a file. */
  async knownAs(uri: string): Promise<string> {
    if (this.documents.has(uri) || this.isLibrary(uri)) return uri;
    const real = await this.realUri(uri);
    return this.showing(real) ?? this.sources.nameOf(uri);
  }

  /** The URI of the file that a URI leads to: without symbolic links, in the letters of the disk. */
  async realUri(uri: string): Promise<string> {
    await this.sources.identify(uri);
    return this.sources.realUri(uri) ?? uri;
  }

  /** From now on the disk's text counts. Returns the open documents that saw this one. */
  close(uri: string): readonly string[] {
    this.documents.delete(uri);
    this.byChange.delete(uri);
    this.sources.forget(uri);
    const affected = this.invalidate((read) => this.sources.isSameFile(read, uri));
    this.tidy();
    return affected;
  }

  /**
   * Files appeared, changed or went, or folders with all that is in them. Open documents are the editor's and stay. Gives the open documents
   * that see another content now.
   */
  filesChanged(uris: readonly string[]): Promise<readonly string[]> {
    const folders = uris.map((uri) => `${uri.replace(/\/$/u, '')}/`);
    const isMeant = (read: string): boolean =>
      !this.documents.has(read) &&
      (uris.includes(read) || folders.some((folder) => read.startsWith(folder)) || this.sources.isIndirect(read));
    for (const uri of this.documents.keys()) void this.sources.list(uri);
    return this.refresh(isMeant, () => true);
  }

  /** Looks whether the files that a document uses have changed without a word: not every editor watches them. */
  lookAgain(uri: string): Promise<readonly string[]> {
    return this.refresh(this.isOfDisk(uri));
  }

  /** As `lookAgain`, but nothing waits for the disk: answers rest on what is loaded until it has been read. */
  async lookBehind(uri: string): Promise<readonly string[]> {
    const changed = await this.sources.refresh(this.isOfDisk(uri));
    return this.invalidate((read) => changed.has(read));
  }

  /** What a document uses of the disk, to be looked at: not what is open. */
  private isOfDisk(uri: string): (read: string) => boolean {
    this.tidy();
    const reads = this.compiled.get(uri)?.reads;
    return (read) => reads?.has(read) === true && !this.isLibrary(read) && !this.documents.has(read);
  }

  /** Folders of the files that open documents use, by URI, under all names: those that the disk has, and those that links give them. */
  usedFolders(): ReadonlySet<string> {
    const folders = new Set<string>();
    for (const open of this.documents.keys()) {
      for (const read of this.compiled.get(open)?.reads ?? []) {
        if (this.isLibrary(read)) continue;
        for (const uri of [read, this.sources.realUri(read) ?? read]) folders.add(uri.slice(0, uri.lastIndexOf('/')));
      }
    }
    return folders;
  }

  /**
   * Settles when all that a document uses is loaded and its program is complete; undefined where it is. `texts`: without waiting for networks
   * and traces, which few answers depend on.
   */
  loading(uri: string, texts: 'texts' | 'all' = 'all'): Promise<void> | undefined {
    if (this.refreshing.size > 0) return Promise.all(this.refreshing).then(() => this.loading(uri, texts));
    this.program(uri);
    const compiled = this.compiled.get(uri);
    if (compiled?.loading === undefined || (texts === 'texts' && !compiled.isTextLoading)) return undefined;
    return compiled.loading.then(() => this.loading(uri, texts));
  }

  /** As `loading` of texts, for messages that must not cause a check: of what the last check has asked for. */
  textsLoading(uri: string): Promise<void> | undefined {
    const compiled = this.compiled.get(uri);
    return compiled?.isTextLoading === true ? compiled.loading?.then(() => this.textsLoading(uri)) : undefined;
  }

  /** The program of any file, complete. */
  async loadedProgram(uri: string): Promise<Program> {
    await this.loading(uri);
    return this.program(uri);
  }

  /** Suggestions name what the library has: read before the first one is wanted. */
  loadLibrary(): Promise<void> {
    return this.sources.loadLibrary();
  }

  /** As `realUri`, of files that a program has read; undefined of others. */
  knownRealUri(uri: string): string | undefined {
    return this.sources.realUri(uri);
  }

  isOpen(uri: string): boolean {
    return this.documents.has(uri);
  }

  /** Other open documents that read a file, directly or through others. */
  openImporters(uri: string): readonly string[] {
    return this.openUris().filter((open) => {
      if (open === uri) return false;
      this.program(open);
      return [...(this.compiled.get(open)?.reads ?? [])].some((read) => this.sources.isSameFile(read, uri));
    });
  }

  /** Of an open document, as the editor counts them. */
  version(uri: string): number | null {
    return this.documents.get(uri)?.version ?? null;
  }

  openUris(): readonly string[] {
    return [...this.documents.keys()];
  }

  /** Files of the library are the tool's: nobody renames in them. */
  isLibrary(uri: string): boolean {
    return this.sources.isLibrary(uri);
  }

  /** The check of a file's text as it is now, with the files that are loaded. */
  program(uri: string): Program {
    const known = this.compiled.get(uri);
    if (known?.isCurrent === true) return known.program;
    const { files, reads, load, isTextPending } = this.view();
    const checked = openProgram(uri, files, known?.checked);
    const isTextLoading = isTextPending();
    const loading = load();
    const program = checked.isPending ? this.meanwhile(checked, known) : checked;
    const compiled: Compiled = {
      program,
      checked: checked.isPending ? known?.checked : checked,
      reads,
      isCurrent: true,
      isTextLoading,
      loading: loading?.then(() => {
        compiled.isCurrent = false;
        compiled.isTextLoading = false;
      }),
    };
    this.compiled.set(uri, compiled);
    return program;
  }

  /** While imported texts are read: the new text, with the names that the last complete check knew. */
  private meanwhile(pending: Program, known: Compiled | undefined): Program {
    const text = pending.files.get(pending.uri)?.text;
    if (known?.checked === undefined || text === undefined) return pending;
    return withText(known.checked, pending.uri, text);
  }

  /** Whether a check of this document takes so long that what can be answered without it should not wait. */
  isLong(uri: string): boolean {
    return (this.compiled.get(uri)?.program.files.get(uri)?.text.length ?? 0) >= longText;
  }

  /** For answers that cannot wait: of a long document its text as it is, and of what that means what the last check knew. */
  glance(uri: string): Program {
    const known = this.compiled.get(uri);
    const text = this.documents.get(uri)?.getText();
    if (known === undefined || known.isCurrent || text === undefined || !this.isLong(uri)) return this.program(uri);
    known.program = withText(known.program, uri, text);
    // The next check takes this tree over: the text is parsed once.
    if (known.checked !== undefined) known.checked = known.program;
    return known.program;
  }

  /** A check of a document as it would be with another text. Nothing of it is kept. */
  programWith(uri: string, text: string): Program {
    const { files } = this.view((asked) => (asked === uri ? text : undefined));
    return openProgram(uri, files, this.compiled.get(uri)?.checked);
  }

  /** Open documents first, then what is loaded of the disk. */
  text(uri: string): string | undefined {
    return this.documents.get(uri)?.getText() ?? this.sources.loadedText(uri);
  }

  /** Open documents first, then the disk: for one look at a file, which is not kept. */
  async peekText(uri: string): Promise<string | undefined> {
    return this.documents.get(uri)?.getText() ?? this.sources.peekText(uri);
  }

  /** Lines of a file as `program` read it. */
  lines(program: Program, uri: string): LineIndex | undefined {
    const known = program.files.get(uri)?.lines;
    if (known !== undefined) return known;
    const text = this.text(uri);
    return text === undefined ? undefined : new LineIndex(text);
  }

  /** The files as features see them. */
  host(): FileHost {
    return this.view().files;
  }

  private view(first: (uri: string) => string | undefined = () => undefined): ReturnType<SourceStore['view']> {
    const open: OpenTexts = {
      text: (uri) => first(uri) ?? this.documents.get(uri)?.getText(),
      showing: (real) => this.showing(real),
    };
    return this.sources.view(open);
  }

  /** The open document that shows a file, given its real URI: the one that was changed last. */
  private showing(real: string): string | undefined {
    let newest: string | undefined;
    for (const uri of this.byChange) if (this.sources.realUri(uri) === real) newest = uri;
    return newest;
  }

  private refresh(
    isMeant: (uri: string) => boolean,
    isLinkMeant: (uri: string) => boolean = isMeant,
  ): Promise<readonly string[]> {
    const looking = this.sources.refresh(isMeant, isLinkMeant).then((changed) => {
      this.refreshing.delete(looking);
      return this.invalidate((read) => changed.has(read));
    });
    this.refreshing.add(looking);
    return looking;
  }

  /** Forgets files that no program uses any more. */
  private tidy(): void {
    const used = new Set([...this.compiled.values()].flatMap(({ reads }) => [...reads]));
    this.sources.keepOnly((uri) => used.has(uri) || this.documents.has(uri));
  }

  private invalidate(isChanged: (uri: string) => boolean): readonly string[] {
    const affected: string[] = [];
    for (const [root, compiled] of this.compiled) {
      if (![...compiled.reads].some(isChanged)) continue;
      // A program that nobody has open is compiled anew when somebody asks; keeping it would only hold memory.
      if (this.documents.has(root)) compiled.isCurrent = false;
      else this.compiled.delete(root);
      if (this.documents.has(root)) affected.push(root);
    }
    return affected;
  }
}

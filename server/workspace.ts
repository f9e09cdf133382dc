import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type FileHost, type OpenTexts, openProgram, type SourceStore } from '../engine/index.ts';
import { LineIndex, type Program, withText } from '../language/index.ts';
import { type Compiled, programMeanwhile } from './compiled.ts';
import { OpenDocuments } from './open-documents.ts';
import { unattended } from './timers.ts';

/** Characters of a text whose check a typing user would notice: about four thousand lines. Our assumption. */
const longText = 128 * 1024;

/**
 * The programs of the open documents, and of others that a feature requests. The text of an open document replaces that
 * of the disk. A program is kept until a file that it read changes, so a keystroke compiles once, however many features
 * need it. Checks are synchronous and use the loaded files. A caller that needs a complete program waits for `loading`
 * first.
 */
export class Workspace {
  private readonly documents = new OpenDocuments();
  private readonly compiled = new Map<string, Compiled>();
  private readonly sources: SourceStore;
  /** Checks of the disk that have not ended. */
  private readonly refreshing = new Set<Promise<unknown>>();
  /** Whether there may be loaded files that no program uses. */
  private isUntidy = false;
  private readonly sawLongText: () => void;

  /** `sawLongText`: called after each check of a long document. */
  constructor(sources: SourceStore, sawLongText: () => void = () => undefined) {
    this.sources = sources;
    this.sawLongText = sawLongText;
  }

  /**
   * Handles a document that was opened or whose text changed. Returns the open documents that see another text now,
   * itself first.
   */
  update(document: TextDocument): readonly string[] {
    // Lists the folder before a completion needs its files.
    const { uri } = document;
    const isOpened = !this.documents.has(uri);
    if (isOpened) void this.sources.list(uri);
    this.documents.update(document);
    // The usual opened document shows what the disk has, so that nothing changes for those that import it.
    const isNews = !isOpened || this.sources.loadedText(uri) !== document.getText();
    const affected = this.invalidate(isNews ? this.sources.allOf(uri) : this.otherNames(uri));
    return [uri, ...affected.filter((one) => one !== uri)];
  }

  /**
   * Reads from the disk which file an opened document shows, because others may import it by another name. Returns the other
   * open documents that read another text now.
   */
  async identify(uri: string): Promise<readonly string[]> {
    await this.sources.identify(uri);
    return this.invalidate(this.otherNames(uri)).filter((one) => one !== uri);
  }

  /** The URI of a file in programs. */
  async knownAs(uri: string): Promise<string> {
    if (this.documents.has(uri) || this.isLibrary(uri)) return uri;
    const real = await this.realUri(uri);
    return this.showing(real) ?? this.sources.nameOf(uri);
  }

  /** The URI of the file that a URI leads to: without symbolic links, and with the letters that the disk uses. */
  async realUri(uri: string): Promise<string> {
    await this.sources.identify(uri);
    return this.sources.realUri(uri) ?? uri;
  }

  /**
   * The text on disk counts from now on. Returns the open documents that use another name for the file, and those that read another text after
   * the disk was read.
   */
  close(uri: string): { readonly affected: readonly string[]; readonly changed: Promise<readonly string[]> } {
    this.sources.assume(uri, this.documents.text(uri) ?? '');
    this.documents.close(uri);
    // The program of a closed file is compiled again when a feature needs it. Keeping it would only use memory.
    this.compiled.delete(uri);
    const affected = this.invalidate(this.otherNames(uri));
    this.tidySoon();
    return { affected, changed: this.refresh((read) => read === uri) };
  }

  /**
   * Handles files or whole folders that appeared, changed or disappeared. Open documents keep the text of the editor.
   * Returns the open documents that see another content now.
   */
  filesChanged(uris: readonly string[]): Promise<readonly string[]> {
    const folders = uris.map((uri) => `${uri.replace(/\/$/u, '')}/`);
    const isMeant = (read: string): boolean =>
      !this.documents.has(read) &&
      (uris.includes(read) || folders.some((folder) => read.startsWith(folder)) || this.sources.isIndirect(read));
    for (const uri of this.documents.uris()) void this.sources.list(uri);
    return this.refresh(isMeant, () => true);
  }

  /**
   * Checks whether files that a document uses have changed without a message, because not every editor watches them.
   */
  lookAgain(uri: string): Promise<readonly string[]> {
    return this.refresh(this.isOfDisk(uri));
  }

  /** As `lookAgain`, but no answer waits for the disk. Until it has been read, answers use the loaded files. */
  async lookBehind(uri: string): Promise<readonly string[]> {
    const changed = await this.sources.refresh(this.isOfDisk(uri));
    return this.invalidate(changed);
  }

  /** Selects the files that a document uses and that are not open. */
  private isOfDisk(uri: string): (read: string) => boolean {
    this.tidy();
    const reads = this.compiled.get(uri)?.reads;
    return (read) => reads?.has(read) === true && !this.isLibrary(read) && !this.documents.has(read);
  }

  /** The folders of the files that a document uses, by URI: the names on disk and the names through links. */
  usedFolders(uri: string): ReadonlySet<string> {
    const folders = new Set<string>();
    for (const read of this.compiled.get(uri)?.reads ?? []) {
      if (this.isLibrary(read)) continue;
      for (const one of [read, this.sources.realUri(read) ?? read]) folders.add(one.slice(0, one.lastIndexOf('/')));
    }
    return folders;
  }

  /**
   * Settles when all files that a document uses are loaded and its program is complete; undefined if they are loaded
   * already. `texts` does not wait for networks and traces, which few answers need.
   */
  loading(uri: string, texts: 'texts' | 'all' = 'all'): Promise<void> | undefined {
    if (this.refreshing.size > 0) return Promise.all(this.refreshing).then(() => this.loading(uri, texts));
    this.program(uri);
    const compiled = this.compiled.get(uri);
    if (compiled?.loading === undefined || (texts === 'texts' && !compiled.isTextLoading)) return undefined;
    return compiled.loading.then(() => this.loading(uri, texts));
  }

  /**
   * As `loading` of texts, for messages that must not cause a check. It covers the files that the last check requested.
   */
  textsLoading(uri: string): Promise<void> | undefined {
    const compiled = this.compiled.get(uri);
    return compiled?.isTextLoading === true ? compiled.loading?.then(() => this.textsLoading(uri)) : undefined;
  }

  /** The complete program of any file. */
  async loadedProgram(uri: string): Promise<Program> {
    await this.loading(uri);
    return this.program(uri);
  }

  /** Loads the library before the first message suggests one of its names. */
  loadLibrary(): Promise<void> {
    return this.sources.loadLibrary();
  }

  /** As `realUri`, for files that a program has read; undefined for others. */
  knownRealUri(uri: string): string | undefined {
    return this.sources.realUri(uri);
  }

  isOpen(uri: string): boolean {
    return this.documents.has(uri);
  }

  /** The other open documents that read a file, directly or indirectly. */
  openImporters(uri: string): readonly string[] {
    const names = this.sources.allOf(uri);
    return this.openUris().filter((open) => {
      if (open === uri) return false;
      this.program(open);
      return overlap(this.compiled.get(open)?.reads, names);
    });
  }

  /** The version that the editor gave an open document. */
  version(uri: string): number | null {
    return this.documents.version(uri);
  }

  openUris(): readonly string[] {
    return this.documents.uris();
  }

  /** True for files of the library, in which a rename is not allowed. */
  isLibrary(uri: string): boolean {
    return this.sources.isLibrary(uri);
  }

  /** The check of a file's present text, with the loaded files. */
  program(uri: string): Program {
    const known = this.compiled.get(uri);
    if (known?.isCurrent === true) return known.program;
    const { files, reads, load, isTextPending } = this.view();
    const checked = openProgram(uri, files, known?.checked);
    const isTextLoading = isTextPending();
    const loading = load();
    const program = checked.isPending ? programMeanwhile(checked, known) : checked;
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
    if (this.isLong(uri)) this.sawLongText();
    this.isUntidy = true;
    return program;
  }

  /** True if the check of this document is so long that answers which do not need it should not wait for it. */
  isLong(uri: string): boolean {
    return (this.compiled.get(uri)?.program.files.get(uri)?.text.length ?? 0) >= longText;
  }

  /**
   * For answers that cannot wait. For a long document: its present text, with the names and types of the last check.
   */
  glance(uri: string): Program {
    const known = this.compiled.get(uri);
    const text = this.documents.text(uri);
    if (known === undefined || known.isCurrent || text === undefined || !this.isLong(uri)) return this.program(uri);
    known.program = withText(known.program, uri, text);
    // The next check reuses this tree, so the text is parsed once.
    if (known.checked !== undefined) known.checked = known.program;
    return known.program;
  }

  /** A check of a document with another text. Nothing of it is kept. */
  programWith(uri: string, text: string): Program {
    const { files } = this.view((asked) => (asked === uri ? text : undefined));
    return openProgram(uri, files, this.compiled.get(uri)?.checked);
  }

  /** The text of an open document, else the loaded text of the disk. */
  text(uri: string): string | undefined {
    return this.documents.text(uri) ?? this.sources.loadedText(uri);
  }

  /** The text of an open document, else that of the disk. The text of the disk is read once and not kept. */
  async peekText(uri: string): Promise<string | undefined> {
    return this.documents.text(uri) ?? this.sources.peekText(uri);
  }

  /** The lines of a file as `program` read it. */
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
      text: (uri) => first(uri) ?? this.documents.text(uri),
      showing: (real) => this.showing(real),
    };
    return this.sources.view(open);
  }

  /** The open document that shows the file with this real URI. If there are several, the one that changed last. */
  private showing(real: string): string | undefined {
    return this.documents.newest(this.sources.leadingTo(real));
  }

  private refresh(
    isMeant: (uri: string) => boolean,
    isLinkMeant: (uri: string) => boolean = isMeant,
  ): Promise<readonly string[]> {
    const looking = this.sources.refresh(isMeant, isLinkMeant).then((changed) => {
      this.refreshing.delete(looking);
      return this.invalidate(changed);
    });
    this.refreshing.add(looking);
    return looking;
  }

  /** The other URIs that lead to the same file. */
  private otherNames(uri: string): ReadonlySet<string> {
    return new Set([...this.sources.allOf(uri)].filter((one) => one !== uri));
  }

  /** As `tidy`, once for many documents that are closed together. */
  private tidySoon(): void {
    this.isUntidy = true;
    unattended(setTimeout(() => this.tidy(), 0));
  }

  /** Drops files that no program uses any more. */
  private tidy(): void {
    if (!this.isUntidy) return;
    this.isUntidy = false;
    const used = new Set<string>();
    for (const { reads } of this.compiled.values()) for (const read of reads) used.add(read);
    this.sources.keepOnly((uri) => used.has(uri) || this.documents.has(uri));
  }

  private invalidate(changed: ReadonlySet<string>): readonly string[] {
    const affected: string[] = [];
    if (changed.size === 0) return affected;
    for (const [root, compiled] of this.compiled) {
      if (!overlap(compiled.reads, changed)) continue;
      if (this.documents.has(root)) compiled.isCurrent = false;
      else this.compiled.delete(root);
      if (this.documents.has(root)) affected.push(root);
    }
    return affected;
  }
}

function overlap(one: ReadonlySet<string> | undefined, other: ReadonlySet<string>): boolean {
  if (one === undefined) return false;
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  for (const element of small) if (large.has(element)) return true;
  return false;
}

import type { ReadProblem, TraceOptions, Unread } from '../design/index.ts';
import { createTraceReader, type TraceReading } from '../formats/index.ts';
import type { FileHost } from './file-host.ts';
import { FileIdentities } from './file-identities.ts';
import { type ReadFile, type ReadToken, readLimits, type SourceReader } from './source-reader.ts';

/** The presets that ship with the tool, by name. */
export interface LibraryIndex {
  uriOf(name: string): string | undefined;
  readonly names: readonly string[];
}

type Content = string | Uint8Array | TraceReading;

/** One file in one form: what was read of it, and the read that is under way. */
interface Source {
  readonly uri: string;
  readonly form: 'text' | 'bytes' | 'trace';
  /** Of a trace: what the language states of it. The same file is read once for each. */
  readonly options: TraceOptions;
  content: Content | Unread;
  /** Of the content; of the last look at a file that could not be read: its problem. */
  version: string;
  loading: Promise<void> | undefined;
  readonly token: { isCancelled: boolean };
}

/** An editor's documents, which come before the disk. */
export interface OpenTexts {
  text(uri: string): string | undefined;
  /** The document that shows a file, given its real URI. */
  showing?(real: string): string | undefined;
}

const nothingOpen: OpenTexts = { text: () => undefined };

/** One look at the store: what a check asked for, and what of it is not loaded. */
export interface SourceView {
  readonly files: FileHost;
  /** URIs that were asked for, found or not. */
  readonly reads: ReadonlySet<string>;
  /** Whether something that was asked for is not loaded. */
  isPending(): boolean;
  /** Whether texts are among it: without them the check knows less than half. */
  isTextPending(): boolean;
  /** Loads it; undefined where there is nothing to load. */
  load(): Promise<void> | undefined;
}

/**
 * Files that were read, by URI. A check is synchronous and sees what is here; what is missing it asks for is loaded afterwards, and the check is
 * repeated. Content stays as it is until `refresh` sees another one, so that a keystroke never waits for a disk.
 */
export class SourceStore {
  private readonly sources = new Map<string, Source>();
  private readonly folders = new Map<string, readonly string[]>();
  private readonly reader: SourceReader;
  private readonly library: LibraryIndex;
  private readonly identities: FileIdentities;
  private libraryUris: ReadonlySet<string> | undefined;

  constructor(reader: SourceReader, library: LibraryIndex) {
    this.reader = reader;
    this.library = library;
    this.identities = new FileIdentities(reader);
  }

  view(open: OpenTexts = nothingOpen): SourceView {
    const reads = new Set<string>();
    const wanted = new Set<Source>();
    /** URIs of texts whose files are not known yet. */
    const unknown = new Set<string>();
    const nameOf = (uri: string): string =>
      open.showing?.(this.identities.real(uri) ?? uri) ?? this.identities.nameOf(uri);
    const identify = async (uri: string): Promise<void> => {
      await this.identities.look(uri);
      // The check asks for its text next.
      const name = nameOf(uri);
      if (open.text(name) === undefined) await this.loadAll([this.source(name, 'text')]);
    };
    const ask = (source: Source): Content | Unread => {
      if (isPending(source.content)) wanted.add(source);
      return source.content;
    };
    const files: FileHost = {
      readText: (uri) => {
        reads.add(uri);
        // The form of the source decides the form of its content.
        return open.text(uri) ?? (ask(this.source(uri, 'text')) as string | Unread);
      },
      readBytes: (uri) => {
        reads.add(uri);
        return ask(this.source(uri, 'bytes')) as Uint8Array | Unread;
      },
      readTrace: (uri, options) => {
        reads.add(uri);
        return ask(this.source(uri, 'trace', options)) as TraceReading | Unread;
      },
      knownAs: (uri, root) => {
        reads.add(uri);
        if (this.isLibrary(uri)) return uri;
        for (const one of [root, uri]) if (this.identities.real(one) === undefined) unknown.add(one);
        if (unknown.has(root) || unknown.has(uri)) return { kind: 'pending' };
        return this.identities.isSame(uri, root) ? root : nameOf(uri);
      },
      libraryUri: (name) => this.library.uriOf(name),
      libraryNames: () => this.library.names,
      namesBeside: (uri) => this.namesBeside(uri),
    };
    return {
      files,
      reads,
      isPending: () => wanted.size + unknown.size > 0,
      isTextPending: () => unknown.size > 0 || [...wanted].some(({ form }) => form === 'text'),
      load: () =>
        wanted.size + unknown.size === 0
          ? undefined
          : Promise.all([this.loadAll([...wanted]), ...[...unknown].map(identify)]).then(() => undefined),
    };
  }

  /** A text that is loaded; undefined where it is not, or cannot be read. */
  loadedText(uri: string): string | undefined {
    const content = this.sources.get(keyOf(uri, 'text'))?.content;
    return typeof content === 'string' ? content : undefined;
  }

  /** A text for one look: it is not kept where it was not loaded before. */
  async peekText(uri: string): Promise<string | undefined> {
    const loaded = this.loadedText(uri);
    if (loaded !== undefined) return loaded;
    const read = await this.reader.readText(uri, readLimits.npu, neverCancelled);
    return read.kind === 'read' ? read.value : undefined;
  }

  /** Reads the library, so that suggestions need not wait for it. */
  async loadLibrary(): Promise<void> {
    const uris = this.library.names.flatMap((name) => this.library.uriOf(name) ?? []);
    await this.loadAll(uris.map((uri) => this.source(uri, 'text')));
  }

  /** Asks the disk which file a URI leads to. */
  async identify(uri: string): Promise<void> {
    await this.identities.look(uri);
  }

  /** The URI of the file that a URI leads to; undefined where the disk has not been asked. */
  realUri(uri: string): string | undefined {
    return this.identities.real(uri);
  }

  /** Whether two URIs lead to the same file, as far as the disk has been asked. */
  isSameFile(one: string, other: string): boolean {
    return this.identities.isSame(one, other);
  }

  /** The URI under which checks know a file that is not open. The disk has been asked about it. */
  nameOf(uri: string): string {
    return this.identities.nameOf(uri);
  }

  /** Whether a change of a file with another URI can be a change of this one: it is reached through a link, or could not be read. */
  isIndirect(uri: string): boolean {
    if (this.isLibrary(uri)) return false;
    const content = this.sources.get(keyOf(uri, 'text'))?.content;
    return this.identities.real(uri) !== uri || (typeof content === 'object' && 'kind' in content);
  }

  /**
   * Looks whether files have changed since they were read, and reads those again. Gives the URIs with another content than before, and those that
   * lead to another file.
   */
  async refresh(
    isMeant: (uri: string) => boolean,
    isLinkMeant: (uri: string) => boolean = isMeant,
  ): Promise<ReadonlySet<string>> {
    const changed = new Set<string>();
    const moved = this.identities.lookAgain((uri) => isLinkMeant(uri) && !this.isLibrary(uri));
    const meant = [...this.sources.values()].filter((source) => isMeant(source.uri));
    for (const uri of this.folders.keys()) if (isMeant(uri)) void this.list(uri);
    await Promise.all(
      meant.map(async (source) => {
        await source.loading;
        if (isPending(source.content)) return;
        const { version } = source;
        if ((await this.versionOf(source.uri)) === version) return;
        await this.load(source);
        if (source.version !== version) changed.add(source.uri);
      }),
    );
    for (const uri of await moved) changed.add(uri);
    return changed;
  }

  /** Forgets a file: it is read again when a check asks for it. */
  forget(uri: string): void {
    for (const [key, source] of this.sources) if (source.uri === uri) this.drop(key);
  }

  /** Forgets files that nobody uses, and stops reading them. The library stays. */
  keepOnly(isUsed: (uri: string) => boolean): void {
    for (const [key, { uri }] of this.sources) if (!isUsed(uri) && !this.isLibrary(uri)) this.drop(key);
    this.identities.keepOnly(isUsed);
    for (const uri of this.folders.keys()) if (!isUsed(uri)) this.folders.delete(uri);
  }

  /** Files of the library are the tool's own, and known by the names that it gives them. */
  isLibrary(uri: string): boolean {
    this.libraryUris ??= new Set(this.library.names.flatMap((name) => this.library.uriOf(name) ?? []));
    return this.libraryUris.has(uri);
  }

  private drop(key: string): void {
    const source = this.sources.get(key);
    if (source === undefined) return;
    source.token.isCancelled = true;
    this.sources.delete(key);
  }

  private source(uri: string, form: Source['form'], options: TraceOptions = {}): Source {
    const key = keyOf(uri, form, options);
    const known = this.sources.get(key);
    if (known !== undefined) return known;
    const token = { isCancelled: false };
    const source: Source = { uri, form, options, content: { kind: 'pending' }, version: '', loading: undefined, token };
    this.sources.set(key, source);
    return source;
  }

  private async loadAll(sources: readonly Source[]): Promise<void> {
    await Promise.all(
      sources.map((source) => source.loading ?? (isPending(source.content) ? this.load(source) : undefined)),
    );
  }

  private load(source: Source): Promise<void> {
    source.loading = this.read(source).then((read) => {
      source.loading = undefined;
      source.content = read.kind === 'read' ? read.value : read;
      source.version = read.kind === 'read' ? read.version : problemVersion(read);
    });
    return source.loading;
  }

  private read({ uri, form, options, token }: Source): Promise<ReadFile<Content> | ReadProblem> {
    if (form === 'trace') return this.readTrace(uri, options, token);
    return form === 'text'
      ? this.reader.readText(uri, readLimits.npu, token)
      : this.reader.readBytes(uri, readLimits.model, token);
  }

  private async readTrace(
    uri: string,
    options: TraceOptions,
    token: ReadToken,
  ): Promise<ReadFile<TraceReading> | ReadProblem> {
    const trace = createTraceReader(options);
    const read = await this.reader.readPieces(uri, readLimits.trace, (piece) => trace.push(piece), token);
    return read.kind === 'read' ? { ...read, value: trace.end() } : read;
  }

  private async versionOf(uri: string): Promise<string> {
    const version = await this.reader.version(uri);
    return typeof version === 'string' ? version : problemVersion(version);
  }

  /** What was listed last; the list is renewed meanwhile, so that a folder that changes is right the next time. */
  private namesBeside(uri: string): readonly string[] {
    void this.list(uri);
    return this.folders.get(uri) ?? [];
  }

  /** Lists the folder of a file, for completion. */
  async list(uri: string): Promise<void> {
    const names = await this.reader.namesBeside(uri);
    this.folders.set(uri, names.filter((name) => name.endsWith('.npu')).sort());
  }
}

const neverCancelled: ReadToken = { isCancelled: false };

function keyOf(uri: string, form: Source['form'], options: TraceOptions = {}): string {
  return `${form} ${uri} ${form === 'trace' ? JSON.stringify(options) : ''}`;
}

function isPending(content: Content | Unread): boolean {
  return typeof content === 'object' && 'kind' in content && content.kind === 'pending';
}

/** Problems are compared as contents are: a file that is still missing has not changed. */
function problemVersion(problem: ReadProblem): string {
  return JSON.stringify(problem);
}

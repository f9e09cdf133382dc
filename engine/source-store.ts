import type { Unread } from '../design/index.ts';
import type { TraceReading } from '../formats/index.ts';
import type { FileHost } from './file-host.ts';
import { FileIdentities } from './file-identities.ts';
import { ImportLoading, type TextLoader } from './import-loading.ts';
import { type Content, isPending, ReadFiles, type Source } from './read-files.ts';
import { SharedTrees } from './shared-trees.ts';
import { type ReadToken, readLimits, type SourceReader } from './source-reader.ts';

/** The presets of the library, by name. */
export interface LibraryIndex {
  uriOf(name: string): string | undefined;
  readonly names: readonly string[];
}

/** The open documents of an editor. They have priority over the disk. */
export interface OpenTexts {
  text(uri: string): string | undefined;
  /** The URI of the open document of a file. `real`: the real URI of the file. */
  showing?(real: string): string | undefined;
}

const nothingOpen: OpenTexts = { text: () => undefined };

/** The view of the store for one check: the files that the check requested, and those of them that are not loaded. */
export interface SourceView {
  readonly files: FileHost;
  /** The requested URIs, whether their files exist or not. */
  readonly reads: ReadonlySet<string>;
  /** Whether a requested file is not loaded. */
  isPending(): boolean;
  /** Whether a requested .npu text is not loaded. Without it, the check can report only a part of the problems. */
  isTextPending(): boolean;
  /** Loads the missing files. undefined: no file is missing. */
  load(): Promise<void> | undefined;
}

/**
 * The files that were read, by URI. A check is synchronous and uses the files in this store. Afterwards, the caller loads the
 * files that were missing and repeats the check. The store keeps the content of a file until `refresh` finds a new version,
 * so a keystroke never waits for a disk.
 */
export class SourceStore {
  private readonly readFiles: ReadFiles;
  private readonly folders = new Map<string, readonly string[]>();
  private readonly reader: SourceReader;
  private readonly library: LibraryIndex;
  private readonly identities: FileIdentities;
  private readonly trees = new SharedTrees();
  private libraryUris: ReadonlySet<string> | undefined;

  constructor(reader: SourceReader, library: LibraryIndex) {
    this.reader = reader;
    this.library = library;
    this.identities = new FileIdentities(reader);
    this.readFiles = new ReadFiles(reader);
  }

  /** A new store with the same library, whose other files come from this reader. */
  readingFrom(reader: SourceReader): SourceStore {
    const readerOf = (uri: string): SourceReader => (this.isLibrary(uri) ? this.reader : reader);
    const both: SourceReader = {
      readText: (uri, ...rest) => readerOf(uri).readText(uri, ...rest),
      readBytes: (uri, ...rest) => readerOf(uri).readBytes(uri, ...rest),
      readPieces: (uri, ...rest) => readerOf(uri).readPieces(uri, ...rest),
      version: (uri) => readerOf(uri).version(uri),
      realUri: (uri) => readerOf(uri).realUri(uri),
      namesBeside: (uri) => readerOf(uri).namesBeside(uri),
    };
    return new SourceStore(both, this.library);
  }

  /** A new view for one check. `open`: documents that have priority over the disk. */
  view(open: OpenTexts = nothingOpen): SourceView {
    const reads = new Set<string>();
    const wanted = new Set<Source>();
    /** URIs whose real URI is not known yet. */
    const unknown = new Set<string>();
    const nameOf = (uri: string): string =>
      open.showing?.(this.identities.real(uri) ?? uri) ?? this.identities.nameOf(uri);
    /** For each requested name of a file, the URI that the check resolved. */
    const foundAs = new Map<string, string>();
    const loader: TextLoader = {
      identify: async (uri) => {
        if (this.isLibrary(uri)) return uri;
        await this.identities.learn(uri);
        return nameOf(uri);
      },
      loadText: async (uri) => {
        const opened = open.text(uri);
        if (opened !== undefined) return opened;
        await this.readFiles.loadAll([this.readFiles.source(uri, 'text')]);
        return this.readFiles.text(uri);
      },
      libraryUri: (name) => this.library.uriOf(name),
      trees: this.trees,
    };
    const ask = (source: Source): Content | Unread => {
      if (isPending(source.content)) wanted.add(source);
      return source.content;
    };
    const files: FileHost = {
      readText: (uri) => {
        reads.add(uri);
        // The form of the source decides the form of its content.
        return open.text(uri) ?? (ask(this.readFiles.source(uri, 'text')) as string | Unread);
      },
      readBytes: (uri) => {
        reads.add(uri);
        return ask(this.readFiles.source(uri, 'bytes')) as Uint8Array | Unread;
      },
      readTrace: (uri, options) => {
        reads.add(uri);
        return ask(this.readFiles.source(uri, 'trace', options)) as TraceReading | Unread;
      },
      knownAs: (uri, root) => {
        reads.add(uri);
        if (this.isLibrary(uri)) return uri;
        for (const one of [root, uri]) if (this.identities.real(one) === undefined) unknown.add(one);
        if (unknown.has(root) || unknown.has(uri)) return { kind: 'pending' };
        const name = this.identities.isSame(uri, root) ? root : nameOf(uri);
        foundAs.set(name, uri);
        return name;
      },
      trees: this.trees,
      libraryUri: (name) => this.library.uriOf(name),
      libraryNames: () => this.library.names,
      namesBeside: (uri) => this.namesBeside(uri),
    };
    return {
      files,
      reads,
      isPending: () => wanted.size + unknown.size > 0,
      isTextPending: () => unknown.size > 0 || [...wanted].some(({ form }) => form === 'text'),
      load: () => {
        if (wanted.size + unknown.size === 0) return undefined;
        const imports = new ImportLoading(loader);
        const texts = [...wanted].filter(({ form }) => form === 'text').map(({ uri }) => foundAs.get(uri) ?? uri);
        const all = [this.readFiles.loadAll([...wanted]), ...[...unknown, ...texts].map((uri) => imports.load(uri))];
        return Promise.all(all).then(() => undefined);
      },
    };
  }

  /** The text of a file. undefined: it is not loaded, or could not be read. */
  loadedText(uri: string): string | undefined {
    return this.readFiles.text(uri);
  }

  /** The URIs of all files that a check requested, whether they exist or not, and those of the library that were read. */
  uris(): readonly string[] {
    return [...new Set([...this.readFiles.all].map(({ uri }) => uri))];
  }

  /** The text of a file, without storing it. */
  async peekText(uri: string): Promise<string | undefined> {
    const loaded = this.readFiles.text(uri);
    if (loaded !== undefined) return loaded;
    const read = await this.reader.readText(uri, readLimits.npu, neverCancelled);
    return read.kind === 'read' ? read.value : undefined;
  }

  /** Reads the library, so that completion does not wait for it later. */
  async loadLibrary(): Promise<void> {
    const uris = this.library.names.flatMap((name) => this.library.uriOf(name) ?? []);
    await this.readFiles.loadAll(uris.map((uri) => this.readFiles.source(uri, 'text')));
  }

  /** Gets the real URI of a URI from the disk. */
  async identify(uri: string): Promise<void> {
    await this.identities.lookUp(uri);
  }

  /** The real URI of a URI. undefined: not identified yet. */
  realUri(uri: string): string | undefined {
    return this.identities.real(uri);
  }

  /** All known URIs that lead to the same file as this one, itself among them. */
  allOf(uri: string): ReadonlySet<string> {
    return this.identities.allOf(uri);
  }

  /** The known URIs that lead to the file with this real URI. */
  leadingTo(real: string): ReadonlySet<string> {
    return this.identities.leadingTo(real);
  }

  /** The URI that checks use for a file that is not open. Call `identify` first. */
  nameOf(uri: string): string {
    return this.identities.nameOf(uri);
  }

  /**
   * Whether a change of a file with another URI can change this one. This is the case if the URI leads through a link, or if
   * the file could not be read.
   */
  isIndirect(uri: string): boolean {
    if (this.isLibrary(uri)) return false;
    return this.identities.real(uri) !== uri || this.readFiles.isUnread(uri);
  }

  /**
   * Reads the files again that have changed since they were read. Returns the URIs with new content, and those that now lead
   * to another file. `isWanted` selects the files to check, and `isLinkWanted` the URIs to look up again.
   */
  async refresh(
    isWanted: (uri: string) => boolean,
    isLinkWanted: (uri: string) => boolean = isWanted,
  ): Promise<ReadonlySet<string>> {
    const changed = new Set<string>();
    const moved = this.identities.lookUpAgain((uri) => isLinkWanted(uri) && !this.isLibrary(uri));
    const wanted = [...this.readFiles.all].filter((source) => isWanted(source.uri));
    for (const uri of this.folders.keys()) if (isWanted(uri)) void this.list(uri);
    await Promise.all(
      wanted.map(async (source) => {
        await source.loading;
        if (isPending(source.content)) return;
        const { version, content } = source;
        if ((await this.readFiles.versionOf(source.uri)) === version) return;
        await this.readFiles.load(source);
        // Saved again without a change. For other forms, equal content is as long to compare as to read.
        const isSameText = typeof content === 'string' && content === source.content;
        if (source.version !== version && !isSameText) changed.add(source.uri);
      }),
    );
    for (const uri of await moved) changed.add(uri);
    return changed;
  }

  /**
   * Assumes that a file has this text, which its document had when it was closed. Call `refresh` to read the text of the disk. As most
   * documents are saved before they are closed, no check that uses the file has to be repeated.
   */
  assume(uri: string, text: string): void {
    const source = this.readFiles.source(uri, 'text');
    source.content = text;
    source.version = '';
  }

  /** Removes the files that are not used, and cancels their reads. Keeps the library. */
  keepOnly(isUsed: (uri: string) => boolean): void {
    this.readFiles.keepOnly((uri) => isUsed(uri) || this.isLibrary(uri));
    this.identities.keepOnly(isUsed);
    this.trees.keepOnly((uri) => isUsed(uri) || this.isLibrary(uri));
    for (const uri of this.folders.keys()) if (!isUsed(uri)) this.folders.delete(uri);
  }

  /** Whether a URI is a file of the library. */
  isLibrary(uri: string): boolean {
    this.libraryUris ??= new Set(this.library.names.flatMap((name) => this.library.uriOf(name) ?? []));
    return this.libraryUris.has(uri);
  }

  /** The last list of the folder. Also starts to list it again, so that the next call returns the current names. */
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

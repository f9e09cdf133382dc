import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type FileHost, openProgram } from '../engine/index.ts';
import { LineIndex, type Program, withText } from '../language/index.ts';

/** A check of one document, and the files that it asked for, found or not. */
interface Compiled {
  /** Where it is not current, perhaps with a newer text than was checked. */
  program: Program;
  readonly reads: ReadonlySet<string>;
  /** false: a file changed since; the next check takes over what did not. */
  isCurrent: boolean;
}

/** Characters of a text whose check a person who types would notice: some four thousand lines. Our assumption. */
const longText = 128 * 1024;

/**
 * The programs of the open documents, and of others that a feature asks about. Open text wins over the disk. A program is kept
 * until a file that it read changes, so that a keystroke compiles once however many features ask.
 */
export class Workspace {
  private readonly documents = new Map<string, TextDocument>();
  private readonly compiled = new Map<string, Compiled>();
  private readonly disk: FileHost;
  private libraryUris: ReadonlySet<string> | undefined;

  constructor(disk: FileHost) {
    this.disk = disk;
  }

  /** A document was opened or its text changed. Returns the open documents that see another text now, itself first. */
  update(document: TextDocument): readonly string[] {
    this.documents.set(document.uri, document);
    return [document.uri, ...this.invalidate((read) => read === document.uri).filter((uri) => uri !== document.uri)];
  }

  /** From now on the disk's text counts. Returns the open documents that saw this one. */
  close(uri: string): readonly string[] {
    this.documents.delete(uri);
    return this.invalidate((read) => read === uri);
  }

  /** A file appeared, changed or went, or a folder with all that is in it. Open documents are the editor's and stay. */
  fileChanged(uri: string): readonly string[] {
    const inside = `${uri.replace(/\/$/u, '')}/`;
    return this.invalidate((read) => !this.documents.has(read) && (read === uri || read.startsWith(inside)));
  }

  isOpen(uri: string): boolean {
    return this.documents.has(uri);
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
    const { disk } = this;
    this.libraryUris ??= new Set(disk.libraryNames().map((name) => disk.libraryUri(name) ?? name));
    return this.libraryUris.has(uri);
  }

  program(uri: string): Program {
    const known = this.compiled.get(uri);
    if (known?.isCurrent === true) return known.program;
    const reads = new Set<string>();
    const program = openProgram(uri, this.host(reads), known?.program);
    this.compiled.set(uri, { program, reads, isCurrent: true });
    return program;
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
    return known.program;
  }

  /** A check of a document as it would be with another text. Nothing of it is kept. */
  programWith(uri: string, text: string): Program {
    const host = this.host(new Set());
    const read = (asked: string): string | undefined => (asked === uri ? text : host.readText(asked));
    return openProgram(uri, { ...host, readText: read }, this.compiled.get(uri)?.program);
  }

  /** Open documents first, then the disk. */
  text(uri: string): string | undefined {
    return this.documents.get(uri)?.getText() ?? this.disk.readText(uri);
  }

  /** Lines of a file as `program` read it. */
  lines(program: Program, uri: string): LineIndex | undefined {
    const known = program.files.get(uri)?.lines;
    if (known !== undefined) return known;
    const text = this.text(uri);
    return text === undefined ? undefined : new LineIndex(text);
  }

  /** The files as features see them; what is asked for is written down in `reads`. */
  host(reads: Set<string> = new Set()): FileHost {
    return {
      readText: (uri) => {
        reads.add(uri);
        return this.text(uri);
      },
      readBytes: (uri) => {
        reads.add(uri);
        return this.disk.readBytes(uri);
      },
      libraryUri: (name) => this.disk.libraryUri(name),
      libraryNames: () => this.disk.libraryNames(),
      namesBeside: (uri) => this.disk.namesBeside?.(uri) ?? [],
    };
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

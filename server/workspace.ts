import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type FileHost, openProgram } from '../engine/index.ts';
import type { LineIndex, Program } from '../language/index.ts';

/**
 * The programs of the open documents. Open text wins over the disk. A program is kept until a file that it read changes, so
 * that a keystroke compiles once however many features ask.
 */
export class Workspace {
  private readonly documents = new Map<string, TextDocument>();
  private readonly programs = new Map<string, Program>();
  private readonly files: FileHost;

  constructor(disk: FileHost) {
    this.files = {
      ...disk,
      readText: (uri) => this.documents.get(uri)?.getText() ?? disk.readText(uri),
      readBytes: (uri) => disk.readBytes(uri),
      libraryUri: (name) => disk.libraryUri(name),
      libraryNames: () => disk.libraryNames(),
    };
  }

  /** A document was opened or its text changed. Returns the open documents that see another text now, itself first. */
  update(document: TextDocument): readonly string[] {
    this.documents.set(document.uri, document);
    return this.invalidate(document.uri);
  }

  close(uri: string): readonly string[] {
    this.documents.delete(uri);
    const affected = this.invalidate(uri);
    return affected.filter((other) => other !== uri);
  }

  /** A file changed on disk. Open documents are the editor's and stay. */
  fileChanged(uri: string): readonly string[] {
    return this.documents.has(uri) ? [] : this.invalidate(uri);
  }

  isOpen(uri: string): boolean {
    return this.documents.has(uri);
  }

  openUris(): readonly string[] {
    return [...this.documents.keys()];
  }

  program(uri: string): Program {
    const known = this.programs.get(uri);
    if (known !== undefined) return known;
    const program = openProgram(uri, this.files);
    this.programs.set(uri, program);
    return program;
  }

  /** Lines of a file as `program` read it. */
  lines(program: Program, uri: string): LineIndex | undefined {
    return program.files.get(uri)?.lines;
  }

  private invalidate(uri: string): readonly string[] {
    const affected = new Set<string>(this.documents.has(uri) ? [uri] : []);
    for (const [root, program] of this.programs) {
      // A file that could not be read may be the one that has just come into being, so failures count as dependencies.
      if (
        root === uri ||
        program.files.has(uri) ||
        program.diagnostics.some(({ code }) => code === 'unreadable-file' || code === 'unresolved-import')
      ) {
        this.programs.delete(root);
        if (this.documents.has(root)) affected.add(root);
      }
    }
    return [...affected];
  }
}

import type {
  CaveatCode,
  Checked,
  DiagnosticCode,
  Model,
  ModelStatements,
  Origin,
  RecordedTrace,
  TraceOptions,
} from '../../design/index.ts';
import type { LanguageHost } from '../host.ts';
import { importInsertion, type LibraryDeclaration, libraryByName } from '../library.ts';
import { limits } from '../limits.ts';
import { limitMessages } from '../messages/index.ts';
import type { DeclarationKind } from '../schema/index.ts';
import { resolveUri } from '../uri.ts';
import { type CheckedFile, originOf } from './checked-file.ts';
import type { Files } from './files.ts';
import type { Importable } from './names.ts';
import type { Reporter } from './reporter.ts';

/**
 * Gets data from the host: networks and traces of other formats, and names of the library. Errors are reported at the place that refers to
 * them.
 */
export class Imports {
  private readonly host: LanguageHost;
  private readonly reporter: Reporter;
  private readonly files: Files;
  private readonly traces = new Map<string, RecordedTrace | undefined>();
  private readonly known: Imports | undefined;
  /** Networks and traces that were read. */
  private count = 0;
  /** Collected once: a file may have thousands of unknown names. */
  private inLibrary: ReadonlyMap<string, readonly LibraryDeclaration[]> | undefined;

  /** Traces that `known` has already read are not read again. */
  constructor(host: LanguageHost, reporter: Reporter, files: Files, known?: Imports) {
    this.host = host;
    this.reporter = reporter;
    this.files = files;
    this.known = known;
  }

  /** `path` is relative to the file of `origin`. */
  model(path: string, name: string, origin: Origin, statements: ModelStatements): Model | undefined {
    if (!this.admits(origin)) return undefined;
    return this.take(this.host.importModel(this.resolve(path, origin), name, origin, statements));
  }

  /** `path` as the file of `origin` names it. Caveats that the scenario accepts are not reported. */
  trace(
    path: string,
    options: TraceOptions,
    origin: Origin,
    accepts: readonly CaveatCode[] = [],
  ): RecordedTrace | undefined {
    const uri = this.resolve(path, origin);
    const key = JSON.stringify([uri, options]);
    if (this.known?.traces.has(key)) return this.known.traces.get(key);
    if (!this.traces.has(key) && !this.admits(origin)) return undefined;
    const read = this.host.importTrace(uri, options, origin);
    const trace = this.take({
      ...read,
      diagnostics: read.diagnostics.filter(({ code }) => !isSilenced(code, accepts)),
    });
    this.traces.set(key, trace);
    return trace;
  }

  /** Library files that declare a name of this kind, for a fix that imports one of them. */
  importable(name: string, kind: DeclarationKind, file: CheckedFile): readonly Importable[] {
    if (this.reporter.isFull) return [];
    this.inLibrary ??= libraryByName(this.host);
    return (this.inLibrary.get(name) ?? [])
      .filter((one) => one.kind === kind)
      .map(({ library }) => {
        const { newText, ...place } = importInsertion(file.tree, library);
        const origin = originOf(file, place);
        const title = `Import '${name}' from "${library}"`;
        return { library, fix: { title, edits: [{ origin, newText }], preferred: true } };
      });
  }

  /** The traces that were read, so that a second build of the same declarations does not read them again. */
  reportingTo(reporter: Reporter): Imports {
    return new Imports(this.host, reporter, this.files, this);
  }

  private resolve(path: string, { uri }: Origin): string {
    return resolveUri(this.files.byUri.get(uri)?.foundAs ?? uri, path);
  }

  /** Whether one more file may be read; where not, that is reported. */
  private admits(origin: Origin): boolean {
    this.count++;
    if (this.count <= limits.programForeignFiles) return true;
    this.reporter.report(origin, limitMessages.tooManyForeignFiles({ most: limits.programForeignFiles }));
    return false;
  }

  private take<T>({ value, diagnostics }: Checked<T>): T {
    for (const { code, severity, message: text, origin, ...details } of diagnostics) {
      this.reporter.report(origin, { code, severity, text }, { ...details, within: text });
    }
    return value;
  }
}

/** Whether a scenario accepts a caveat. */
function isSilenced(code: DiagnosticCode, accepts: readonly CaveatCode[]): boolean {
  return accepts.some((accepted) => accepted === code);
}

import type { Checked, Diagnostic, Model, Origin } from '../design/index.ts';
import { readOnnx, readTrace } from '../formats/index.ts';
import { compile, type LanguageHost, type Program } from '../language/index.ts';
import type { FileHost } from './file-host.ts';

function unreadable(uri: string, origin: Origin): Diagnostic {
  return {
    code: 'unreadable-file',
    severity: 'error',
    message: `cannot read ${fileName(uri)}: there is no such file, or it is not readable`,
    origin,
  };
}

/** Last part of a URI, decoded, for people. */
export function fileName(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function importForeign<T>(
  files: FileHost,
  uri: string,
  origin: Origin,
  read: (bytes: Uint8Array) => Checked<T | undefined>,
): Checked<T | undefined> {
  const bytes = files.readBytes(uri);
  return bytes === undefined ? { value: undefined, diagnostics: [unreadable(uri, origin)] } : read(bytes);
}

/**
 * Checks a document and all that it imports, foreign models and traces included. Never throws on input. `previous` is an earlier
 * check of the same document: what did not change is taken from it.
 */
export function openProgram(uri: string, files: FileHost, previous?: Program): Program {
  const host: LanguageHost = {
    readText: (target) => files.readText(target),
    libraryUri: (name) => files.libraryUri(name),
    libraryNames: () => files.libraryNames(),
    importModel: (target, name, origin): Checked<Model | undefined> =>
      importForeign(files, target, origin, (bytes) => readOnnx(bytes, name, origin)),
    importTrace: (target, origin): Checked<Float64Array | undefined> =>
      importForeign(files, target, origin, (bytes) => readTrace(bytes, origin)),
  };
  return compile(uri, host, previous);
}

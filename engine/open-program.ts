import {
  type Checked,
  type Diagnostic,
  diagnosticAt,
  type Model,
  type Origin,
  type ReadProblem,
  readProblemText,
} from '../design/index.ts';
import { placeTrace, readHuggingFace, readOnnx, readUtf8 } from '../formats/index.ts';
import { compile, type LanguageHost, type Program } from '../language/index.ts';
import { checkMemories } from './check-memory.ts';
import type { FileHost } from './file-host.ts';
import { engineMessages } from './messages.ts';
import type { OpenTexts, SourceStore } from './source-store.ts';
import { unusedAccepts } from './unused-accepts.ts';

function unreadable(uri: string, problem: ReadProblem, origin: Origin): Diagnostic {
  return diagnosticAt(origin, engineMessages.unreadableFile({ file: fileName(uri), why: readProblemText(problem) }));
}

/** The last part of a URI, decoded, for messages. */
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
  if (bytes instanceof Uint8Array) return read(bytes);
  return { value: undefined, diagnostics: bytes.kind === 'pending' ? [] : [unreadable(uri, bytes, origin)] };
}

/**
 * Checks a document and everything that it imports, including foreign networks and traces. Never throws because of its input.
 * `previous`: an earlier check of the same document, whose unchanged parts are reused. The result lacks the files that
 * `files` has not loaded yet.
 */
export function openProgram(uri: string, files: FileHost, previous?: Program): Program {
  const host: LanguageHost = {
    readText: (target) => files.readText(target),
    ...(files.trees === undefined ? {} : { trees: files.trees }),
    libraryUri: (name) => files.libraryUri(name),
    libraryNames: () => files.libraryNames(),
    knownAs: (target, root) => files.knownAs?.(target, root) ?? target,
    importModel: (target, name, origin, statements): Checked<Model | undefined> =>
      importForeign(files, target, origin, (bytes) =>
        /\.json$/iu.test(target)
          ? readHuggingFace(readUtf8(bytes, 0, bytes.length), name, fileName(target), () => origin, statements)
          : readOnnx(bytes, name, origin, statements),
      ),
    importTrace: (target, options, origin) => {
      const reading = files.readTrace(target, options);
      if (!('kind' in reading)) return placeTrace(reading, origin);
      return { value: undefined, diagnostics: reading.kind === 'pending' ? [] : [unreadable(target, reading, origin)] };
    },
  };
  return compile(uri, host, previous, (program) => [...checkMemories(program), ...unusedAccepts(program)]);
}

/**
 * Checks a document and loads the files that it needs, until no file is missing. `open`: unsaved documents. They have
 * priority over the files in the store.
 */
export async function loadProgram(uri: string, store: SourceStore, open?: OpenTexts): Promise<Program> {
  let previous: Program | undefined;
  for (;;) {
    const view = store.view(open);
    const program = openProgram(uri, view.files, previous);
    const loading = view.load();
    if (loading === undefined) return program;
    await loading;
    if (!program.isPending) previous = program;
  }
}

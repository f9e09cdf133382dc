import type { ReadProblem } from '../../design/index.ts';
import {
  decodeUtf16,
  isUnmarkedUtf16,
  type LibraryIndex,
  type ReadFile,
  type ReadToken,
  type SourceReader,
} from '../../engine/index.ts';
import {
  type ClientFileAnswer,
  type ClientFileRequest,
  clientFileRequest,
  clientFolderRequest,
  libraryScheme,
} from '../../protocol/index.ts';

const libraryPrefix = `${libraryScheme}:/`;

/** The presets that are part of the bundle, by name. */
export function bundledLibrary(texts: Readonly<Record<string, string>>): LibraryIndex {
  return {
    names: Object.keys(texts),
    uriOf: (name) => (Object.hasOwn(texts, name) ? `${libraryPrefix}${name}.npu` : undefined),
  };
}

export type AskClient = (method: string, params: unknown) => Promise<unknown>;

/** Reads the library from the bundle, and every other file through the client. */
export function clientReader(ask: AskClient, texts: Readonly<Record<string, string>>): SourceReader {
  const fromLibrary = (uri: string): string | undefined =>
    uri.startsWith(libraryPrefix) ? texts[uri.slice(libraryPrefix.length).replace(/\.npu$/u, '')] : undefined;

  const read = async (request: ClientFileRequest, token: ReadToken): Promise<ReadFile<Uint8Array> | ReadProblem> => {
    const text = fromLibrary(request.uri);
    if (text !== undefined) return { kind: 'read', value: new TextEncoder().encode(text), version: 'bundled' };
    const answer = await askFor(ask, request);
    if (token.isCancelled) return { kind: 'cancelled' };
    if (answer.kind !== 'read') return answer;
    return { kind: 'read', value: answer.bytes ?? new Uint8Array(), version: answer.version };
  };

  return {
    readText: async (uri, limitBytes, token) => {
      const found = await read({ uri, limitBytes }, token);
      if (found.kind !== 'read') return found;
      if (isUnmarkedUtf16(found.value)) return { kind: 'unmarked-utf16' };
      // As an editor shows it: without the byte order mark, which both decoders remove.
      return { ...found, value: decodeUtf16(found.value) ?? new TextDecoder().decode(found.value) };
    },
    readBytes: (uri, limitBytes, token) => read({ uri, limitBytes }, token),
    readPieces: async (uri, limitBytes, take, token) => {
      // The file systems of editors in a browser have no pieces.
      const found = await read({ uri, limitBytes: Math.min(limitBytes, mostBytes) }, token);
      if (found.kind !== 'read') return found;
      take(found.value);
      return { ...found, value: undefined };
    },
    version: async (uri) => {
      if (fromLibrary(uri) !== undefined) return 'bundled';
      const answer = await askFor(ask, { uri, limitBytes: Number.MAX_SAFE_INTEGER, versionOnly: true });
      return answer.kind === 'read' ? answer.version : answer;
    },
    realUri: (uri) => Promise.resolve(uri),
    namesBeside: async (uri) => {
      const folder = uri.slice(0, uri.lastIndexOf('/'));
      try {
        return namesOf(await ask(clientFolderRequest, { uri: folder }));
      } catch {
        return [];
      }
    },
  };
}

/** A file that is read in one piece must fit into the memory of a page. Our assumption. */
const mostBytes = 2 ** 29;

async function askFor(ask: AskClient, request: ClientFileRequest): Promise<ClientFileAnswer> {
  try {
    const answer = await ask(clientFileRequest, request);
    if (isAnswer(answer)) return answer;
    return { kind: 'failed', detail: 'the editor does not give its content to extensions' };
  } catch (error) {
    return { kind: 'failed', detail: `the editor reports: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function isAnswer(answer: unknown): answer is ClientFileAnswer {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && typeof answer.kind === 'string';
}

export function namesOf(answer: unknown): readonly string[] {
  return Array.isArray(answer) ? answer.filter((one) => typeof one === 'string') : [];
}

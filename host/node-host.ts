import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileHost } from '../engine/index.ts';
import { emptyLibrary, type Library } from './library.ts';

const byteOrderMark = '\uFEFF';

/** The path of a file: URI; undefined for any other scheme and for what is no path here (another host, a drive letter on a Unix). */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** Text as an editor would show it: UTF-8, without the byte order mark, so that offsets agree with the editor's. */
export function decodeText(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

function readBytes(uri: string): Uint8Array | undefined {
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  try {
    // A plain view: a Node Buffer may share its memory with others, and a worker or a webview cannot take it.
    const buffer = readFileSync(path);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch {
    return undefined;
  }
}

/** Names of the .npu files in a file's folder, sorted; none where it cannot be listed. */
function namesBeside(uri: string): readonly string[] {
  const path = pathOf(uri);
  if (path === undefined) return [];
  try {
    return readdirSync(dirname(path))
      .filter((name) => name.endsWith('.npu'))
      .sort();
  } catch {
    return [];
  }
}

/** Files from the disk. `openText` comes first: an editor's unsaved documents, by URI. */
export function createNodeHost(
  library: Library = emptyLibrary,
  openText: (uri: string) => string | undefined = () => undefined,
): FileHost {
  return {
    readText: (uri) => {
      const open = openText(uri);
      if (open !== undefined) return open;
      const bytes = readBytes(uri);
      return bytes === undefined ? undefined : decodeText(bytes);
    },
    readBytes,
    libraryUri: (name) => library.uriOf(name),
    libraryNames: () => library.names,
    namesBeside,
  };
}

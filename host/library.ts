import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const extension = '.npu';

/** The presets that ship with the tool: library/stimpack/tpuv4i.npu is imported as "stimpack/tpuv4i". */
export interface Library {
  uriOf(name: string): string | undefined;
  readonly names: readonly string[];
}

export const emptyLibrary: Library = { uriOf: () => undefined, names: [] };

function readLibrary(directory: string): ReadonlyMap<string, string> {
  const uris = new Map<string, string>();
  if (!existsSync(directory)) return uris;
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!path.endsWith(extension)) continue;
    const name = path.slice(0, -extension.length).split(sep).join('/');
    uris.set(name, pathToFileURL(join(directory, path)).href);
  }
  return uris;
}

/**
 * Every .npu file below a directory; none if the directory does not exist. Read once, at the first use, because a
 * library does not change while a tool runs, and the server does not need it during its start.
 */
export function openLibrary(directory: string): Library {
  let known: ReadonlyMap<string, string> | undefined;
  const uris = (): ReadonlyMap<string, string> => (known ??= readLibrary(directory));
  return {
    uriOf: (name) => uris().get(name),
    get names() {
      return [...uris().keys()];
    },
  };
}

/**
 * The library's directory, from the path of one of our modules (its import.meta.url or its file name). The directory is
 * beside the folder of a bundle (dist/) and beside the room of a source file. The search goes up, so that a deeper file
 * finds it too.
 */
export function findLibraryDirectory(module: string): string | undefined {
  let directory = dirname(module.startsWith('file:') ? fileURLToPath(module) : module);
  for (;;) {
    const candidate = join(directory, 'library');
    if (existsSync(candidate)) return candidate;
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}

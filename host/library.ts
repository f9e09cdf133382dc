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

/** Every .npu file below a directory; empty where there is no such directory. Read once: a library does not change under a running tool. */
export function openLibrary(directory: string): Library {
  if (!existsSync(directory)) return emptyLibrary;
  const uris = new Map<string, string>();
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!path.endsWith(extension)) continue;
    const name = path.slice(0, -extension.length).split(sep).join('/');
    uris.set(name, pathToFileURL(join(directory, path)).href);
  }
  return { uriOf: (name) => uris.get(name), names: [...uris.keys()] };
}

/**
 * The library's directory, seen from a module of ours (its import.meta.url or its file name): a bundle in dist/ and a source file
 * in a room have it beside their own folder. Climbs, so that a deeper file finds it too.
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

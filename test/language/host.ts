import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TraceClock } from '../../design/index.ts';
import type { LanguageHost } from '../../language/index.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
const library = join(repository, 'library');

/** Files in memory by URI, then the real disk, and the real library. */
export function testHost(files: Readonly<Record<string, string>> = {}): LanguageHost {
  return {
    readText(uri) {
      const inMemory = files[uri];
      if (inMemory !== undefined) return inMemory;
      if (!uri.startsWith('file://')) return { kind: 'not-found' };
      const path = fileURLToPath(uri);
      return existsSync(path) ? readFileSync(path, 'utf8') : { kind: 'not-found' };
    },
    libraryUri(name) {
      const path = join(library, `${name}.npu`);
      return existsSync(path) ? pathToFileURL(path).href : undefined;
    },
    libraryNames: () => libraryNames,
    importModel: (uri, _name, origin) => ({
      value: undefined,
      diagnostics: [{ code: 'unreadable-file', severity: 'error', message: `cannot read ${uri}`, origin }],
    }),
    importTrace: (uri) => {
      const clock = /(?<=\b)(?:utc|local)(?=\.csv$)/u.exec(uri)?.[0] as TraceClock | undefined;
      return { value: { timesSeconds: Float64Array.of(0, 1, 2), ...(clock && { clock }) }, diagnostics: [] };
    },
  };
}

export const libraryNames: readonly string[] = readdirSync(join(library, 'stimpack'))
  .filter((name) => name.endsWith('.npu'))
  .map((name) => `stimpack/${name.slice(0, -'.npu'.length)}`);

export function fileUri(path: string): string {
  return pathToFileURL(join(repository, path)).href;
}

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findLibraryDirectory } from './library.ts';

/** The folder of the installed package, from the path of one of our modules: the folder that contains the library. */
function packageDirectory(module: string): string | undefined {
  const library = findLibraryDirectory(module);
  return library === undefined ? undefined : dirname(library);
}

/** A text file of the installed package, such as `docs/diagnostics/unit-mismatch.md`. Undefined if it does not exist. */
export function readShippedText(module: string, path: string): string | undefined {
  const directory = packageDirectory(module);
  if (directory === undefined) return undefined;
  try {
    return readFileSync(join(directory, path), 'utf8');
  } catch {
    return undefined;
  }
}

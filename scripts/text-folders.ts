import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Modules that contain the texts of a folder, by name: `library-texts` and `example-texts`. A bundle for a browser has no disk.
 * A name of the library has no ending, as in an import; an example keeps its file name. With `shortened`, the library loses the comments
 * that no hover shows.
 */
export function textFolders({ shortened }: { readonly shortened: boolean }): Plugin {
  const modules: Readonly<Record<string, () => Record<string, string>>> = {
    'library-texts': () =>
      textsOf('library', (path) => path.slice(0, -'.npu'.length), shortened ? withoutComments : asWritten),
    'example-texts': () => textsOf('examples', (path) => path, asWritten),
  };
  return {
    name: 'text-folders',
    setup(build) {
      build.onResolve({ filter: /^(library|example)-texts$/ }, ({ path }) => ({ path, namespace: 'text-folder' }));
      build.onLoad({ filter: /.*/, namespace: 'text-folder' }, ({ path }) => ({
        contents: `export const texts = ${JSON.stringify(modules[path]?.() ?? {})};`,
        loader: 'js',
      }));
    },
  };
}

const asWritten = (text: string): string => text;

/** Without `//` comments, indentation and empty lines. `///` stays: it documents a declaration. */
function withoutComments(text: string): string {
  return text
    .replace(/^[ \t]*\/\/(?!\/).*\n/gmu, '')
    .replace(/[ \t]+\/\/(?!\/)[^"\n]*$/gmu, '')
    .replace(/^ +|\n(?=\n)/gmu, '');
}

function textsOf(
  folder: string,
  nameOf: (path: string) => string,
  change: (text: string) => string,
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (path.endsWith('.npu')) {
      texts[nameOf(path.split(sep).join('/'))] = change(readFileSync(join(folder, path), 'utf8'));
    }
  }
  return texts;
}

import path from 'node:path';
import { runBundle } from './run-bundle.ts';

/**
 * The file that an editor starts: the language server, with the code that V8 compiled in an earlier start. The client
 * names the folder for that code.
 */
runBundle(path.join(import.meta.dirname, 'programs.cjs'), process.env.STIMPACK_COMPILED, (programs) =>
  (programs as { readonly start: (name: string) => void }).start('language-server'),
);

import path from 'node:path';
import { runBundle } from './run-bundle.ts';

/** What an editor starts: the language server, with what V8 compiled of it last time. The client says where that is kept. */
runBundle(path.join(import.meta.dirname, 'language-server.cjs'), process.env.STIMPACK_COMPILED);

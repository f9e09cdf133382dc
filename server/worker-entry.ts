import path from 'node:path';
import { runBundle } from './run-bundle.ts';

/**
 * The file that a simulation thread starts; see `entry.ts`. It uses other functions than the server, so its compiled code
 * has its own folder.
 */
const compiled = process.env.STIMPACK_COMPILED;
runBundle(path.join(import.meta.dirname, 'simulation.cjs'), compiled && path.join(compiled, 'thread'), (simulation) =>
  (simulation as { readonly start: () => void }).start(),
);

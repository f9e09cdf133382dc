import path from 'node:path';
import { runBundle } from './run-bundle.ts';

/** The file that a simulation thread starts; see `entry.ts`. */
runBundle(path.join(import.meta.dirname, 'simulation.cjs'), process.env.STIMPACK_COMPILED);

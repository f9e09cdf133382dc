import path from 'node:path';
import { runBundle } from './run-bundle.ts';

/** What a simulation thread starts with; see `entry.ts`. */
runBundle(path.join(import.meta.dirname, 'simulation.cjs'), process.env.STIMPACK_COMPILED);

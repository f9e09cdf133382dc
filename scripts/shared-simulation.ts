import { resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

/*
 * The simulator. The threads of the server load it alone, because a save waits for their start, and all other programs use it too. It is in a
 * separate bundle, so that the package contains it once (77 kB packed). The vocabulary of design/ is small and is in both bundles, so that a program
 * that does not simulate does not load the simulator.
 */

const bundle = './simulation.cjs';

/** The bundle: what `simulator/index.ts` exports, and `start`, which makes the current thread a simulation thread. */
export function simulationBuildOptions({
  entryPoints: _,
  outdir: __,
  outExtension: ___,
  ...options
}: BuildOptions): BuildOptions {
  const contents = [
    "export * from './simulator/index.ts';",
    "export const start = () => void import('./server/simulation-worker.ts');",
  ];
  return {
    ...options,
    stdin: { contents: contents.join('\n'), resolveDir: process.cwd() },
    outfile: 'dist/simulation.cjs',
  };
}

/** Takes the simulator from that bundle, which must be beside the file that is built. It is loaded when it is first used. */
export const sharedSimulation: Plugin = {
  name: 'shared-simulation',
  setup({ onResolve, onLoad }) {
    const file = resolve('simulator/index.ts');
    onResolve({ filter: /\/simulator\/index\.ts$/ }, ({ path, resolveDir }) =>
      resolve(resolveDir, path) === file ? { path: bundle, namespace: 'shared-simulation' } : undefined,
    );
    onResolve({ filter: /.*/, namespace: 'shared-simulation' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'shared-simulation' }, () => ({
      contents: `module.exports = require('${bundle}');`,
    }));
  },
};

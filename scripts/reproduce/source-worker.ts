import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

/**
 * Starts workers from source. They are bundled first, because Node 20 cannot run TypeScript. The shipped program has
 * its worker beside it.
 */
export async function workersFromSource(root: string): Promise<() => Worker> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'scripts', 'reproduce', 'worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  const code = outputFiles[0]?.text ?? '';
  return () => new Worker(code, { eval: true, workerData: { root } });
}

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

/** Workers from source, bundled first: Node runs no TypeScript. What ships has its worker beside it. */
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

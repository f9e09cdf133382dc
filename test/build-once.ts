import { buildAll } from '../scripts/build.ts';

/** Tests of the server, the command line and the panel run what ships: the bundles in dist/. */
export async function setup(): Promise<void> {
  await buildAll();
}

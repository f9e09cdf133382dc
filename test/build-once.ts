import { buildAll } from '../scripts/build.ts';

/** Tests of the server, the command line and the panel run what ships: the bundles in dist/. `npm test` has built them. */
export async function setup(): Promise<void> {
  if (process.env.STIMPACK_BUILT !== 'yes') await buildAll();
}

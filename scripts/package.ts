import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.ts';

/** Packs dist/, which the caller has built, with the library into one .vsix. Everything is bundled, so it contains no node_modules. */
export async function packageExtension(target: string): Promise<string> {
  mkdirSync(path.dirname(target), { recursive: true });
  process.env.STIMPACK_BUILT = 'yes';
  // The links of the README stay relative and lead to files of the package, which also works without the repository.
  await createVSIX({
    dependencies: false,
    packagePath: target,
    skipLicense: false,
    rewriteRelativeLinks: false,
  });
  return target;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildAll();
  console.log(await packageExtension(path.resolve('stimpack.vsix')));
}

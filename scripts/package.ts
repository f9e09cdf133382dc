import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.ts';

/** Builds dist/ and packs it with the library into one .vsix; everything is bundled, so no node_modules go along. */
export async function packageExtension(target: string): Promise<string> {
  mkdirSync(path.dirname(target), { recursive: true });
  // The manifest names no repository yet: README's links stay relative to the package, which holds what they lead to.
  await createVSIX({
    dependencies: false,
    packagePath: target,
    allowMissingRepository: true,
    skipLicense: false,
    rewriteRelativeLinks: false,
  });
  return target;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildAll();
  console.log(await packageExtension(path.resolve('stimpack.vsix')));
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.ts';
import { smallerZip } from './smaller-zip.ts';
import { artifact } from './vscode/artifacts.ts';
import { writeWebExtension } from './web-extension.ts';

/** Packs dist/, which the caller has built, with the library into one .vsix. Everything is bundled, so it contains no node_modules. */
export async function packageExtension(target: string): Promise<string> {
  mkdirSync(path.dirname(target), { recursive: true });
  process.env.STIMPACK_BUILT = 'yes';
  await createVSIX({ ...packing, packagePath: target });
  return repack(target);
}

/** Packs the extension for VS Code in a browser. The caller has built dist/. */
export async function packageWebExtension(target: string): Promise<string> {
  const folder = artifact('web-extension');
  await writeWebExtension(folder);
  await createVSIX({ ...packing, cwd: folder, target: 'web', packagePath: target });
  return repack(target);
}

function repack(target: string): string {
  writeFileSync(target, smallerZip(readFileSync(target)));
  return target;
}

const packing = {
  dependencies: false,
  skipLicense: false,
  // The links of the README stay relative and lead to files of the package, which also works without the repository.
  rewriteRelativeLinks: false,
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildAll();
  console.log(await packageExtension(path.resolve('stimpack.vsix')));
  console.log(await packageWebExtension(path.resolve('stimpack-web.vsix')));
}

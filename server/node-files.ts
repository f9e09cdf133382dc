import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normalUri } from '../language/index.ts';

/** Folders that contain files of other people. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', 'out', 'build']);

/**
 * The number of files and folders at which a search stops. The answer for a larger workspace is incomplete. Our
 * assumption.
 */
const mostFiles = 5_000;
const mostFolders = 20_000;

/** The .npu files below a folder of the disk. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const pending: { readonly path: string; readonly uri: string }[] = [];
  try {
    pending.push({ path: fileURLToPath(folder), uri: normalUri(folder).replace(/\/$/u, '') });
  } catch {
    // The folder is not on this disk.
    return [];
  }
  for (let visited = 0; visited < mostFolders && found.length < mostFiles; visited++) {
    const next = pending.pop();
    if (next === undefined) break;
    for (const entry of await entriesOf(next.path)) {
      const uri = normalUri(`${next.uri}/${encodeURIComponent(entry.name)}`);
      if (entry.isDirectory() && !skipped.has(entry.name)) pending.push({ path: join(next.path, entry.name), uri });
      else if (entry.isFile() && entry.name.endsWith('.npu')) found.push(uri);
    }
  }
  return found.sort();
}

async function entriesOf(path: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

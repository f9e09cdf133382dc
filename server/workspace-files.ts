import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normalUri } from '../language/index.ts';

/** Folders that hold other people's files. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', 'out', 'build']);

/** Files and folders beyond which a search ends: a workspace that is larger is answered in part. */
const mostFiles = 5_000;
const mostFolders = 20_000;

/** The .npu files below the workspace's folders: those that nobody has open count for references and renames, too. */
export class WorkspaceFiles {
  private folders: readonly string[] = [];
  private known: Promise<readonly string[]> | undefined;

  setFolders(uris: readonly string[]): void {
    this.folders = uris;
    this.known = undefined;
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    this.setFolders([...this.folders.filter((uri) => !removed.includes(uri)), ...added]);
  }

  /** Whether a folder is one of the workspace's, or below one. */
  isInside(uri: string): boolean {
    return this.folders.some((folder) => `${uri}/`.startsWith(`${normalUri(folder).replace(/\/$/u, '')}/`));
  }

  /** A file appeared or went. */
  forget(): void {
    this.known = undefined;
  }

  list(): Promise<readonly string[]> {
    this.known ??= Promise.all(this.folders.map(filesBelow)).then((found) => [...new Set(found.flat())]);
    return this.known;
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const pending: { readonly path: string; readonly uri: string }[] = [];
  try {
    pending.push({ path: fileURLToPath(folder), uri: normalUri(folder).replace(/\/$/u, '') });
  } catch {
    // Not on this disk.
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

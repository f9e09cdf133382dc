import * as vscode from 'vscode';

/** Folders that contain files of other people. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', 'out', 'build']);

/**
 * The number of files and folders at which a search stops. The answer for a larger workspace is incomplete. Our assumption: each folder of a
 * repository may be a request over the network.
 */
const mostFiles = 5_000;
const mostFolders = 2_000;

/**
 * The URIs of the .npu files below a folder. `vscode.workspace.findFiles` would wait forever for a file system that has no search, which most
 * virtual ones do not have.
 */
export async function filesBelow(
  files: Pick<vscode.FileSystem, 'readDirectory'>,
  folder: vscode.Uri,
): Promise<readonly string[]> {
  const found: string[] = [];
  const pending = [folder];
  for (let visited = 0; visited < mostFolders && found.length < mostFiles; visited++) {
    const next = pending.pop();
    if (next === undefined) break;
    for (const [name, type] of await entriesOf(files, next)) {
      const uri = vscode.Uri.joinPath(next, name);
      // A link may lead to a folder above.
      if (type === vscode.FileType.Directory && !skipped.has(name)) pending.push(uri);
      else if (type === vscode.FileType.File && name.endsWith('.npu')) found.push(uri.toString());
    }
  }
  return found.sort();
}

async function entriesOf(
  files: Pick<vscode.FileSystem, 'readDirectory'>,
  folder: vscode.Uri,
): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await files.readDirectory(folder);
  } catch {
    return [];
  }
}

import type * as vscode from 'vscode';

/** The part of `vscode.workspace.fs` that replaces a file. */
export type EditorFiles = Pick<vscode.FileSystem, 'writeFile' | 'rename' | 'delete' | 'stat'>;

/** Replaces a file on the disk of this machine, so that a failure keeps the old one. */
export type WriteDisk = (path: string, bytes: Uint8Array) => void;

/**
 * Replaces a file, so that a failure keeps the old one. Files on the disk are written by the function that writes all
 * files; in a browser, which has none, `writeDisk` is undefined. VS Code's own functions are used only for files elsewhere: its `writeFile` empties a file before it writes, and
 * its `rename` deletes the target before it renames, so a crash between the two would lose both.
 * Throws an error whose message says what happened.
 */
export async function replaceFile(
  files: EditorFiles,
  target: vscode.Uri,
  bytes: Uint8Array,
  writeDisk: WriteDisk | undefined,
): Promise<void> {
  if (target.scheme === 'file' && writeDisk !== undefined) {
    writeDisk(target.fsPath, bytes);
    return;
  }
  const temporary = target.with({ path: `${target.path}.stimpack.tmp` });
  let isWritten = false;
  try {
    await files.writeFile(temporary, bytes);
    isWritten = true;
    await files.rename(temporary, target, { overwrite: true });
  } catch (error) {
    // If VS Code has deleted the target already, the temporary file is the only copy of the content.
    if (isWritten && !(await exists(files, target))) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason}. The content is in ${temporary.path}`);
    }
    await files.delete(temporary).then(undefined, () => undefined);
    throw error;
  }
}

async function exists(files: EditorFiles, uri: vscode.Uri): Promise<boolean> {
  try {
    await files.stat(uri);
    return true;
  } catch {
    return false;
  }
}

import { normalUri } from '../language/index.ts';

/** Finds the .npu files below a folder. Empty if the folder cannot be listed. */
export type FilesBelow = (folderUri: string) => Promise<readonly string[]>;

/** The .npu files below the workspace's folders. References and renames include those that are not open. */
export class WorkspaceFiles {
  private folders: readonly string[] = [];
  private known: Promise<readonly string[]> | undefined;
  private readonly filesBelow: FilesBelow;

  constructor(filesBelow: FilesBelow) {
    this.filesBelow = filesBelow;
  }

  setFolders(uris: readonly string[]): void {
    this.folders = uris;
    this.known = undefined;
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    this.setFolders([...this.folders.filter((uri) => !removed.includes(uri)), ...added]);
  }

  /** True if a folder is one of the workspace's folders or below one. */
  isInside(uri: string): boolean {
    return this.folders.some((folder) => `${uri}/`.startsWith(`${normalUri(folder).replace(/\/$/u, '')}/`));
  }

  /** Handles a file that appeared or disappeared. */
  forget(): void {
    this.known = undefined;
  }

  list(): Promise<readonly string[]> {
    this.known ??= Promise.all(this.folders.map((folder) => this.filesBelow(folder))).then((found) => [
      ...new Set(found.flat()),
    ]);
    return this.known;
  }
}

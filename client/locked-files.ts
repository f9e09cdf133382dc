import type * as vscode from 'vscode';

const key = 'stimpack.lockedFiles';

/** The documents to which tabs of results are locked. They are kept over a reload of the window, because the page of a tab does not store its lock. */
export class LockedFiles {
  private readonly memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
  }

  has(uri: string): boolean {
    return this.uris().includes(uri);
  }

  add(uri: string): void {
    if (!this.has(uri)) void this.memory.update(key, [...this.uris(), uri]);
  }

  delete(uri: string): void {
    void this.memory.update(
      key,
      this.uris().filter((one) => one !== uri),
    );
  }

  private uris(): readonly string[] {
    return this.memory.get<readonly string[]>(key, []);
  }
}

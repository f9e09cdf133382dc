import type { CheckedFile, Declaration } from './checked-file.ts';

/**
 * Which file imports which. The imports of a file are added after those of the files that it imports, and they have no cycle. Later checks keep the
 * facts of an unchanged file, and with them this graph. So the graph must not keep files that only this check used.
 */
export class ImportGraph {
  private readonly imports = new WeakMap<CheckedFile, readonly CheckedFile[]>();
  /** Whether a file and all its imports are unchanged. */
  private readonly unchanged = new WeakMap<CheckedFile, boolean>();

  /** `isUnchanged`: whether the file itself is unchanged. */
  add(file: CheckedFile, imports: readonly CheckedFile[], isUnchanged: boolean): void {
    this.imports.set(file, imports);
    this.unchanged.set(file, isUnchanged && imports.every((one) => this.isUnchanged(one)));
  }

  /** Whether a file and all its direct and indirect imports are unchanged. */
  isUnchanged(file: CheckedFile): boolean {
    return this.unchanged.get(file) === true;
  }

  /** A file and all its direct and indirect imports. */
  reach(file: CheckedFile): ReadonlySet<CheckedFile> {
    const reached = new Set<CheckedFile>();
    const pending = [file];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      pending.push(...(this.imports.get(next) ?? []));
    }
    return reached;
  }

  /** The names of a file and those of all files that it imports, also indirectly. Its own names hide the others. */
  visible(file: CheckedFile): CheckedFile['visible'] {
    const visible = new Map<string, Declaration[]>();
    for (const reached of this.reach(file)) {
      for (const [name, declaration] of reached.own) {
        if (file.own.has(name) && reached !== file) continue;
        const all = visible.get(name);
        if (all === undefined) visible.set(name, [declaration]);
        else all.push(declaration);
      }
    }
    return visible;
  }
}

import { closeSync, openSync, rmSync, writeSync } from 'node:fs';

/** A new file that grows line by line. Added lines stay in the file if the process ends. */
export interface GrowingFile {
  readonly path: string;
  add(text: string): void;
  close(): void;
  /** Closes and deletes the file. */
  remove(): void;
}

/** Creates a file for lines that are added one by one. Throws Node's error if the file exists or cannot be created. */
export function createGrowingFile(path: string): GrowingFile {
  // 'ax': never adds to the file of another process.
  const descriptor = openSync(path, 'ax');
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  return {
    path,
    add: (text) => {
      const bytes = Buffer.from(text, 'utf8');
      for (let written = 0; written < bytes.byteLength; ) written += writeSync(descriptor, bytes, written);
    },
    close,
    remove: () => {
      close();
      rmSync(path, { force: true });
    },
  };
}

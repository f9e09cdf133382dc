import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Complaint } from './complaint.ts';

/** Why a file could not be written, in words. */
export function writeTrouble(name: string, error: unknown): Complaint {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such directory',
    ENOTDIR: 'a part of the path is not a directory',
    EISDIR: 'it is a directory',
    EACCES: 'no permission',
    EPERM: 'no permission',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return { code: 'cannot-write', message: `${name}: cannot be written: ${reason}`, file: name };
}

/** What would keep a file from being written, told before a long run and not after it; undefined where nothing is seen. */
export function foreseeTrouble(name: string, directory: string): Complaint | undefined {
  const path = resolve(directory, name);
  try {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      return writeTrouble(name, Object.assign(new Error(), { code: 'EISDIR' }));
    }
    return undefined;
  } catch (error) {
    return writeTrouble(name, error);
  }
}

/** A directory to write into, made where there is none. */
export function makeDirectory(name: string, directory: string): Complaint | undefined {
  try {
    mkdirSync(resolve(directory, name), { recursive: true });
    accessSync(resolve(directory, name), constants.W_OK);
    return undefined;
  } catch (error) {
    return writeTrouble(name, error);
  }
}

export function writeOutput(name: string, directory: string, text: string): Complaint | undefined {
  try {
    writeFileSync(resolve(directory, name), text);
    return undefined;
  } catch (error) {
    return writeTrouble(name, error);
  }
}

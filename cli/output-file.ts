import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeFileSafely } from '../host/index.ts';
import type { Complaint } from './complaint.ts';

/** The reason why a file could not be written, for people. */
function writeTrouble(name: string, error: unknown): Complaint {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such directory',
    ENOTDIR: 'a part of the path is not a directory',
    EISDIR: 'it is a directory',
    EACCES: 'no permission',
    EPERM: 'no permission',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EFBIG: 'the file would be larger than the file system allows',
    ENAMETOOLONG: 'its name is too long',
  };
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return { code: 'cannot-write', message: `cannot write ${name}: ${reason}`, file: name };
}

/**
 * Checks whether a file can be written, so that a long run does not fail at its end. Returns the reason if it cannot. Undefined if no
 * reason is visible. A full disk shows only when the file is written.
 */
export function foreseeTrouble(name: string, directory: string): Complaint | undefined {
  const path = resolve(directory, name);
  try {
    const known = statSync(path, { throwIfNoEntry: false });
    if (known?.isDirectory() === true) return writeTrouble(name, Object.assign(new Error(), { code: 'EISDIR' }));
    // A file is replaced by a new one beside it, so its folder must be writable. A device or a pipe is written directly.
    accessSync(known === undefined || known.isFile() ? dirname(path) : path, constants.W_OK);
    return undefined;
  } catch (error) {
    return writeTrouble(name, error);
  }
}

/** Creates a directory to write into, unless it exists. Returns the reason if that fails or the directory is read-only. */
export function makeDirectory(name: string, directory: string): Complaint | undefined {
  try {
    mkdirSync(resolve(directory, name), { recursive: true });
    accessSync(resolve(directory, name), constants.W_OK);
    return undefined;
  } catch (error) {
    return writeTrouble(name, error);
  }
}

/** Writes a file as a whole or leaves the old one unchanged. Returns the reason if it failed. */
export function writeOutput(name: string, directory: string, text: string): Complaint | undefined {
  try {
    writeFileSafely(resolve(directory, name), text);
    return undefined;
  } catch (error) {
    return writeTrouble(name, error);
  }
}

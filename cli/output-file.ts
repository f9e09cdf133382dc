import { accessSync, constants, mkdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileContent, writeFileSafely } from '../host/index.ts';
import type { Complaint } from './complaint.ts';

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
  ELOOP: 'its symbolic links lead in a circle',
  ENXIO: 'it is a pipe or a device, and no program reads from it',
  EPIPE: 'the program that read from it has ended',
};

/** The reason why a file could not be written, for people. `path` is that of the file. */
export function writeTrouble(name: string, path: string, error: unknown): Complaint {
  const { code = '', path: failedAt = path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const isFolder = (code === 'EACCES' || code === 'EPERM') && failedAt !== path;
  const known = isFolder ? 'no permission to create a file in its folder' : reasons[code];
  return trouble(name, known ?? (error instanceof Error ? error.message : String(error)));
}

function trouble(name: string, reason: string): Complaint {
  return { code: 'cannot-write', message: `cannot write ${name}: ${reason}`, file: name };
}

/**
 * Checks whether a file can be written, so that a long run does not fail at its end. Returns the reason if it cannot. Undefined if no
 * reason is visible. A full disk shows only when the file is written. `inputs`: see `writeOutput`.
 */
export function foreseeTrouble(name: string, directory: string, inputs: readonly string[]): Complaint | undefined {
  const path = resolve(directory, name);
  const harm = inputTrouble(name, directory, inputs);
  if (harm !== undefined) return harm;
  try {
    const known = statSync(path, { throwIfNoEntry: false });
    if (known?.isDirectory() === true) return trouble(name, 'it is a directory');
    if (known !== undefined) accessSync(path, constants.W_OK);
    // A file is replaced by a new one beside it, so its folder must be writable. A device or a pipe is written directly.
    if (known === undefined) accessSync(dirname(path), constants.W_OK);
    else if (known.isFile()) accessSync(dirname(realpathSync(path)), constants.W_OK);
    return undefined;
  } catch (error) {
    return writeTrouble(name, path, error);
  }
}

/** Creates a directory to write into, unless it exists. Returns the reason if that fails or the directory is read-only. */
export function makeDirectory(name: string, directory: string): Complaint | undefined {
  const path = resolve(directory, name);
  try {
    const { existing, status } = nearestExisting(path);
    if (!status.isDirectory())
      return trouble(name, existing === path ? 'it is not a directory' : 'a part of the path is not a directory');
    // Node reports a read-only file system as a directory that does not exist.
    accessSync(existing, constants.W_OK);
    mkdirSync(path, { recursive: true });
    return undefined;
  } catch (error) {
    return writeTrouble(name, path, error);
  }
}

function nearestExisting(path: string): { readonly existing: string; readonly status: Stats } {
  let existing = path;
  for (;;) {
    // The path may be missing, and the folders above it too. The search ends at the first one that exists, even if it is a file.
    const status = statSync(existing, { throwIfNoEntry: false });
    if (status !== undefined) return { existing, status };
    existing = dirname(existing);
  }
}

/**
 * Writes a file as a whole or leaves the old one unchanged. Returns the reason if it failed. `inputs`: URIs of the files that the command has
 * read. None of them is replaced, even under another name.
 */
export function writeOutput(
  name: string,
  directory: string,
  content: FileContent,
  inputs: readonly string[],
): Complaint | undefined {
  const path = resolve(directory, name);
  const harm = inputTrouble(name, directory, inputs);
  if (harm !== undefined) return harm;
  try {
    writeFileSafely(path, content);
    return undefined;
  } catch (error) {
    return writeTrouble(name, path, error);
  }
}

/** The reason why a file must keep its content: the command reads it. A link can give it another name. */
function inputTrouble(name: string, directory: string, inputs: readonly string[]): Complaint | undefined {
  const path = resolve(directory, name);
  const target = identityOf(path);
  if (target === undefined) return undefined;
  for (const uri of inputs) {
    if (!uri.startsWith('file:')) continue;
    const input = fileURLToPath(uri);
    if (identityOf(input) !== target) continue;
    const what =
      input === path
        ? 'this command reads it'
        : `it is the same file as ${relative(directory, input)}, which this command reads`;
    return trouble(name, `${what}; name another file`);
  }
  return undefined;
}

/** Whether two names belong to one file, so that the second output would replace the first. A link can give a file another name. A pipe or a device accepts both outputs. */
export function isSameOutput(one: string, other: string, directory: string): boolean {
  const [first, second] = [resolve(directory, one), resolve(directory, other)];
  const identity = identityOf(first);
  if (identity !== undefined) return identity === identityOf(second);
  return first === second && statSync(first, { throwIfNoEntry: false }) === undefined;
}

/** Equal for all names of one regular file. Undefined if there is no such file: a pipe or a device has no content to lose. */
function identityOf(path: string): string | undefined {
  try {
    const status = statSync(path, { bigint: true, throwIfNoEntry: false });
    return status?.isFile() === true ? `${status.dev}:${status.ino}` : undefined;
  } catch {
    return undefined;
  }
}

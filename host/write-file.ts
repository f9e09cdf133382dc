import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Marks the temporary files of this module, so that leftovers of a killed process can be recognized. */
const temporaryMark = '.stimpack-';
const temporaryEnd = '.tmp';

/**
 * A temporary file older than this belongs to a process that was killed. A write in progress changes its file far more often.
 * Our assumption.
 */
const abandonedAfterMilliseconds = 10 * 60 * 1000;

/** The longest base name that a temporary name repeats: file systems allow 255 bytes for a whole name. */
const mostNameBytes = 180;

const defaultMode = 0o666;

/** `pieces`: the texts that the file consists of. They are made while the file is written, so that no more than one megabyte is in memory. */
export type FileContent = string | Uint8Array | { readonly pieces: Iterable<string> };

/** Pieces are written together, because a system call for each line takes longer than the line. */
const pieceCharacters = 1 << 20;

/**
 * The one function that writes a user's file. Writes a temporary file beside the target, flushes it to the disk and renames it, so that
 * the target always has either its old or its new content, whatever happens in between. A symbolic link stays a link; the target keeps its
 * permissions, and one that is write-protected is not replaced, although its folder would allow it. A target that is not a regular file
 * (`/dev/stdout`, a pipe) cannot be replaced and is written directly.
 * Throws Node's error if the file cannot be written; the old file is then unchanged and the temporary file removed.
 */
export function writeFileSafely(path: string, content: FileContent): void {
  const known = statSync(path, { throwIfNoEntry: false });
  if (known?.isDirectory() === true) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  if (known !== undefined && !known.isFile()) {
    writeDirectly(path, content, known);
    return;
  }
  if (known !== undefined) accessSync(path, constants.W_OK);
  // Renaming over a link would replace the link, not the file that it leads to.
  const target = known === undefined ? newTarget(path) : realpathSync(path);
  const temporary = temporaryBeside(target);
  try {
    writeWhole(temporary, content, known);
    renameSync(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  flushDirectory(dirname(target));
  removeAbandoned(target);
}

/** The path at which a new file appears. A link may lead to a file that does not exist yet. */
function newTarget(path: string): string {
  let target = path;
  // `statSync` has reported links that lead in a circle already.
  for (;;) {
    const link = lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (!link) return target;
    target = resolve(realpathSync(dirname(target)), readlinkSync(target));
  }
}

/** Throws nothing: the reason why the file could not be written helps the user more than a second error. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}

/** Opening a named pipe waits until something reads from it, perhaps forever: without a reader it is an error (ENXIO) here. */
function writeDirectly(path: string, content: FileContent, known: Stats): void {
  const reader = known.isFIFO() ? openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) : undefined;
  try {
    const descriptor = openSync(path, 'w');
    try {
      writeAll(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
  } finally {
    if (reader !== undefined) closeSync(reader);
  }
}

function writeAll(descriptor: number, content: FileContent): void {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    for (let written = 0; written < bytes.byteLength; ) written += writeSync(descriptor, bytes, written);
    return;
  }
  let text = '';
  for (const piece of content.pieces) {
    text += piece;
    if (text.length < pieceCharacters) continue;
    writeAll(descriptor, text);
    text = '';
  }
  writeAll(descriptor, text);
}

function temporaryBeside(target: string): string {
  return join(dirname(target), temporaryPrefix(target) + randomBytes(6).toString('hex') + temporaryEnd);
}

/** Begins with a dot: file listings hide it, and no pattern for designs or shards matches it. */
function temporaryPrefix(target: string): string {
  let name = basename(target);
  while (Buffer.byteLength(name) > mostNameBytes) name = name.slice(0, -1);
  return `.${name}${temporaryMark}`;
}

function writeWhole(path: string, content: FileContent, known: Stats | undefined): void {
  // 'wx': never follows or overwrites something that another program put there.
  const descriptor = openSync(path, 'wx', known === undefined ? defaultMode : 0o600);
  try {
    writeAll(descriptor, content);
    if (known !== undefined) takeOverOwner(descriptor, known);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function takeOverOwner(descriptor: number, known: Stats): void {
  try {
    fchownSync(descriptor, known.uid, known.gid);
  } catch {
    // Only root may give a file away. The new file then belongs to the user who writes it, as with any editor.
  }
  fchmodSync(descriptor, known.mode & 0o7777);
}

/** Makes the rename itself durable. Some systems (Windows, some network disks) cannot flush a directory; the content is safe anyway. */
function flushDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return;
  }
}

/** Removes what killed processes left beside this target. The target itself is already written, so errors are ignored. */
function removeAbandoned(target: string): void {
  const directory = dirname(target);
  const prefix = temporaryPrefix(target);
  try {
    for (const name of readdirSync(directory)) {
      if (!name.startsWith(prefix) || !name.endsWith(temporaryEnd)) continue;
      const path = join(directory, name);
      const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
      if (touched !== undefined && Date.now() - touched > abandonedAfterMilliseconds) rmSync(path, { force: true });
    }
  } catch {
    return;
  }
}

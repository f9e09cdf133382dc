import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ReadProblem } from '../design/index.ts';
import { decodeUtf16, isUnmarkedUtf16, type ReadFile, type ReadToken, type SourceReader } from '../engine/index.ts';

const byteOrderMark = '\uFEFF';

/**
 * Bytes of one piece of a file. A server that processes one piece still answers within milliseconds. Our assumption.
 */
const pieceBytes = 256 * 1024;

/**
 * The path of a file: URI. Undefined for any other scheme and for a URI that is no path on this system (another host, a
 * drive letter on Unix).
 */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** Text as an editor would show it: without the byte order mark of UTF-8 or UTF-16, so that offsets agree with the editor's. */
export function decodeText(bytes: Uint8Array): string {
  const wide = decodeUtf16(bytes);
  if (wide !== undefined) return wide;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/** Requirements besides being a regular file of limited size. */
interface Demands {
  readonly limitBytes: number;
  /** True if messages quote the content: the name of the file, and of the file that a link leads to, must end in `.npu`. */
  readonly isNpu: boolean;
}

interface FileStatus {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/**
 * Equal for an unchanged file. It contains the file number, because a replaced file may have the same time and size.
 */
function versionOf({ ino, mtimeMs, size }: FileStatus): string {
  return `${ino}:${mtimeMs}:${size}`;
}

function problemOf(status: FileStatus, limitBytes: number): ReadProblem | undefined {
  if (status.isDirectory()) return { kind: 'directory' };
  if (!status.isFile()) return { kind: 'not-regular' };
  if (status.size > limitBytes) return { kind: 'too-large', sizeBytes: status.size, limitBytes };
  return undefined;
}

function problemOfError(error: unknown): ReadProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return { kind: 'not-found' };
    case 'EISDIR':
      return { kind: 'directory' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'no-permission' };
    default:
      if (error instanceof RangeError) return { kind: 'failed', detail: 'it does not fit in memory' };
      return { kind: 'failed', detail: details[code] ?? `the system reports ${code === '' ? 'an error' : code}` };
  }
}

/** Node's own messages repeat the absolute path, which the reader of a message may not expect there. */
const details: Readonly<Record<string, string>> = {
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  EBUSY: 'another program uses it',
  ENXIO: 'it is a device, a pipe or a socket, not a regular file',
  ESTALE: 'the network disk no longer has it',
};

/**
 * Opens a file, works on it and closes it. The file is checked before it is opened, because opening a device or a FIFO
 * can block or have effects. It is checked again afterwards, because another file may have replaced it. Links were
 * resolved before, so the last part of the path is not a link.
 */
async function withFile<T>(
  path: string,
  { limitBytes, isNpu }: Demands,
  work: (handle: FileHandle, sizeBytes: number) => Promise<T | ReadProblem>,
): Promise<ReadFile<T> | ReadProblem> {
  let handle: FileHandle | undefined;
  try {
    const target = await realpath(path);
    const before = problemOf(await stat(target), limitBytes);
    if (before?.kind === 'directory' || before?.kind === 'not-regular') return before;
    if (isNpu && !(isNamedNpu(path) && isNamedNpu(target))) return { kind: 'not-npu' };
    if (before !== undefined) return before;
    // A system without this flag (Windows) does not need its protection.
    handle = await open(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    const status = await handle.stat();
    const after = problemOf(status, limitBytes);
    if (after !== undefined) return after;
    const value = await work(handle, status.size);
    return isProblem(value) ? value : { kind: 'read', value, version: versionOf(status) };
  } catch (error) {
    return problemOfError(error);
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

function isProblem<T>(value: T | ReadProblem): value is ReadProblem {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function isNamedNpu(path: string): boolean {
  return /\.npu$/iu.test(path);
}

/**
 * A file that starts with this many zero bytes has no known format. Sparse files and stopped downloads can consist of zeros and be so large that
 * reading takes a minute. Our assumption: UTF-16 and UTF-32 text has zeros, but not this many in a row.
 */
const zeroBytes = 4096;

const emptyFile: ReadProblem = {
  kind: 'failed',
  detail: `it starts with ${zeroBytes} bytes of zero, so it has no content (is its download complete?)`,
};

function startsWithZeros(piece: Uint8Array): boolean {
  return piece.length >= zeroBytes && piece.subarray(0, zeroBytes).every((byte) => byte === 0);
}

/** True if a file that reports no size has content, as the files of /proc do. Some of them never end. Throws if reading fails. */
async function hidesItsSize(handle: FileHandle, sizeBytes: number): Promise<boolean> {
  return sizeBytes === 0 && (await handle.read(new Uint8Array(1), 0, 1, 0)).bytesRead > 0;
}

const sizeless: ReadProblem = { kind: 'failed', detail: 'it reports no size, as the files of /proc do' };

/** Reads at most the size that the file had when it was opened. */
async function allBytes(handle: FileHandle, sizeBytes: number, token: ReadToken): Promise<Uint8Array | ReadProblem> {
  if (await hidesItsSize(handle, sizeBytes)) return sizeless;
  // A separate buffer: a Node Buffer may share its memory with others, and cannot be transferred to a worker or
  // webview.
  const bytes = new Uint8Array(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    if (token.isCancelled) return { kind: 'cancelled' };
    const { bytesRead } = await handle.read(bytes, filled, Math.min(pieceBytes * 16, sizeBytes - filled), filled);
    if (bytesRead === 0) break;
    if (filled === 0 && startsWithZeros(bytes.subarray(0, bytesRead))) return emptyFile;
    filled += bytesRead;
  }
  return filled === sizeBytes ? bytes : bytes.slice(0, filled);
}

async function pieces(
  handle: FileHandle,
  sizeBytes: number,
  take: (piece: Uint8Array) => boolean,
  token: ReadToken,
): Promise<undefined | ReadProblem> {
  if (await hidesItsSize(handle, sizeBytes)) return sizeless;
  const buffer = new Uint8Array(pieceBytes);
  let at = 0;
  while (at < sizeBytes) {
    if (token.isCancelled) return { kind: 'cancelled' };
    const { bytesRead } = await handle.read(buffer, 0, Math.min(pieceBytes, sizeBytes - at), at);
    if (bytesRead === 0) break;
    if (at === 0 && startsWithZeros(buffer.subarray(0, bytesRead))) return emptyFile;
    at += bytesRead;
    if (!take(buffer.subarray(0, bytesRead))) break;
  }
  return undefined;
}

/** Node's asynchronous `realpath` calls that of the system, which also returns the letters that the disk uses. */
async function existingPath(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

/**
 * The real path of a file that may be missing: the deepest folder that exists, and the missing parts. Searches by halves, because a path of one
 * megabyte has half a million parts.
 */
async function realPath(path: string): Promise<string> {
  const whole = await existingPath(path);
  if (whole !== undefined) return whole;
  const parts = path.split(sep);
  const first = (count: number): string => parts.slice(0, count).join(sep) + (count === 1 ? sep : '');
  let existing = 0;
  let real = path;
  let missing = parts.length;
  while (missing - existing > 1) {
    const middle = Math.floor((existing + missing) / 2);
    const found = await existingPath(first(middle));
    if (found === undefined) missing = middle;
    else {
      existing = middle;
      real = `${found.endsWith(sep) ? found : found + sep}${parts.slice(middle).join(sep)}`;
    }
  }
  return real;
}

/** Reads a path as `SourceReader` reads a URI, for files that a command line names. The file may have any name. */
export function readPath(
  path: string,
  limitBytes: number,
  token: ReadToken = { isCancelled: false },
): Promise<ReadFile<Uint8Array> | ReadProblem> {
  return withFile(path, { limitBytes, isNpu: false }, (handle, size) => allBytes(handle, size, token));
}

/** As `readPath`, for a file whose content messages quote: it must be a `.npu` file, and a link must lead to one. */
export function readNpuPath(path: string, limitBytes: number): Promise<ReadFile<Uint8Array> | ReadProblem> {
  return withFile(path, { limitBytes, isNpu: true }, (handle, size) => allBytes(handle, size, { isCancelled: false }));
}

/** The disk, for all of our programs that run on Node. */
export const diskReader: SourceReader = {
  readText: async (uri, limitBytes, token) => {
    const path = pathOf(uri);
    if (path === undefined) return { kind: 'unknown-scheme' };
    const read = await withFile(path, { limitBytes, isNpu: true }, (handle, size) => allBytes(handle, size, token));
    if (read.kind !== 'read') return read;
    return isUnmarkedUtf16(read.value) ? { kind: 'unmarked-utf16' } : { ...read, value: decodeText(read.value) };
  },
  readBytes: async (uri, limitBytes, token) => {
    const path = pathOf(uri);
    return path === undefined ? { kind: 'unknown-scheme' } : readPath(path, limitBytes, token);
  },
  readPieces: async (uri, limitBytes, take, token) => {
    const path = pathOf(uri);
    if (path === undefined) return { kind: 'unknown-scheme' };
    return withFile(path, { limitBytes, isNpu: false }, (handle, size) => pieces(handle, size, take, token));
  },
  version: async (uri) => {
    const path = pathOf(uri);
    if (path === undefined) return { kind: 'unknown-scheme' };
    try {
      const status = await stat(path);
      return problemOf(status, Number.POSITIVE_INFINITY) ?? versionOf(status);
    } catch (error) {
      return problemOfError(error);
    }
  },
  realUri: async (uri) => {
    const path = pathOf(uri);
    return path === undefined ? uri : pathToFileURL(await realPath(path)).href;
  },
  namesBeside: async (uri) => {
    const path = pathOf(uri);
    if (path === undefined) return [];
    try {
      return await readdir(dirname(path));
    } catch {
      return [];
    }
  },
};

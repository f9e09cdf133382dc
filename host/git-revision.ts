import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type ReadProblem, readProblemText } from '../design/index.ts';
import { isUnmarkedUtf16, type ReadFile, readLimits, type SourceReader } from '../engine/index.ts';
import { decodeText, diskReader, pathOf } from './disk-reader.ts';

/** The files of a git repository as they were at a commit. */
export interface GitRevision {
  /** The full hash of the commit. */
  readonly commit: string;
  /**
   * Reads tracked files from the commit. A file that git does not track, in the commit or now, is read from the disk. A file that is tracked
   * now and is not in the commit does not exist.
   */
  readonly reader: SourceReader;
  /** The URIs that were read from the disk, because git does not track them. */
  readonly fromDisk: ReadonlySet<string>;
}

/** The reason, as a sentence without its end. */
export interface GitProblem {
  readonly problem: string;
}

/** The reason why a revision of a file cannot be read. */
export interface FileRevisionProblem extends GitProblem {
  readonly code: 'unknown-revision' | 'no-such-file' | 'unreadable-file';
}

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly isMissing: boolean;
}

/** No network (partial clones would download a missing file), no locks in the repository, and messages in English. */
const environment = { GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };

function spawnGit(directory: string, args: readonly string[]): ReturnType<typeof spawn> {
  return spawn('git', [...args], { cwd: directory, env: { ...process.env, ...environment }, windowsHide: true });
}

/** Runs git to its end. Never throws: a git that is not installed is an answer as well. */
function git(directory: string, ...args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawnGit(directory, args);
    let out = '';
    let err = '';
    child.stdout?.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr?.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.on('error', (error) => resolve({ code: -1, out: '', err: error.message, isMissing: true }));
    child.on('close', (code) => resolve({ code: code ?? -1, out, err, isMissing: false }));
  });
}

/** The repository of a file, or the reason why there is none. The folder of the file may no longer exist. */
export async function findRepository(path: string): Promise<{ readonly root: string } | GitProblem> {
  let directory = dirname(path);
  while (!existsSync(directory) && dirname(directory) !== directory) directory = dirname(directory);
  const { code, out, err, isMissing } = await git(directory, 'rev-parse', '--show-toplevel');
  if (isMissing) return { problem: 'git is not installed, or not in the PATH' };
  if (code === 0) return { root: out.replace(/\r?\n$/u, '') };
  if (err.includes('not a git repository')) return { problem: `${basename(path)} is not in a git repository` };
  return { problem: `git failed: ${firstLine(err)}` };
}

/** The two ends of a range `R1..R2`, as git reads it. An empty end is HEAD. `R1...R2` starts at the merge base. undefined: no range. */
export async function rangeEnds(
  root: string,
  written: string,
): Promise<{ readonly before: string; readonly after: string } | GitProblem | undefined> {
  const [, first = '', dots = '', second = ''] = /^(.*?)(\.{2,})(.*)$/u.exec(written) ?? [];
  if (dots === '') return undefined;
  const [before, after] = [first || 'HEAD', second || 'HEAD'];
  if (dots === '..') return { before, after };
  if (dots !== '...') return { problem: `'${written}' is not a range of revisions; write R1..R2` };
  const [one, other] = [await commitOf(root, before), await commitOf(root, after)];
  if (typeof one !== 'string') return one;
  if (typeof other !== 'string') return other;
  const { code, out } = await git(root, 'merge-base', one, other);
  return code === 0 ? { before: out.trim(), after } : { problem: `${before} and ${after} have no common ancestor` };
}

async function commitOf(root: string, revision: string): Promise<string | GitProblem> {
  // A revision never starts with a dash. git would read it as an option.
  const answer = revision.startsWith('-')
    ? undefined
    : await git(root, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
  if (answer?.code === 0) return answer.out.trim();
  return { problem: `there is no git revision '${revision}' in ${root}` };
}

/** Opens a revision: a commit, a branch, a tag, or anything else that `git rev-parse` reads. */
async function openRevision(root: string, revision: string): Promise<GitRevision | GitProblem> {
  const commit = await commitOf(root, revision);
  if (typeof commit !== 'string') return commit;
  const fromDisk = new Set<string>();
  return { commit, reader: revisionReader(root, commit, fromDisk), fromDisk };
}

/** Opens a revision for a file that it contains. `file`: the name of the file in messages. */
export async function openFileRevision(
  root: string,
  revision: string,
  uri: string,
  file: string,
): Promise<GitRevision | FileRevisionProblem> {
  const opened = await openRevision(root, revision);
  if ('problem' in opened) return { code: 'unknown-revision', ...opened };
  const found = await opened.reader.readText(uri, readLimits.npu, { isCancelled: false });
  if (found.kind !== 'read') {
    const code = found.kind === 'not-found' ? 'no-such-file' : 'unreadable-file';
    return { code, problem: `cannot read ${file} at ${revision}: ${readProblemText(found)}` };
  }
  if (opened.fromDisk.has(uri))
    return { code: 'no-such-file', problem: `git does not track ${file}; add and commit it` };
  return opened;
}

/** Opens a revision of a file, with the repository of the file. */
export async function openRevisionOf(uri: string, revision: string): Promise<GitRevision | GitProblem> {
  const path = pathOf(uri);
  if (path === undefined) return { problem: 'only files on the disk have git revisions' };
  const repository = await findRepository(path);
  return 'problem' in repository ? repository : openFileRevision(repository.root, revision, uri, basename(path));
}

function revisionReader(root: string, commit: string, fromDisk: Set<string>): SourceReader {
  let designs: Promise<ReadonlySet<string>> | undefined;
  /** The path inside of the repository for a file of the commit, or the disk. */
  const placeOf = async (uri: string): Promise<string | 'disk' | ReadProblem> => {
    const path = pathOf(uri);
    const inside = path === undefined ? undefined : await pathInside(root, path);
    if (inside === undefined) {
      fromDisk.add(uri);
      return 'disk';
    }
    const { kind } = await readBlob(root, commit, inside, 0, () => false);
    if (kind !== 'not-found') return inside;
    const { code } = await git(root, 'ls-files', '--error-unmatch', '--', `:(literal)${inside}`);
    if (code === 0) return { kind: 'not-found' };
    fromDisk.add(uri);
    return 'disk';
  };
  const read = async (
    uri: string,
    limitBytes: number,
    take: (piece: Uint8Array) => boolean,
  ): Promise<ReadFile<undefined> | ReadProblem | 'disk'> => {
    const place = await placeOf(uri);
    return place === 'disk' || typeof place !== 'string' ? place : readBlob(root, commit, place, limitBytes, take);
  };
  const readAll = async (uri: string, limitBytes: number): Promise<ReadFile<Uint8Array> | ReadProblem | 'disk'> => {
    const pieces: Uint8Array[] = [];
    const answer = await read(uri, limitBytes, (piece) => pieces.push(Uint8Array.from(piece)) > 0);
    // A copy with its own memory, because a Buffer can share its memory with others and cannot be transferred.
    return answer === 'disk' || answer.kind !== 'read' ? answer : { ...answer, value: concat(pieces) };
  };
  return {
    ...diskReader,
    readText: async (uri, limitBytes, token) => {
      const answer = await readAll(uri, limitBytes);
      if (answer === 'disk') return diskReader.readText(uri, limitBytes, token);
      if (answer.kind !== 'read') return answer;
      designs ??= designsOf(root, commit);
      if (!(await designs).has(answer.version)) return { kind: 'not-npu' };
      return isUnmarkedUtf16(answer.value)
        ? { kind: 'unmarked-utf16' }
        : { ...answer, value: decodeText(answer.value) };
    },
    readBytes: async (uri, limitBytes, token) => {
      const answer = await readAll(uri, limitBytes);
      return answer === 'disk' ? diskReader.readBytes(uri, limitBytes, token) : answer;
    },
    readPieces: async (uri, limitBytes, take, token) => {
      const answer = await read(uri, limitBytes, take);
      return answer === 'disk' ? diskReader.readPieces(uri, limitBytes, take, token) : answer;
    },
    // Files of a commit never change.
    version: async (uri) => ((await placeOf(uri)) === 'disk' ? diskReader.version(uri) : commit),
  };
}

/** The path of a file in a repository, with slashes. undefined: it is outside, or git's protocol cannot name it. */
async function pathInside(root: string, path: string): Promise<string | undefined> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  const below = relative(root, join(folder, basename(path)));
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || below.includes('\n')) return undefined;
  return below.split(sep).join('/');
}

/**
 * The hashes of the `.npu` files of a commit, which are no links. Messages quote only such files, and git follows a link without its target's name:
 * a content that no such file has is that of another file.
 */
async function designsOf(root: string, commit: string): Promise<ReadonlySet<string>> {
  const { out } = await git(root, 'ls-tree', '-r', '-z', '--full-tree', commit);
  const files = out.split('\0').flatMap((entry) => /^100\d+ blob (\w+)\t.*\.npu$/isu.exec(entry)?.[1] ?? []);
  return new Set(files);
}

const longestHeader = 4096;

/**
 * Passes the content of a file of a commit to `take`, in pieces. Links inside of the repository are followed. The content is that of the
 * repository, without filters, because filters are programs that the configuration of a repository names.
 */
function readBlob(
  root: string,
  commit: string,
  path: string,
  limitBytes: number,
  take: (piece: Uint8Array) => boolean,
): Promise<ReadFile<undefined> | ReadProblem> {
  return new Promise((resolve) => {
    const child = spawnGit(root, ['cat-file', '--batch', '--follow-symlinks']);
    let header = Buffer.alloc(0);
    let left: number | undefined;
    let version = '';
    const end = (answer: ReadFile<undefined> | ReadProblem): void => {
      resolve(answer);
      child.kill();
    };
    const pass = (piece: Buffer): void => {
      if (left === undefined) return;
      const content = piece.subarray(0, left);
      left -= content.length;
      const goesOn = content.length === 0 || take(content);
      if (left === 0 || !goesOn) end({ kind: 'read', value: undefined, version });
    };
    child.stdout?.on('data', (piece: Buffer) => {
      if (left !== undefined) return pass(piece);
      header = Buffer.concat([header, piece]);
      const lineEnd = header.indexOf('\n');
      if (lineEnd < 0) {
        if (header.length > longestHeader) end({ kind: 'not-found' });
        return;
      }
      const [, hash, type, size] = /^(\w+) (\w+) (\d+)$/u.exec(header.subarray(0, lineEnd).toString()) ?? [];
      // Other answers: there is no such file, or a link leads out of the repository or in a circle.
      if (hash === undefined) return end({ kind: 'not-found' });
      if (type !== 'blob') return end({ kind: type === 'tree' ? 'directory' : 'not-regular' });
      const sizeBytes = Number(size);
      if (sizeBytes > limitBytes) return end({ kind: 'too-large', sizeBytes, limitBytes });
      version = hash;
      left = sizeBytes;
      pass(header.subarray(lineEnd + 1));
    });
    child.stdin?.on('error', () => undefined);
    child.on('error', (error) => resolve({ kind: 'failed', detail: error.message }));
    child.on('close', () => resolve({ kind: 'failed', detail: 'git ended before the end of the file' }));
    child.stdin?.end(`${commit}:${path}\n`);
  });
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

import type { ReadProblem } from '../design/index.ts';

/** Polled between the pieces of a long read. */
export interface ReadToken {
  readonly isCancelled: boolean;
}

/** A file as it was read. Two reads with equal versions read the same content. */
export interface ReadFile<T> {
  readonly kind: 'read';
  readonly value: T;
  readonly version: string;
}

/**
 * The one door through which files are read: Node's disk implements it, and an editor's virtual file system can. It reads regular files only,
 * looks at the size first, and neither throws nor blocks.
 */
export interface SourceReader {
  /** A `.npu` file as an editor would show it: UTF-8 without its byte order mark. */
  readText(uri: string, limitBytes: number, token: ReadToken): Promise<ReadFile<string> | ReadProblem>;
  readBytes(uri: string, limitBytes: number, token: ReadToken): Promise<ReadFile<Uint8Array> | ReadProblem>;
  /**
   * Gives a file piece by piece, for files that are too large for memory. `take` returns false to stop early. A piece is valid only during the
   * call.
   */
  readPieces(
    uri: string,
    limitBytes: number,
    take: (piece: Uint8Array) => boolean,
    token: ReadToken,
  ): Promise<ReadFile<undefined> | ReadProblem>;
  /** What `read...` would give as the version, without reading. */
  version(uri: string): Promise<string | ReadProblem>;
  /**
   * The URI of the file that a URI leads to: without symbolic links, in the letters of the disk. Of a file that does not exist, its nearest
   * folder that exists decides. The URI itself where the host cannot tell.
   */
  realUri(uri: string): Promise<string>;
  /** Names of the files in a file's folder; none where it cannot be listed. */
  namesBeside(uri: string): Promise<readonly string[]>;
}

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/**
 * The largest file that is read, by what it is used for, in bytes. All are our assumptions: far above what people write or record, and small
 * enough for memory. docs/limits.md lists them.
 */
export const readLimits = {
  /** Half a million lines of .npu text. */
  npu: 16 * MiB,
  /** The network with its weights. Exporters keep larger weights in files beside it, which are not read. */
  model: GiB,
  /** Read piece by piece: only its columns of numbers stay in memory. */
  trace: 64 * GiB,
  /** SCALE-Sim topologies and configurations. */
  configuration: 16 * MiB,
  /** A part for `merge`: a million designs. */
  part: 256 * MiB,
} as const;

export type ReadPurpose = keyof typeof readLimits;

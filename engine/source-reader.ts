import type { ReadProblem } from '../design/index.ts';

/** A long read checks it between two pieces. */
export interface ReadToken {
  readonly isCancelled: boolean;
}

/** The content of a file. Two reads with the same version have the same content. */
export interface ReadFile<T> {
  readonly kind: 'read';
  readonly value: T;
  readonly version: string;
}

/**
 * All files are read through this interface. Node's disk implements it, and a virtual file system of an editor can implement
 * it too. It reads only regular files, checks the size first, and never throws or blocks.
 */
export interface SourceReader {
  /** Reads a `.npu` file as an editor shows it: UTF-8, or UTF-16 with a byte order mark, without the mark. */
  readText(uri: string, limitBytes: number, token: ReadToken): Promise<ReadFile<string> | ReadProblem>;
  readBytes(uri: string, limitBytes: number, token: ReadToken): Promise<ReadFile<Uint8Array> | ReadProblem>;
  /**
   * Reads a file in pieces, for files that are too large for memory. Calls `take` with each piece. `take` returns false to
   * stop early. A piece is valid only during the call.
   */
  readPieces(
    uri: string,
    limitBytes: number,
    take: (piece: Uint8Array) => boolean,
    token: ReadToken,
  ): Promise<ReadFile<undefined> | ReadProblem>;
  /** The version that `read...` would return, without reading the file. */
  version(uri: string): Promise<string | ReadProblem>;
  /**
   * The real URI of a file: without symbolic links, and in the upper and lower case of the disk. For a file that does not
   * exist, the real URI of its nearest existing folder gives the first part. If the host cannot find it, `uri` itself.
   */
  realUri(uri: string): Promise<string>;
  /** The names of the files in the folder of a file. Empty if the folder cannot be listed. */
  namesBeside(uri: string): Promise<readonly string[]>;
}

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/**
 * The largest file size in bytes, for each use. All are our assumptions: far above the files that people write or record, and
 * small enough for memory. docs/limits.md lists them.
 */
export const readLimits = {
  /** About half a million lines of .npu text. */
  npu: 16 * MiB,
  /** A network with its weights. Exporters write larger weights to separate files, which Stimpack does not read. */
  model: GiB,
  /** A trace is read in pieces. Only its columns of numbers stay in memory. */
  trace: 64 * GiB,
  /** SCALE-Sim topologies and configurations. */
  configuration: 16 * MiB,
  /** An input of `merge`, with about a million designs. */
  part: 256 * MiB,
} as const;

/** The use of a file, which determines its size limit. */
export type ReadPurpose = keyof typeof readLimits;

import type { TraceOptions, Unread } from '../design/index.ts';
import type { TraceReading } from '../formats/index.ts';

/**
 * How files reach the engine: an editor's open documents, a store of files that were read, memory. Everything is addressed by URI and answered
 * at once; a file that is not loaded yet is `pending`.
 */
export interface FileHost {
  readText(uri: string): string | Unread;
  readBytes(uri: string): Uint8Array | Unread;
  readTrace(uri: string, options: TraceOptions): TraceReading | Unread;
  /** "stimpack/tpuv4i" -> the preset's URI; undefined where the library has no such preset. */
  libraryUri(name: string): string | undefined;
  libraryNames(): readonly string[];
  /** The one URI under which a file is known in the program of `root`, for every URI that leads to it. Without it each URI is another file. */
  knownAs?(uri: string, root: string): string | Unread;
  /** Names of the .npu files in a file's folder, for completion; without it none are offered. */
  namesBeside?(uri: string): readonly string[];
}

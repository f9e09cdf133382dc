import type { TraceOptions, Unread } from '../design/index.ts';
import type { TraceReading } from '../formats/index.ts';
import type { TreeStore } from '../language/index.ts';

/**
 * The interface through which the engine gets files. They come from the open documents of an editor, from a store of files
 * that were read, or from memory. Each file has a URI. Each function returns immediately. It returns `pending` for a file
 * that is not loaded yet.
 */
export interface FileHost {
  readText(uri: string): string | Unread;
  readBytes(uri: string): Uint8Array | Unread;
  readTrace(uri: string, options: TraceOptions): TraceReading | Unread;
  /** Without it, each check parses each file itself. */
  readonly trees?: TreeStore;
  /** The URI of a preset, for example for "stimpack/tpuv4i". undefined: the library does not contain this preset. */
  libraryUri(name: string): string | undefined;
  libraryNames(): readonly string[];
  /**
   * The single URI that the program of `root` uses for a file, for each URI that leads to this file. Without this
   * function, each URI is a separate file.
   */
  knownAs?(uri: string, root: string): string | Unread;
  /**
   * The names of the .npu files in the folder of a file, for completion. Without this function, completion offers no
   * files.
   */
  namesBeside?(uri: string): readonly string[];
}

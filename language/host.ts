import type { Checked, Model, ModelStatements, Origin, RecordedTrace, TraceOptions, Unread } from '../design/index.ts';
import type { SyntaxTree } from './syntax/index.ts';

/** Trees of files that the checks of several documents share. A tree never changes. */
export interface TreeStore {
  get(uri: string): SyntaxTree | undefined;
  set(uri: string, tree: SyntaxTree): void;
}

/**
 * The interface of the language to its environment. The language reads no files itself, so the same code runs in Node, a browser and a worker.
 * The host answers immediately from loaded data. A file that is not loaded yet is `pending`: the host records the request, loads the file and
 * checks again.
 */
export interface LanguageHost {
  /** The text of a file: from an open document if there is one, otherwise from the disk. */
  readText(uri: string): string | Unread;
  /** The URI of the .npu file of "stimpack/tpuv4i". undefined if the library has no such name. */
  libraryUri(name: string): string | undefined;
  /**
   * The one URI under which a file is known in the program of `root`, for every URI that leads to it: through a symbolic link, or in other
   * letters where the disk ignores case. Without it each URI is another file.
   */
  knownAs?(uri: string, root: string): string | Unread;
  /** Without it, each check parses each file itself. */
  readonly trees?: TreeStore;
  /** All names of the library, for suggestions and completion. */
  libraryNames(): readonly string[];
  /** The .npu files in the folder of a file, for completion. Without this function, completion offers none. */
  namesBeside?(uri: string): readonly string[];
  /**
   * Reads a network of another format: `model X from "x.onnx"`. `origin`: the place of the file name. `statements`: the content of the model's
   * block. Without value and diagnostics while the file is pending.
   */
  importModel(uri: string, name: string, origin: Origin, statements: ModelStatements): Checked<Model | undefined>;
  /** Reads a recording of arrivals. `options`: the properties that the file states. Without value and diagnostics while the file is pending. */
  importTrace(uri: string, options: TraceOptions, origin: Origin): Checked<RecordedTrace | undefined>;
}

import type { Checked, Model, ModelStatements, Origin, RecordedTrace, TraceOptions, Unread } from '../design/index.ts';

/**
 * What the language needs from outside: it reads no files itself, so that it runs in Node, a browser and a worker unchanged. Everything is
 * answered at once from what is loaded. A file that is not loaded yet is `pending`: the host remembers it, loads it and checks again.
 */
export interface LanguageHost {
  /** Text of a file: open documents first, then the disk. */
  readText(uri: string): string | Unread;
  /** "stimpack/tpuv4i" -> the URI of its .npu file; undefined where the library has no such name. */
  libraryUri(name: string): string | undefined;
  /**
   * The one URI under which a file is known in the program of `root`, for every URI that leads to it: through a symbolic link, or in other
   * letters where the disk ignores case. Without it each URI is another file.
   */
  knownAs?(uri: string, root: string): string | Unread;
  /** For suggestions and completion. */
  libraryNames(): readonly string[];
  /** Names of the .npu files in a file's folder, for completion; without it none are offered. */
  namesBeside?(uri: string): readonly string[];
  /**
   * Reads a network of another format: `model X from "x.onnx"`. `origin` is where the file is named; `statements` are what its block says. No
   * value and no diagnostics while it is pending.
   */
  importModel(uri: string, name: string, origin: Origin, statements: ModelStatements): Checked<Model | undefined>;
  /** A recording of arrivals. `options`: what the file states of it. No value and no diagnostics while the file is pending. */
  importTrace(uri: string, options: TraceOptions, origin: Origin): Checked<RecordedTrace | undefined>;
}

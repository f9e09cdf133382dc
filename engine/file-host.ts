/** How files reach the engine: an editor's open documents, a disk, a browser's memory. Everything is addressed by URI. */
export interface FileHost {
  /** undefined where there is no such file, or it cannot be read as text. */
  readText(uri: string): string | undefined;
  readBytes(uri: string): Uint8Array | undefined;
  /** "stimpack/tpuv4i" -> the preset's URI; undefined where the library has no such preset. */
  libraryUri(name: string): string | undefined;
  libraryNames(): readonly string[];
  /** Names of the .npu files in a file's folder, for completion; without it none are offered. */
  namesBeside?(uri: string): readonly string[];
}

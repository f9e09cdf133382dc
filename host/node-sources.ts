import { SourceStore } from '../engine/index.ts';
import { diskReader } from './disk-reader.ts';
import { emptyLibrary, type Library } from './library.ts';

/** Files from the disk, and the library that ships with the tool. */
export function createNodeSources(library: Library = emptyLibrary): SourceStore {
  return new SourceStore(diskReader, library);
}

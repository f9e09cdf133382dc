import type { ReadProblem } from '../design/index.ts';

/*
 * A server in a browser has no disk. It requests the content of files from the client, and the client reads them through the editor's file system.
 */

/** Server to client. */
export interface ClientFileRequest {
  readonly uri: string;
  /** A larger file is answered with its size, and is not read. */
  readonly limitBytes: number;
  /** Only the version is needed. */
  readonly versionOnly?: boolean;
}

/** Equal versions have equal content. `bytes` is absent if only the version was requested. */
export type ClientFileAnswer =
  | { readonly kind: 'read'; readonly version: string; readonly bytes?: Uint8Array }
  | ReadProblem;

export const clientFileRequest = 'stimpack/clientFile';

/** The scheme of the library's files, which are part of a server in a browser. */
export const libraryScheme = 'stimpack-library';

/** Server to client, with the URI of a folder: the names in it. The answer is an array of names. */
export const clientFolderRequest = 'stimpack/clientFolder';

/** Server to client, with the URI of a folder: the .npu files below it. The answer is an array of URIs. */
export const clientFilesBelowRequest = 'stimpack/clientFilesBelow';

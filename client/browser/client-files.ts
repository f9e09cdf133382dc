import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type ClientFileAnswer,
  type ClientFileRequest,
  clientFileRequest,
  clientFilesBelowRequest,
  clientFolderRequest,
} from '../../protocol/index.ts';
import { filesBelow } from './files-below.ts';

/** The part of `vscode.workspace.fs` that reads. */
type ReadableFiles = Pick<vscode.FileSystem, 'stat' | 'readFile' | 'readDirectory'>;

/** Answers the server, which has no files: reads them through the editor, so that every file system of the editor works. */
export function answerFileRequests(client: BaseLanguageClient, files: ReadableFiles): readonly vscode.Disposable[] {
  return [
    client.onRequest(clientFileRequest, (request: ClientFileRequest) => readFile(files, request)),
    client.onRequest(clientFolderRequest, async ({ uri }: { readonly uri: string }) =>
      (await files.readDirectory(vscode.Uri.parse(uri))).map(([name]) => name),
    ),
    client.onRequest(clientFilesBelowRequest, ({ uri }: { readonly uri: string }) =>
      filesBelow(files, vscode.Uri.parse(uri)),
    ),
  ];
}

async function readFile(
  files: ReadableFiles,
  { uri: text, limitBytes, versionOnly }: ClientFileRequest,
): Promise<ClientFileAnswer> {
  try {
    const uri = vscode.Uri.parse(text, true);
    const { type, size, mtime } = await files.stat(uri);
    if ((type & vscode.FileType.Directory) !== 0) return { kind: 'directory' };
    if ((type & vscode.FileType.File) === 0) return { kind: 'not-regular' };
    const version = `${mtime} ${size}`;
    if (versionOnly === true) return { kind: 'read', version };
    if (size > limitBytes) return { kind: 'too-large', sizeBytes: size, limitBytes };
    const bytes = await files.readFile(uri);
    // Some file systems report no size.
    if (bytes.length > limitBytes) return { kind: 'too-large', sizeBytes: bytes.length, limitBytes };
    // A message copies the whole buffer, of which these bytes may be a small part.
    return { kind: 'read', version, bytes: bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice() };
  } catch (error) {
    return problemOf(error);
  }
}

function problemOf(error: unknown): Exclude<ClientFileAnswer, { readonly kind: 'read' }> {
  const code = error instanceof vscode.FileSystemError ? error.code : '';
  switch (code) {
    case 'FileNotFound':
    case 'FileNotADirectory':
      return { kind: 'not-found' };
    case 'FileIsADirectory':
      return { kind: 'directory' };
    case 'NoPermissions':
      return { kind: 'no-permission' };
    default:
      return {
        kind: 'failed',
        detail: `the editor reports: ${error instanceof Error ? error.message : String(error)}`,
      };
  }
}

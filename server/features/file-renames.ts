import type { FileOperationRegistrationOptions, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { decodeSegment, fileLinks, relativePath } from '../../language/index.ts';
import type { Workspace } from '../workspace.ts';
import { rangeOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';
import { workspaceEdit } from './workspace-edit.ts';

/** The files that a design can use, and folders of them. */
export const fileFilters: FileOperationRegistrationOptions = {
  filters: [
    { pattern: { glob: '**/*.{npu,onnx,csv}', matches: 'file' } },
    { pattern: { glob: '**', matches: 'folder' } },
  ],
};

/** Updates the paths of imports, networks and traces before a file or a folder moves. */
export const fileRenames: Feature = {
  // The handshake announces `willRename` together with the other file operations.
  capabilities: {},
  register: registerFileRenames,
};

function registerFileRenames({ connection, context }: FeatureParts): void {
  connection.workspace.onWillRenameFiles(async ({ files }): Promise<WorkspaceEdit | null> => {
    const { workspace } = context;
    const moves = await Promise.all(files.map(({ oldUri, newUri }) => moveOf(workspace, oldUri, newUri)));
    const byUri = new Map<string, TextEdit[]>();
    const listed = await Promise.all((await context.files.list()).map((uri) => workspace.knownAs(uri)));
    for (const uri of new Set([...workspace.openUris(), ...listed])) {
      const file = (await workspace.loadedProgram(uri)).files.get(uri);
      if (file === undefined) continue;
      const home = moved(workspace, uri, moves);
      const links = fileLinks(file);
      await Promise.all(links.map(({ foundAs }) => workspace.realUri(foundAs)));
      const edits = links.flatMap(({ start, end, uri: target, foundAs }): TextEdit[] => {
        const goal = moved(workspace, foundAs, moves);
        if (workspace.isLibrary(target) || (home === uri && goal === foundAs)) return [];
        const written = file.text.slice(start, end);
        const path = relativePath(home, goal);
        if (path === undefined) return [];
        // An import that starts with `./` is a file and not a library name. The path of a trace does not need `./`.
        const newText = written.startsWith('.') && !path.startsWith('../') ? `./${path}` : path;
        return newText === written ? [] : [{ range: rangeOf(file.lines, { start, end }), newText }];
      });
      if (edits.length > 0) byUri.set(uri, edits);
    }
    return byUri.size === 0 ? null : workspaceEdit(context, byUri);
  });
}

interface Move {
  readonly from: string;
  readonly to: string;
  /** The real URI of `from`. Undefined if `from` is a link, because the target of the link does not move. */
  readonly real: string | undefined;
}

/** Some clients add a slash to a folder's name, sometimes on one side of a move only. */
async function moveOf(workspace: Workspace, oldUri: string, newUri: string): Promise<Move> {
  const [from, to] = [withoutSlash(oldUri), withoutSlash(newUri)];
  const real = await workspace.realUri(from);
  const folder = await workspace.realUri(from.slice(0, from.lastIndexOf('/')));
  return { from, to, real: isNamed(real, folder, from.slice(from.lastIndexOf('/') + 1)) ? real : undefined };
}

/**
 * True if a real URI is the entry of that name in a folder. The disk may store the name with other case or other accent
 * encoding.
 */
function isNamed(real: string, folder: string, name: string): boolean {
  const plain = (segment: string): string => decodeSegment(segment).normalize('NFC').toLowerCase();
  return real.slice(0, real.lastIndexOf('/')) === folder && plain(real.slice(folder.length + 1)) === plain(name);
}

/** The URI of a file after the moves. */
function moved(workspace: Workspace, uri: string, moves: readonly Move[]): string {
  const real = workspace.knownRealUri(uri);
  for (const move of moves) {
    const rest = restBelow(uri, move.from) ?? restBelow(real, move.real);
    if (rest !== undefined) return move.to + rest;
  }
  return uri;
}

/**
 * The part of a URI after the URI of a file or folder: empty for the file or folder itself, undefined for URIs outside
 * of it.
 */
function restBelow(uri: string | undefined, from: string | undefined): string | undefined {
  if (uri === undefined || from === undefined) return undefined;
  if (uri === from) return '';
  return uri.startsWith(`${from}/`) ? uri.slice(from.length) : undefined;
}

function withoutSlash(uri: string): string {
  return uri.endsWith('/') ? uri.slice(0, -1) : uri;
}

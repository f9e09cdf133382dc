import type {
  Connection,
  FileOperationRegistrationOptions,
  FileRename,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { fileLinks, relativePath } from '../../language/index.ts';
import { type FeatureContext, rangeOf } from './context.ts';
import { workspaceEdit } from './names.ts';

/** Files that a design may be made of, and folders of them. */
export const fileFilters: FileOperationRegistrationOptions = {
  filters: [
    { pattern: { glob: '**/*.{npu,onnx,csv}', matches: 'file' } },
    { pattern: { glob: '**', matches: 'folder' } },
  ],
};

/** Before a file or a folder moves: imports, networks and traces are named as they will be found behind it. */
export function registerFileRenames(connection: Connection, context: FeatureContext): void {
  connection.workspace.onWillRenameFiles(async ({ files }): Promise<WorkspaceEdit | null> => {
    const { workspace } = context;
    const byUri = new Map<string, TextEdit[]>();
    for (const uri of new Set([...workspace.openUris(), ...(await context.files.list())])) {
      const file = (await workspace.loadedProgram(uri)).files.get(uri);
      if (file === undefined) continue;
      const home = moved(uri, files);
      const edits = fileLinks(file).flatMap(({ start, end, uri: target }): TextEdit[] => {
        const goal = moved(target, files);
        if (workspace.isLibrary(target) || (home === uri && goal === target)) return [];
        const written = file.text.slice(start, end);
        const path = relativePath(home, goal);
        if (path === undefined) return [];
        // `./` is how an import says that it is no library's; a trace beside its file needs none.
        const newText = written.startsWith('.') && !path.startsWith('../') ? `./${path}` : path;
        return newText === written ? [] : [{ range: rangeOf(file.lines, { start, end }), newText }];
      });
      if (edits.length > 0) byUri.set(uri, edits);
    }
    return byUri.size === 0 ? null : workspaceEdit(context, byUri);
  });
}

/** Where a file will be found. */
function moved(uri: string, renames: readonly FileRename[]): string {
  for (const rename of renames) {
    // Some clients end a folder's name with a slash, and not always on both sides.
    const [from, to] = [withoutSlash(rename.oldUri), withoutSlash(rename.newUri)];
    if (uri === from) return to;
    if (uri.startsWith(`${from}/`)) return to + uri.slice(from.length);
  }
  return uri;
}

function withoutSlash(uri: string): string {
  return uri.endsWith('/') ? uri.slice(0, -1) : uri;
}

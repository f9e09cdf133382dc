import type { Origin } from '../../design/index.ts';
import { definitionAt, isName, type Program, referencesAt, renameConflict, targetAt } from '../../language/index.ts';
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from '../lsp.ts';
import { type FeatureContext, locationOf, rangeOf, type Spot, spotOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';
import { workspaceEdit } from './workspace-edit.ts';

type Target = NonNullable<ReturnType<typeof targetAt>>;

function nameOf(target: Target): string {
  return target.kind === 'declaration' ? target.declaration.name : target.name;
}

function homeOf(target: Target): Origin {
  return target.kind === 'declaration' ? target.declaration.nameOrigin : target.origin;
}

/** The programs of all files, open or in the workspace, whose text contains the name. */
async function programsNaming({ workspace, files }: FeatureContext, name: string): Promise<readonly Program[]> {
  const naming = new Set<string>();
  for (const uri of new Set([...workspace.openUris(), ...(await files.list())])) {
    if ((await workspace.peekText(uri))?.includes(name) === true) naming.add(await workspace.knownAs(uri));
  }
  return Promise.all([...naming].map((uri) => workspace.loadedProgram(uri)));
}

async function places(context: FeatureContext, spot: Spot, uri: string, target: Target): Promise<readonly Origin[]> {
  // Labels are visible only inside their file. Other files see only declarations.
  const programs = target.kind === 'declaration' ? await programsNaming(context, nameOf(target)) : [];
  return referencesAt(programs, spot.program, uri, spot.offset);
}

function refuse(message: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, message);
}

export const names: Feature = {
  capabilities: {
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: { prepareProvider: true },
  },
  register: registerNames,
};

function registerNames({ connection, context }: FeatureParts): void {
  connection.onDefinition(({ textDocument, position }): Location | null => {
    const spot = spotOf(context, textDocument.uri, position);
    const origin = spot && definitionAt(spot.program, textDocument.uri, spot.offset);
    return (origin && locationOf(context, spot.program, origin)) ?? null;
  });

  connection.onReferences(async ({ textDocument, position, context: asked }): Promise<Location[]> => {
    const spot = spotOf(context, textDocument.uri, position);
    const target = spot && targetAt(spot.program, textDocument.uri, spot.offset);
    if (spot === undefined || target === undefined) return [];
    const home = homeOf(target);
    const found = await places(context, spot, textDocument.uri, target);
    return found
      .filter(({ uri, start }) => asked.includeDeclaration || uri !== home.uri || start !== home.start)
      .flatMap((origin) => locationOf(context, spot.program, origin) ?? []);
  });

  connection.onDocumentHighlight(({ textDocument: { uri }, position }): DocumentHighlight[] => {
    const spot = spotOf(context, uri, position);
    const target = spot && targetAt(spot.program, uri, spot.offset);
    if (spot === undefined || target === undefined) return [];
    const home = homeOf(target);
    return referencesAt([], spot.program, uri, spot.offset)
      .filter((origin) => origin.uri === uri)
      .map((origin) => ({
        range: rangeOf(spot.file.lines, origin),
        kind:
          origin.uri === home.uri && origin.start === home.start
            ? DocumentHighlightKind.Write
            : DocumentHighlightKind.Read,
      }));
  });

  connection.onPrepareRename(({ textDocument, position }) => {
    const spot = spotOf(context, textDocument.uri, position);
    const target = spot && targetAt(spot.program, textDocument.uri, spot.offset);
    if (spot === undefined || target === undefined) return null;
    const name = nameOf(target);
    if (context.workspace.isLibrary(homeOf(target).uri))
      return refuse(`'${name}' belongs to the library, which cannot be edited`);
    return { range: rangeOf(spot.file.lines, target), placeholder: name };
  });

  connection.onRenameRequest(async ({ textDocument, position, newName }): Promise<WorkspaceEdit | null> => {
    const spot = spotOf(context, textDocument.uri, position);
    const target = spot && targetAt(spot.program, textDocument.uri, spot.offset);
    if (spot === undefined || target === undefined) return null;
    const name = nameOf(target);
    if (context.workspace.isLibrary(homeOf(target).uri))
      return refuse(`'${name}' belongs to the library, which cannot be edited`);
    if (!isName(newName)) {
      return refuse(
        `'${newName}' is not a name. A name starts with a letter or '_' and contains letters, digits, '_' and single hyphens.`,
      );
    }
    const found = await places(context, spot, textDocument.uri, target);
    const programs = new Set([spot.program, ...(await programsNaming(context, name))]);
    const conflict = renameConflict([...programs], target, newName, found);
    if (conflict !== undefined) return refuse(conflict);
    return editOf(context, spot.program, found, newName);
  });
}

/** Replaces every place in every file by one text. */
function editOf(context: FeatureContext, program: Program, origins: readonly Origin[], newText: string): WorkspaceEdit {
  const byUri = new Map<string, TextEdit[]>();
  for (const origin of origins) {
    const place = locationOf(context, program, origin);
    if (place === undefined) continue;
    const edits = byUri.get(place.uri) ?? [];
    edits.push({ range: place.range, newText });
    byUri.set(place.uri, edits);
  }
  return workspaceEdit(context, byUri);
}

import { safeText } from '../../design/index.ts';
import {
  fileLinks,
  folds,
  type LineIndex,
  type OutlineEntry,
  outline,
  type Stretch,
  selectionsAt,
} from '../../language/index.ts';
import {
  type DocumentLink,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  type SelectionRange,
  type SymbolInformation,
  SymbolKind,
  type WorkspaceSymbol,
} from '../lsp.ts';
import { fileOf, rangeOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';

const symbolKinds: Readonly<Record<OutlineEntry['kind'], SymbolKind>> = {
  npu: SymbolKind.Class,
  model: SymbolKind.Struct,
  block: SymbolKind.Function,
  scheduler: SymbolKind.Interface,
  scenario: SymbolKind.Event,
  explore: SymbolKind.Module,
  let: SymbolKind.Variable,
  layer: SymbolKind.Method,
  part: SymbolKind.Object,
  property: SymbolKind.Property,
  constraint: SymbolKind.Boolean,
};

/** The largest number of symbols in one answer. Our assumption. */
const mostSymbols = 500;

export const outlineFeature: Feature = {
  capabilities: {
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentLinkProvider: {},
  },
  register: registerOutline,
};

function registerOutline({ connection, context }: FeatureParts): void {
  connection.onDocumentSymbol(({ textDocument: { uri } }): DocumentSymbol[] | SymbolInformation[] => {
    const found = fileOf(context, uri);
    if (found === undefined) return [];
    const entries = outline(found.file.tree);
    const { lines } = found.file;
    if (context.client().hierarchicalSymbols) return entries.map((entry) => symbolOf(entry, lines));
    return flat(entries).map(({ entry, container }) => ({
      name: safeText(entry.name),
      kind: symbolKinds[entry.kind],
      location: { uri, range: rangeOf(lines, entry) },
      ...(container === undefined ? {} : { containerName: safeText(container) }),
    }));
  });

  connection.onWorkspaceSymbol(async ({ query }): Promise<WorkspaceSymbol[]> => {
    const uris = new Set([...context.workspace.openUris(), ...(await context.files.list())]);
    const found: WorkspaceSymbol[] = [];
    for (const uri of uris) {
      const file = (await context.workspace.loadedProgram(uri)).files.get(uri);
      if (file === undefined) continue;
      for (const entry of outline(file.tree)) {
        if (entry.kind === 'part' || entry.kind === 'property' || !isSubsequence(query, entry.name)) continue;
        const range = rangeOf(file.lines, { start: entry.nameStart, end: entry.nameEnd });
        found.push({ name: safeText(entry.name), kind: symbolKinds[entry.kind], location: { uri, range } });
        if (found.length >= mostSymbols) return found;
      }
    }
    return found;
  });

  connection.onFoldingRanges(({ textDocument }): FoldingRange[] => {
    const found = fileOf(context, textDocument.uri);
    if (found === undefined) return [];
    const { lines } = found.file;
    return folds(found.file.tree).flatMap((fold): FoldingRange[] => {
      const startLine = lines.positionAt(fold.start).line;
      // The line of the closing bracket stays visible.
      const endLine = lines.positionAt(fold.end).line - (fold.kind === 'block' ? 1 : 0);
      if (endLine <= startLine) return [];
      if (fold.kind === 'block') return [{ startLine, endLine }];
      return [
        { startLine, endLine, kind: fold.kind === 'comment' ? FoldingRangeKind.Comment : FoldingRangeKind.Imports },
      ];
    });
  });

  connection.onSelectionRanges(({ textDocument, positions }): SelectionRange[] => {
    const found = fileOf(context, textDocument.uri);
    if (found === undefined) return [];
    const { tree, lines } = found.file;
    return positions.map((position) => chain(selectionsAt(tree, lines.offsetAt(position)), lines));
  });

  connection.onDocumentLinks(({ textDocument }): DocumentLink[] => {
    const found = fileOf(context, textDocument.uri);
    if (found === undefined) return [];
    return fileLinks(found.file).map((link) => ({ range: rangeOf(found.file.lines, link), target: link.uri }));
  });
}

function symbolOf(entry: OutlineEntry, lines: LineIndex): DocumentSymbol {
  return {
    // An editor rejects a symbol without a name.
    name: entry.name === '' ? entry.kind : safeText(entry.name),
    detail: safeText(entry.detail),
    kind: symbolKinds[entry.kind],
    range: rangeOf(lines, entry),
    selectionRange: rangeOf(lines, { start: entry.nameStart, end: entry.nameEnd }),
    children: entry.children.map((child) => symbolOf(child, lines)),
  };
}

function flat(
  entries: readonly OutlineEntry[],
  container?: string,
): readonly { readonly entry: OutlineEntry; readonly container: string | undefined }[] {
  return entries.flatMap((entry) => [{ entry, container }, ...flat(entry.children, entry.name)]);
}

/** The ranges from the innermost to the outermost, each with the next one as its parent. */
function chain(stretches: readonly Stretch[], lines: LineIndex): SelectionRange {
  const whole: SelectionRange = { range: rangeOf(lines, { start: 0, end: 0 }) };
  return (
    stretches.reduceRight<SelectionRange | undefined>(
      (parent, stretch) => ({ range: rangeOf(lines, stretch), ...(parent === undefined ? {} : { parent }) }),
      undefined,
    ) ?? whole
  );
}

/** True if a name contains the letters of a query in the same order, ignoring case. The editor ranks the matches. */
function isSubsequence(query: string, name: string): boolean {
  let at = 0;
  const letters = name.toLowerCase();
  for (const letter of query.toLowerCase()) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

import {
  convertUnit,
  extractLet,
  organizeImports,
  type Program,
  type SourceFile,
  type TextChange,
} from '../../language/index.ts';
import { type CodeAction, CodeActionKind, type Range } from '../lsp.ts';
import { type FeatureContext, rangeOf } from './context.ts';
import { workspaceEdit } from './workspace-edit.ts';

/** The kinds of `refactorings`, as the server announces them. */
export const refactoringKinds = [
  CodeActionKind.SourceOrganizeImports,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorRewrite,
];

/** Changes of the text that keep its meaning: organize imports, extract a `let`, convert a unit. */
export function refactorings(
  context: FeatureContext,
  { program, file }: { readonly program: Program; readonly file: SourceFile },
  range: Range,
  only: readonly string[] | undefined,
): readonly CodeAction[] {
  const { uri, lines } = file;
  const isNamed = (kind: string): boolean => only?.some((one) => kind === one || kind.startsWith(`${one}.`)) === true;
  const wants = (kind: string): boolean => only === undefined || isNamed(kind);
  const action = (title: string, kind: string, changes: readonly TextChange[]): CodeAction => {
    const edits = changes.map((change) => ({ range: rangeOf(lines, change), newText: change.newText }));
    return { title, kind, edit: workspaceEdit(context, new Map([[uri, edits]])) };
  };
  const start = lines.offsetAt(range.start);
  const end = lines.offsetAt(range.end);
  const actions: CodeAction[] = [];
  // It concerns the whole file, so it is no answer to a request about a place.
  if (isNamed(CodeActionKind.SourceOrganizeImports)) {
    const changes = organizeImports(file, program.diagnostics);
    if (changes.length > 0) actions.push(action('Organize imports', CodeActionKind.SourceOrganizeImports, changes));
  }
  if (wants(CodeActionKind.RefactorExtract)) {
    const found = extractLet(program, file, start, end);
    if (found !== undefined) {
      actions.push(action(`Extract '${found.name}' as a 'let'`, CodeActionKind.RefactorExtract, found.changes));
    }
  }
  if (wants(CodeActionKind.RefactorRewrite)) {
    for (const { text, change } of convertUnit(file, start)) {
      actions.push(action(`Convert to ${text}`, CodeActionKind.RefactorRewrite, [change]));
    }
  }
  return actions;
}

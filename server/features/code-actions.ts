import type { Diagnostic, Fix } from '../../design/index.ts';
import type { Program } from '../../language/index.ts';
import { type CodeAction, CodeActionKind, CodeActionTriggerKind, type Range, type TextEdit } from '../lsp.ts';
import { toLspDiagnostic } from '../to-lsp.ts';
import { type FeatureContext, fileOf, locationOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';
import { refactoringKinds, refactorings } from './refactorings.ts';
import { workspaceEdit } from './workspace-edit.ts';

/**
 * Offers the fixes of the language and the simulated fixes, each with its diagnostic, and one action that applies all
 * preferred fixes. Refactorings are in `refactorings.ts`.
 */
export const codeActions: Feature = {
  capabilities: {
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll, ...refactoringKinds],
    },
  },
  register: registerCodeActions,
};

function registerCodeActions({ connection, context, simulated }: FeatureParts): void {
  connection.onCodeAction(async ({ textDocument: { uri }, range, context: asked }): Promise<CodeAction[]> => {
    const found = fileOf(context, uri);
    if (found === undefined) return [];
    const { program, file } = found;
    const wants = (kind: string): boolean =>
      asked.only === undefined || asked.only.some((one) => kind === one || kind.startsWith(`${one}.`));
    const isAsked = asked.triggerKind !== CodeActionTriggerKind.Automatic;
    const own = program.diagnostics.filter(({ origin }) => origin.uri === uri);
    const start = file.lines.offsetAt(range.start);
    const end = file.lines.offsetAt(range.end);
    const actions: CodeAction[] = !wants(CodeActionKind.QuickFix)
      ? []
      : own
          .filter(({ origin }) => origin.start <= end && origin.end >= start)
          .flatMap((diagnostic) => fixesOf(context, program, diagnostic))
          .concat(await simulated.offers(uri, range, asked.diagnostics, isAsked));
    actions.push(...refactorings(context, found, range, asked.only));
    if (!wants(CodeActionKind.SourceFixAll)) return actions;
    const all = fixAll(context, program, own);
    return all === undefined ? actions : [...actions, all];
  });
}

function fixesOf(context: FeatureContext, program: Program, diagnostic: Diagnostic): readonly CodeAction[] {
  const lines = (uri: string) => context.workspace.lines(program, uri);
  return (diagnostic.fixes ?? []).map((fix) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [
      toLspDiagnostic(diagnostic, lines, {
        findPage: context.diagnosticPage,
        parts: context.client().diagnosticParts,
        source: 'npu',
      }),
    ],
    ...(fix.preferred === true ? { isPreferred: true } : {}),
    edit: workspaceEdit(context, editsOf(context, program, [fix])),
  }));
}

/** The preferred fix of every diagnostic, without those that overlap an earlier one. */
function fixAll(context: FeatureContext, program: Program, diagnostics: readonly Diagnostic[]): CodeAction | undefined {
  const chosen: Fix[] = [];
  let last = -1;
  for (const { fixes } of [...diagnostics].sort((a, b) => a.origin.start - b.origin.start)) {
    const fix = fixes?.find((one) => one.preferred === true);
    if (fix === undefined || fix.edits.some((edit) => edit.origin.start < last)) continue;
    chosen.push(fix);
    last = Math.max(last, ...fix.edits.map((edit) => edit.origin.end));
  }
  if (chosen.length === 0) return undefined;
  return {
    title: chosen.length === 1 ? 'Apply the preferred fix' : `Apply all ${chosen.length} preferred fixes`,
    kind: CodeActionKind.SourceFixAll,
    edit: workspaceEdit(context, editsOf(context, program, chosen)),
  };
}

function editsOf(context: FeatureContext, program: Program, fixes: readonly Fix[]): Map<string, TextEdit[]> {
  const byUri = new Map<string, TextEdit[]>();
  for (const { origin, newText } of fixes.flatMap((fix) => fix.edits)) {
    const place: { readonly uri: string; readonly range: Range } | undefined = locationOf(context, program, origin);
    if (place === undefined) continue;
    const edits = byUri.get(place.uri) ?? [];
    edits.push({ range: place.range, newText });
    byUri.set(place.uri, edits);
  }
  return byUri;
}

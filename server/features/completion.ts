import { safeText } from '../../design/index.ts';
import { type Completion, completionsAt } from '../../language/index.ts';
import { type CompletionItem, CompletionItemKind, type CompletionList, InsertTextFormat } from '../lsp.ts';
import { glanceOf, rangeOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';
import { markup } from './markup.ts';

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  block: CompletionItemKind.Keyword,
  property: CompletionItemKind.Property,
  word: CompletionItemKind.EnumMember,
  unit: CompletionItemKind.Unit,
  layer: CompletionItemKind.Constructor,
  label: CompletionItemKind.Reference,
  import: CompletionItemKind.Module,
  npu: CompletionItemKind.Class,
  model: CompletionItemKind.Class,
  scheduler: CompletionItemKind.Class,
  scenario: CompletionItemKind.Class,
  explore: CompletionItemKind.Class,
  let: CompletionItemKind.Variable,
};

/** Identifies an item for `completionItem/resolve`: its list, and its index there. */
interface ItemKey {
  readonly list: number;
  readonly index: number;
}

const nothing: CompletionList = { isIncomplete: false, items: [] };

export const completion: Feature = {
  capabilities: {
    completionProvider: { triggerCharacters: ['.', ':', '"', '/', ' '], resolveProvider: true },
  },
  register: registerCompletion,
};

function registerCompletion({ connection, context }: FeatureParts): void {
  // Only the selected item gets its documentation. An editor resolves only items of the newest list.
  let listNumber = 0;
  let offered: readonly Completion[] = [];

  connection.onCompletion(({ textDocument, position, context: asked }): CompletionList => {
    const spot = glanceOf(context, textDocument.uri, position);
    if (spot === undefined) return nothing;
    const { program, file, offset } = spot;
    offered = completionsAt(program, textDocument.uri, offset, context.workspace.host());
    listNumber += 1;
    // A space starts a completion of a unit after a number, or of a name after a keyword. Other lists would disturb a
    // user who only types.
    if (asked?.triggerCharacter === ' ' && startsItem(offered)) return nothing;
    const { snippets } = context.client();
    const items = offered.map((one, index): CompletionItem => {
      const newText = one.isSnippet && !snippets ? withoutStops(one.insertText) : one.insertText;
      return {
        // The label is escaped and shortened; the inserted text is the whole name.
        label: safeText(one.label),
        kind: one.kind === 'block' ? blockKind(one) : kinds[one.kind],
        ...(one.detail === '' ? {} : { labelDetails: { description: safeText(one.detail) } }),
        // Keeps the order of the language, which puts the most likely item first.
        sortText: String(index).padStart(5, '0'),
        insertTextFormat: one.isSnippet && snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
        textEdit: { range: rangeOf(file.lines, one), newText },
        ...(one.imports === undefined
          ? {}
          : { additionalTextEdits: [{ range: rangeOf(file.lines, one.imports), newText: one.imports.newText }] }),
        data: { list: listNumber, index } satisfies ItemKey,
      };
    });
    // Units are completed again after each letter. Once the user has typed the whole unit, the list is empty, and the
    // Enter key ends the line instead of accepting an item.
    return { isIncomplete: offered.some(({ kind }) => kind === 'unit'), items };
  });

  connection.onCompletionResolve((item): CompletionItem => {
    const key = item.data as ItemKey | undefined;
    const found = key?.list === listNumber ? offered[key.index] : undefined;
    if (found === undefined || found.documentation === '') return item;
    return { ...item, documentation: markup(found.documentation, context.client().markdown.completion) };
  });
}

/** A user's own block of layers is called like a function. A block of the language is a keyword. */
function blockKind(one: Completion): CompletionItemKind {
  return one.detail === 'block' ? CompletionItemKind.Function : CompletionItemKind.Keyword;
}

function startsItem(offers: readonly Completion[]): boolean {
  return offers.some(
    (one) => one.kind === 'property' || one.kind === 'layer' || (one.kind === 'block' && one.isSnippet),
  );
}

/** A snippet's text for an editor without snippets: `${1:128}` is "128", `${1|a,b|}` is "a". */
function withoutStops(snippet: string): string {
  return snippet
    .replace(/\$\{\d+:([^}]*)\}/gu, '$1')
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/gu, '$1')
    .replace(/\$\d+/gu, '');
}

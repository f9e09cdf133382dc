import type { Range, TextEdit } from 'vscode-languageserver/node';
import { formatEdits, type LineIndex, type TextChange } from '../../language/index.ts';
import { fileOf, rangeOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';

/** There is one canonical form, that of `stimpack fmt`. So the indentation that a client requests is ignored. */
export const formatting: Feature = {
  capabilities: {
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '}', moreTriggerCharacter: ['\n', ']', ')'] },
  },
  register: registerFormatting,
};

function registerFormatting({ connection, context }: FeatureParts): void {
  const edits = (
    uri: string,
    within?: (lines: LineIndex) => { readonly start: number; readonly end: number },
  ): TextEdit[] => {
    const found = fileOf(context, uri);
    if (found === undefined) return [];
    const { tree, lines } = found.file;
    const limits = within?.(lines) ?? { start: 0, end: tree.text.length };
    return formatEdits(tree)
      .filter((change) => isWithin(change, limits))
      .map((change) => ({ range: rangeOf(lines, change), newText: change.newText }));
  };

  connection.onDocumentFormatting(({ textDocument }) => edits(textDocument.uri));

  connection.onDocumentRangeFormatting(({ textDocument, range }) =>
    edits(textDocument.uri, (lines) => wholeLines(lines, range)),
  );

  connection.onDocumentOnTypeFormatting(({ textDocument, position, ch }) =>
    edits(textDocument.uri, (lines) => {
      // The editor indents a new line itself, so this formats the line above, which the user finished.
      const line = ch === '\n' ? position.line - 1 : position.line;
      const start = lines.lineStart(line);
      return { start, end: Math.max(start, lines.offsetAt({ line, character: Number.MAX_SAFE_INTEGER })) };
    }),
  );
}

function wholeLines(lines: LineIndex, range: Range): { readonly start: number; readonly end: number } {
  // A selection that ends before the first character of a line does not include that line.
  const last = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
  return {
    start: lines.lineStart(range.start.line),
    end: lines.offsetAt({ line: last, character: Number.MAX_SAFE_INTEGER }),
  };
}

function isWithin(change: TextChange, limits: { readonly start: number; readonly end: number }): boolean {
  return change.start >= limits.start && change.end <= limits.end;
}

import type { FormattingOptions, Range, TextEdit } from 'vscode-languageserver/node';
import { type FormatOptions, formatEdits, type LineIndex, type TextChange } from '../../language/index.ts';
import { fileOf, rangeOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';

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
    options: FormattingOptions,
    within?: (lines: LineIndex) => { readonly start: number; readonly end: number },
  ): TextEdit[] => {
    const found = fileOf(context, uri);
    if (found === undefined) return [];
    const { tree, lines } = found.file;
    const limits = within?.(lines) ?? { start: 0, end: tree.text.length };
    return formatEdits(tree, formatOptions(options))
      .filter((change) => isWithin(change, limits))
      .map((change) => ({ range: rangeOf(lines, change), newText: change.newText }));
  };

  connection.onDocumentFormatting(({ textDocument, options }) => edits(textDocument.uri, options));

  connection.onDocumentRangeFormatting(({ textDocument, range, options }) =>
    edits(textDocument.uri, options, (lines) => wholeLines(lines, range)),
  );

  connection.onDocumentOnTypeFormatting(({ textDocument, position, ch, options }) =>
    edits(textDocument.uri, options, (lines) => {
      // The editor indents a new line itself, so this formats the line above, which the user finished.
      const line = ch === '\n' ? position.line - 1 : position.line;
      const start = lines.lineStart(line);
      return { start, end: Math.max(start, lines.offsetAt({ line, character: Number.MAX_SAFE_INTEGER })) };
    }),
  );
}

function formatOptions(options: FormattingOptions): FormatOptions {
  return { indent: options.insertSpaces ? ' '.repeat(Math.min(16, Math.max(1, options.tabSize))) : '\t' };
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

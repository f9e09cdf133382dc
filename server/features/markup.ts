import { type MarkupContent, MarkupKind } from '../lsp.ts';
import { safeMarkdown } from './safe-markdown.ts';

/** A text for a client: Markdown if the client shows it, or else the same text without its marks. */
export function markup(markdown: string, isMarkdown: boolean): MarkupContent {
  return isMarkdown
    ? { kind: MarkupKind.Markdown, value: safeMarkdown(markdown) }
    : { kind: MarkupKind.PlainText, value: plainText(markdown) };
}

/** The text of Markdown that the language and the features write: code, links, bold and italic text, tables, headings. */
export function plainText(markdown: string): string {
  const lines: string[] = [];
  for (const line of markdown.split('\n')) {
    if (/^\s*```/u.test(line) || /^\s*\|?[\s:|-]*---[\s:|-]*$/u.test(line)) continue;
    const isRow = /^\s*\|.*\|\s*$/u.test(line);
    const text = isRow ? cellsOf(line).join('   ') : line.replace(/^#+ /u, '');
    lines.push(withoutMarks(text));
  }
  return lines
    .join('\n')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim();
}

function cellsOf(row: string): readonly string[] {
  return row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/u)
    .map((cell) => cell.trim());
}

/** The content of code is kept as it is. */
function withoutMarks(text: string): string {
  return text
    .split(/(`[^`]*`)/u)
    .map((part, index) =>
      index % 2 === 1
        ? part.slice(1, -1)
        : part
            .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
            .replaceAll(/(\*\*|__)(.+?)\1/gu, '$2')
            .replaceAll(/\\([\\`*_{}[\]()#+.!|<>~-])/gu, '$1')
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&amp;', '&'),
    )
    .join('');
}

/**
 * Markdown that an editor can show without loading anything: comments, names and labels of a file appear in hovers, and an image in one of them would
 * tell its server who reads the file. Image syntax and HTML that loads something are shown as text.
 */
export function safeMarkdown(markdown: string): string {
  return markdown
    .replace(/!(?=\s*\[)/gu, '\\!\u200b')
    .replace(/<(?=\s*(?:img|picture|source|video|audio|iframe|object|embed|svg|link|style|script)\b)/giu, '&lt;');
}

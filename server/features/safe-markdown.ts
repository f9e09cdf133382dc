/**
 * Returns Markdown that an editor can show without loading anything. Comments, names and labels of a file appear in
 * hovers, and an image in one of them would report the reader to its server. Image syntax and HTML that loads something
 * are shown as text.
 */
export function safeMarkdown(markdown: string): string {
  return markdown
    .replace(/!(?=\s*\[)/gu, '\\!\u200b')
    .replace(/<(?=\s*(?:img|picture|source|video|audio|iframe|object|embed|svg|link|style|script)\b)/giu, '&lt;');
}

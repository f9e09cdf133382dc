import type { Look } from '../terminal.ts';
import { paintFor } from './paint.ts';
import { reportOf } from './safe-lines.ts';
import { wrap } from './text-width.ts';

const widest = 100;

/**
 * A page of our documentation for a terminal: headings and bold text in bold, code as it is, paragraphs wrapped. It supports only the
 * Markdown of our pages.
 */
export function renderMarkdown(text: string, look: Look): string {
  const paint = paintFor(look.colour);
  const width = Math.min(look.width, widest);
  const lines: string[] = [];
  let inCode = false;
  for (const line of text.trimEnd().split(/\r?\n/u)) {
    if (line.startsWith('```')) {
      inCode = !inCode;
      continue;
    }
    if (line.startsWith('<!--')) continue;
    if (inCode) lines.push(`    ${line}`);
    else if (line.startsWith('#')) lines.push(paint.bold(line.replace(/^#+ /u, '')));
    else if (line.startsWith('|')) lines.push(line);
    else for (const part of wrap(plainText(line), width)) lines.push(part);
  }
  return reportOf(lines);
}

/** Links show their text. The marks of bold text and of code are left out. */
function plainText(line: string): string {
  return line
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replaceAll(/\*\*([^*]+)\*\*/gu, '$1')
    .replaceAll(/`([^`]+)`/gu, '$1');
}

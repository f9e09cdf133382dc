import { type Diagnostic, diagnosticAt, type Message } from '../../design/index.ts';
import { scaleSimMessages } from '../messages/index.ts';

/** The most errors of one file that are listed. The others are counted. */
const maxErrors = 30;

const wholeFile = { start: 0, end: 0 };

/** Collects the problems of a text, each at the smallest range that shows it. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private errors = 0;
  private readonly uri: string;
  /** The length of a byte order mark. Editors and other readers count places without it. */
  private readonly skipped: number;

  constructor(uri: string, text: string) {
    this.uri = uri;
    this.skipped = text.startsWith('\ufeff') ? 1 : 0;
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /** Adds a message about the text from `start` to `end`, by default about the whole file. */
  add(message: Message, { start, end }: { readonly start: number; readonly end: number } = wholeFile): void {
    if (message.severity === 'error' && ++this.errors > maxErrors) return;
    const from = Math.max(0, start - this.skipped);
    const origin = { uri: this.uri, start: from, end: Math.max(from, end - this.skipped) };
    this.diagnostics.push(diagnosticAt(origin, message));
  }

  finish(): readonly Diagnostic[] {
    if (this.errors > maxErrors) {
      const more = this.errors - maxErrors;
      const origin = { uri: this.uri, start: 0, end: 0 };
      this.diagnostics.push(diagnosticAt(origin, scaleSimMessages.more({ count: more })));
    }
    return this.diagnostics;
  }
}

/** A piece of a text without the blanks around it. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function trimmed(text: string, from: number, to: number): Piece {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return { text: text.slice(start, end), start, end };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0xa0 || code === 0xfeff;
}

/** The lines of a text without their ends: \n, \r\n or \r. */
export function* linesOf(
  text: string,
): Generator<{ readonly start: number; readonly end: number; readonly number: number }> {
  let start = 0;
  let number = 1;
  while (start <= text.length) {
    let end = start;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
    yield { start, end, number };
    if (end >= text.length) return;
    start = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
    number++;
  }
}

/** Makes a name of the language from a file name or a title: letters, digits and underscores, with a letter first. */
export function asName(text: string, fallback: string): string {
  const name = text
    .trim()
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  if (name === '') return fallback;
  return /^[A-Za-z]/.test(name) ? name : `${fallback}_${name}`;
}

/** "dir/alexnet_part.csv" -> "alexnet_part". */
export function baseName(uri: string): string {
  const last = uri.slice(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1);
  return last.replace(/\.[^.]*$/, '');
}

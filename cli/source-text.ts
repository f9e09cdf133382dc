import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Origin } from '../design/index.ts';

/** A place as people and JSON count it: lines and columns from 1, columns in UTF-16 code units as editors count them. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** What a diagnostic needs to show where it is. */
export interface Sources {
  /** undefined where the text is not known: then a place is named without a line and without an excerpt. */
  linesOf(uri: string): readonly SourceLine[] | undefined;
  /** Whether lines of a file may be shown. Only those of .npu files are: nothing of any other file is printed. */
  isShown(uri: string): boolean;
  /** A file as the reader would type it. */
  nameOf(uri: string): string;
}

/** Reads texts once. Names are relative to `directory` where the file lies below it. */
export function createSources(readText: (uri: string) => string | undefined, directory: string): Sources {
  const read = new Map<string, readonly SourceLine[] | undefined>();
  return {
    linesOf: (uri) => {
      if (!read.has(uri)) {
        const text = readText(uri);
        read.set(uri, text === undefined ? undefined : splitLines(text));
      }
      return read.get(uri);
    },
    isShown: (uri) => /\.npu$/iu.test(uri),
    nameOf: (uri) => nameOf(uri, directory),
  };
}

function nameOf(uri: string, directory: string): string {
  let path: string;
  try {
    path = fileURLToPath(uri);
  } catch {
    return uri;
  }
  const below = relative(directory, path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}

const lineEnd = /\r\n|\n|\r/g;

export interface SourceLine {
  /** Offset of the first character. */
  readonly start: number;
  /** Without its line end. */
  readonly text: string;
}

/** Lines of a text; \n, \r\n and \r end one. At least one line, as in an editor. */
function splitLines(text: string): SourceLine[] {
  const lines: SourceLine[] = [];
  let start = 0;
  for (const match of text.matchAll(lineEnd)) {
    lines.push({ start, text: text.slice(start, match.index) });
    start = match.index + match[0].length;
  }
  lines.push({ start, text: text.slice(start) });
  return lines;
}

/** Index of the line that holds an offset; offsets behind the text fall on the last line. */
export function lineIndexAt(lines: readonly SourceLine[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface SourceRange {
  readonly start: SourcePlace;
  readonly end: SourcePlace;
}

export function rangeOf(lines: readonly SourceLine[], origin: Pick<Origin, 'start' | 'end'>): SourceRange {
  const place = (offset: number): SourcePlace => {
    const line = lineIndexAt(lines, offset);
    return { line: line + 1, column: Math.max(0, offset - (lines[line]?.start ?? 0)) + 1 };
  };
  return { start: place(origin.start), end: place(Math.max(origin.start, origin.end)) };
}

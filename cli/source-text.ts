import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Origin } from '../design/index.ts';

/** A place as people and JSON count it. Lines and columns count from 1, and columns are UTF-16 code units, as in editors. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** The texts and file names that a diagnostic needs to show its place. */
export interface Sources {
  /** Undefined if the text is not known. Then a place has no line number and no excerpt. */
  linesOf(uri: string): readonly SourceLine[] | undefined;
  /** Whether lines of a file may be printed. This is true only for .npu files. */
  isShown(uri: string): boolean;
  /** The name of a file as a person would type it. */
  nameOf(uri: string): string;
}

/** The name of standard input in messages. It is not a name that a file on a disk is likely to have. */
export const standardInputName = '<stdin>';

/** What is read from standard input has the imports of a file in the working directory. */
export function standardInputUri(directory: string): string {
  return pathToFileURL(join(directory, standardInputName)).href;
}

/** Reads each text once. A name is relative to `directory` if the file is below it. */
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
    isShown: (uri) => /\.npu$/iu.test(uri) || uri === standardInputUri(directory),
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
  /** The offset of the first character. */
  readonly start: number;
  /** The text without its line end. */
  readonly text: string;
}

/** The lines of a text, which end with \n, \r\n or \r. There is at least one line, as in an editor. */
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

/** The index of the line that contains an offset. An offset after the text is on the last line. */
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

/** Lines of a part: short enough that parts of many files are drawn, long enough for most statements. Our assumption. */
const linesOfPart = 12;

/** A part of a file, in lines from 1. */
export interface Part {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/**
 * The parts of a file that belong to a sample of a percentage of all lines. The choice depends only on the name of the file and
 * the place, so that an interrupted run continues with the same parts. A mutant that covers more than one part, for
 * example an empty body for a long function, is in no sample.
 */
export function sampledParts(file: string, lines: number, percentage: number): readonly Part[] {
  const parts: Part[] = [];
  for (let first = 1; first <= lines; first += linesOfPart) {
    if (place(`${file}:${first}`) < percentage / 100)
      parts.push({ file, first, last: Math.min(lines, first + linesOfPart - 1) });
  }
  return parts;
}

/** From 0 to 1, equally distributed over different texts: FNV-1a, and the last steps of MurmurHash3. */
function place(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

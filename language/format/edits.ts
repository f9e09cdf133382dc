import { parse, type SyntaxTree } from '../syntax/index.ts';
import { canonical } from './format.ts';

/** A replacement of [start, end) of the text. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The formatted text. A text with parse errors is returned unchanged. */
export function format(tree: SyntaxTree): string {
  return hasErrors(tree) ? tree.text : applyChanges(tree.text, formatEdits(tree));
}

/**
 * The edits of formatting. In a text with parse errors, only statements without errors are formatted, so one unfinished line does not block
 * the rest.
 */
export function formatEdits(tree: SyntaxTree): readonly TextChange[] {
  if (!hasErrors(tree)) {
    const formatted = canonical(tree);
    if (!hasErrors(parse(formatted, tree.uri))) return editsBetween(tree.text, formatted);
  }
  const errors = tree.diagnostics.filter((one) => one.severity === 'error');
  const changes = tree.root.items.flatMap(({ start, end }) => {
    if (errors.some(({ origin }) => origin.start <= end && origin.end >= start)) return [];
    const own = parse(tree.text.slice(start, end), tree.uri);
    // A statement that parses only because of its line breaks is left unchanged.
    if (hasErrors(own)) return [];
    const formatted = canonical(own);
    if (hasErrors(parse(formatted, tree.uri))) return [];
    return editsBetween(own.text, formatted)
      .filter((change) => change.start < own.text.length)
      .map((change) => ({ ...change, start: change.start + start, end: change.end + start }));
  });
  if (changes.length === 0) return changes;
  // If a bracket is missing, the parser uses indentation to find its place, so formatting a correct statement could move it.
  return codesOf(parse(applyChanges(tree.text, changes), tree.uri)) === codesOf(tree) ? changes : [];
}

function codesOf({ diagnostics }: SyntaxTree): string {
  return diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : [])).join();
}

function hasErrors({ diagnostics }: SyntaxTree): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/**
 * The smallest edits between two texts. The formatter changes only white space and commas, so this walks both texts together and compares
 * only the gaps between other characters.
 */
function editsBetween(before: string, after: string): readonly TextChange[] {
  const changes: TextChange[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const gapStart = i;
    const newStart = j;
    while (i < before.length && isGap(before.charCodeAt(i))) i++;
    while (j < after.length && isGap(after.charCodeAt(j))) j++;
    const oldGap = before.slice(gapStart, i);
    const newGap = after.slice(newStart, j);
    if (oldGap !== newGap) changes.push(shrink(gapStart, oldGap, newGap));
    if (i >= before.length && j >= after.length) break;
    // The formatter changed more than gaps. One edit of the whole text is always correct.
    if (before.charCodeAt(i) !== after.charCodeAt(j)) return [{ start: 0, end: before.length, newText: after }];
    i++;
    j++;
  }
  return changes;
}

/** Applies edits that do not overlap. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const one of [...changes].sort((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(end, one.start), one.newText);
    end = one.end;
  }
  parts.push(text.slice(end));
  return parts.join('');
}

/** Leaves the common start and end of both gaps unchanged, so that a cursor there does not move. */
function shrink(start: number, before: string, after: string): TextChange {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start: start + head, end: start + before.length - tail, newText: after.slice(head, after.length - tail) };
}

/** Whether a character is white space or a comma. */
function isGap(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x2c || code === 0xa0;
}

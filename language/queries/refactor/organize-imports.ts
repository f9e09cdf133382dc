import type { Diagnostic } from '../../../design/index.ts';
import type { TextChange } from '../../format/index.ts';
import type { SourceFile } from '../../program.ts';
import type { Import } from '../../syntax/index.ts';
import { lineBreakOf } from '../../syntax/index.ts';

/** An import that is alone on its line, with the comment behind it. */
interface ImportLine {
  readonly path: string;
  /** The whole line, without its line break. */
  readonly start: number;
  readonly end: number;
  readonly isUnused: boolean;
}

/**
 * Sorts the imports of a file and removes the unused and repeated ones: first the library, then files beside this one. Imports are sorted within each
 * stretch of lines without a gap, so a person can keep groups. Empty if nothing changes.
 */
export function organizeImports(
  { uri, text, tree }: SourceFile,
  diagnostics: readonly Diagnostic[],
): readonly TextChange[] {
  const unused = new Set(
    diagnostics
      .filter(({ code, origin }) => code === 'unused-import' && origin.uri === uri)
      .map((one) => one.origin.start),
  );
  const groups: ImportLine[][] = [];
  for (const item of tree.root.items) {
    const line = item.kind === 'import' ? lineOf(text, item, unused) : undefined;
    if (line === undefined) continue;
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (last !== undefined && /^\r?\n$/u.test(text.slice(last.end, line.start))) group?.push(line);
    else groups.push([line]);
  }
  const seen = new Set<string>();
  return groups.flatMap((group) => {
    const kept = group.toSorted(compare).filter(({ path, isUnused }) => {
      if (isUnused || seen.has(path)) return false;
      seen.add(path);
      return true;
    });
    return changeOf(text, group, kept, lineBreakOf(tree));
  });
}

/** undefined for an import with something else on its line, and for one without a path. */
function lineOf(text: string, { start, end, path }: Import, unused: ReadonlySet<number>): ImportLine | undefined {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = end + (/^[^\r\n]*/u.exec(text.slice(end, end + 10_000))?.[0].length ?? 0);
  const isAlone = text.slice(lineStart, start).trim() === '' && /^\s*(?:\/\/.*)?$/u.test(text.slice(end, lineEnd));
  if (!isAlone || path === undefined) return undefined;
  return { path: path.value, start: lineStart, end: lineEnd, isUnused: unused.has(start) };
}

function compare(a: ImportLine, b: ImportLine): number {
  const isBeside = (path: string): number => (path.startsWith('.') || path.startsWith('/') ? 1 : 0);
  if (isBeside(a.path) !== isBeside(b.path)) return isBeside(a.path) - isBeside(b.path);
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function changeOf(
  text: string,
  group: readonly ImportLine[],
  kept: readonly ImportLine[],
  lineBreak: string,
): TextChange[] {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return [];
  const newText = kept.map(({ start, end }) => text.slice(start, end)).join(lineBreak);
  if (newText === text.slice(first.start, last.end)) return [];
  // Without imports, their line goes as well.
  const rest = kept.length > 0 ? 0 : (/^\r?\n/u.exec(text.slice(last.end, last.end + 2))?.[0].length ?? 0);
  return [{ start: first.start, end: last.end + rest, newText }];
}

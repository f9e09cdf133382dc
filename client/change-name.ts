import { valueChangeText } from '../protocol/index.ts';

/* What changed between two texts of a design, in a few words: the name of a run in the history. */

/** A name has at most this many changed values (our assumption: more do not fit on one line). */
const mostValues = 2;

/** A name or value that is farther away than this is not looked for: a generated line may have millions of characters. */
const farthest = 200;
const near = (text: string): string => text.slice(-farthest);

/** A value that is longer than this is not quoted. */
const longestValue = 40;

/** For example "HBM.bandwidth 614 -> 900 GB/s", "peak 9000 -> 12000 rps and 1 more change", or "3 lines changed". */
export function changeName(before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  if (old.length !== now.length) return lineCount(old, now);
  const changes: string[] = [];
  let offset = 0;
  for (const [i, line] of now.entries()) {
    const was = old[i] ?? '';
    if (withoutComment(was) !== withoutComment(line)) {
      const change = valueChange(was, line, after.slice(0, offset));
      if (change === undefined) return lineCount(old, now);
      changes.push(change);
    }
    offset += line.length + 1;
  }
  if (changes.length === 0) return 'comments or spaces only';
  const rest = changes.length - mostValues;
  const named = changes.slice(0, mostValues).join(', ');
  return rest > 0 ? `${named} and ${rest} more ${rest === 1 ? 'change' : 'changes'}` : named;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').map((line) => line.trimEnd());
}

function withoutComment(line: string): string {
  return line.replace(/\/\/.*$/u, '').trim();
}

function lineCount(old: readonly string[], now: readonly string[]): string {
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const [removed, added] = [old.length - start - end, now.length - start - end];
  const count = (lines: number, what: string) => `${lines} ${lines === 1 ? 'line' : 'lines'} ${what}`;
  if (removed === 0) return count(added, 'added');
  if (added === 0) return count(removed, 'removed');
  return count(Math.max(removed, added), 'changed');
}

/** undefined if more than one value of the line changed its place or form. */
function valueChange(was: string, line: string, textBefore: string): string | undefined {
  let start = 0;
  while (start < Math.min(was.length, line.length) && was[start] === line[start]) start++;
  let end = 0;
  const most = Math.min(was.length, line.length) - start;
  while (end < most && was[was.length - 1 - end] === line[line.length - 1 - end]) end++;
  // Whole values instead of the characters that differ.
  const head = /[:=<>,({[]?[^:=<>,({[]*$/u.exec(near(line.slice(0, start)))?.[0] ?? '';
  const from = start - head.length + (/^[:=<>,({[]/u.test(head) ? 1 : 0);
  const tail = /^[^,)}\]\n]*/u.exec(line.slice(line.length - end))?.[0].length ?? 0;
  const old = was.slice(from, was.length - end + tail).trim();
  const now = line.slice(from, line.length - end + tail).trim();
  if (old === '' || now === '' || old.length > longestValue || now.length > longestValue) return undefined;
  const key = keyOf(line.slice(0, from), textBefore);
  return `${key === '' ? '' : `${key} `}${valueChangeText(old, now)}`;
}

/** The name of a value with that of its block: "HBM.bandwidth", "peak", "ResNet50.arrivals". */
function keyOf(lineBefore: string, textBefore: string): string {
  const own = /([\p{L}_][\w-]*(?: [\p{L}_][\w-]*)*)\s*(?:[:=]|[<>]=?)\s*(?:\w+\(|\[)?(?:[^,(){}]*,)*\s*$/u.exec(
    near(lineBefore),
  )?.[1];
  const name = own?.replace(/^let /u, '') ?? '';
  if (own?.startsWith('let ') === true) return name;
  const block = blockOf(textBefore + lineBefore);
  return [block, name].filter((part) => part !== undefined && part !== '').join('.');
}

/** The subject of the innermost open block, or its keyword: `npu Mine` is "Mine", `HBM` is "HBM"; an `slo` belongs to its serve. */
function blockOf(text: string): string | undefined {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === '}') depth++;
    if (text[at] !== '{') continue;
    if (depth > 0) {
      depth--;
      continue;
    }
    const head = /([^{};,\n]*)$/u.exec(near(text.slice(0, at)))?.[1]?.trim() ?? '';
    const [keyword, subject] = head.split(/\s+/u);
    if (keyword === 'slo') continue;
    return subject ?? keyword;
  }
  return undefined;
}

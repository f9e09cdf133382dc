/** The number of lines that decide about the delimiter. */
const delimiterLines = 20;

/**
 * Finds the delimiter by the first lines that are neither empty nor comments. It is in the first line, and most lines have it equally often. Text in
 * quotes is ignored.
 */
export function delimiterOf(text: string): number {
  const lines = text
    .replace(/"(?:[^"]|"")*"/gu, 'x')
    .split(/\r\n|\n|\r/u)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [first = '', second = ''] = lines;
  // A line can be a single date with a comma before its milliseconds. The comma is still the delimiter, and the reader joins the cells
  // later.
  const candidates = [',', ';', '\t', '|'].filter((delimiter) => first.includes(delimiter));
  const regular = candidates.map((delimiter) => regularity(lines.slice(0, delimiterLines), delimiter));
  const best = candidates[regular.indexOf(Math.max(...regular))];
  if (best !== undefined) return best.charCodeAt(0);
  // Blanks are the delimiter only if the rows have them too, outside of dates. The header "time [us]" is one name.
  const isParted = (line: string): boolean => line.includes(' ') && !/^\d{4}-\d\d-\d\d /u.test(line);
  return isParted(first) && (second === '' || isParted(second)) ? 0x20 : 0;
}

/** The largest share of lines that have a delimiter equally often, and at least once. */
function regularity(lines: readonly string[], delimiter: string): number {
  const counts = new Map<number, number>();
  for (const line of lines) {
    const count = line.split(delimiter).length - 1;
    if (count > 0) counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) / lines.length;
}

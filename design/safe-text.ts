/** The most characters of one input that a message repeats. The middle of a longer input is left out. */
export const maxRepeatedCharacters = 200;

/** The most characters of a list of names in a message. Further names are only counted. */
const maxListedCharacters = 600;

/**
 * Characters that a terminal or an editor acts on instead of showing them, by Unicode category: control characters (Cc), format characters (Cf:
 * marks of direction and of no width, byte order marks, tags), line and paragraph separators (Zl, Zp), and halves of surrogate pairs (Cs).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Makes an input safe to show in a message: one line, at most `most` characters, and no characters that a terminal or an editor interprets. */
export function safeText(input: string, most = maxRepeatedCharacters): string {
  return elided(input, most).replace(unprintable, escaped);
}

/** The most characters of a message that are shown. Messages are far shorter, unless one repeats inputs without a registry. */
const maxMessageCharacters = 2000;

/** Makes a whole message safe to show, from any source: one line, not too long, and no characters that a terminal or an editor interprets. */
export function shownMessage(message: string): string {
  return safeText(message, maxMessageCharacters);
}

/** `safeText` between single quotes. */
export function quoted(input: string, most = maxRepeatedCharacters): string {
  return `'${safeText(input, most)}'`;
}

/** "a, b, c", or "a, b and 7 more" for a long list. */
export function listed(names: readonly string[]): string {
  const { shown, more } = fitting(names);
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

/** "'a'", "'a' or 'b'", "'a', 'b' or 'c'". */
export function oneOf(names: readonly string[]): string {
  const { shown, more } = fitting(names);
  const all = shown.map((name) => `'${name}'`);
  if (more > 0) all.push(`${more} more`);
  return all.length <= 1 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

function fitting(names: readonly string[]): { readonly shown: readonly string[]; readonly more: number } {
  const shown: string[] = [];
  let characters = 0;
  for (const name of names) {
    const safe = safeText(name);
    characters += safe.length + 2;
    if (characters > maxListedCharacters && shown.length > 0) break;
    shown.push(safe);
  }
  return { shown, more: names.length - shown.length };
}

/** Keeps the start (two thirds of the space) and the end, because names may differ only at their ends. */
function elided(input: string, most: number): string {
  if (input.length <= most) return input;
  const head = Math.ceil((most - 1) * (2 / 3));
  const tail = most - 1 - head;
  return `${withoutHalf(input.slice(0, head))}…${input.slice(input.length - tail)}`;
}

/** Removes half of a surrogate pair at the end. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

function escaped(character: string): string {
  return shortEscapes.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

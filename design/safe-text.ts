/** Characters of one input that a message repeats at most; the middle of a longer one is left out. */
export const maxRepeatedCharacters = 200;

/** Characters that a list of names may take in a message; the names beyond it are counted. */
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

/** An input as a message may repeat it: on one line, at most `most` characters of it, and nothing that acts on the place where it is shown. */
export function safeText(input: string, most = maxRepeatedCharacters): string {
  return elided(input, most).replace(unprintable, escaped);
}

/** Characters of a message that are shown at most. Messages are far shorter, unless one repeats inputs without a registry. */
const maxMessageCharacters = 2000;

/** A whole message as it is shown, whoever wrote it: on one line, not too long, and nothing that acts on the place where it is shown. */
export function shownMessage(message: string): string {
  return safeText(message, maxMessageCharacters);
}

/** The same between single quotes. */
export function quoted(input: string, most = maxRepeatedCharacters): string {
  return `'${safeText(input, most)}'`;
}

/** "a, b, c", and how many more where they are too many. */
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

/** Two thirds of what fits are the beginning: names differ at their ends as well. */
function elided(input: string, most: number): string {
  if (input.length <= most) return input;
  const head = Math.ceil((most - 1) * (2 / 3));
  const tail = most - 1 - head;
  return `${withoutHalf(input.slice(0, head))}…${input.slice(input.length - tail)}`;
}

/** A cut between the two halves of a character leaves neither. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

function escaped(character: string): string {
  return shortEscapes.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

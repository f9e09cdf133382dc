import { safeText } from '../../design/index.ts';

/** The colour codes of paint.ts, and no others: they are the only control sequences that this program writes on purpose. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding it is the purpose.
const ownColour = /(\u001b\[(?:1|2|22|3[1-6]|39)m)/u;

/**
 * One line of output. A character of an input that a terminal would act on, line breaks included, becomes visible as an escape: no name can move
 * the cursor, and none can begin a line of its own that looks like one of ours.
 */
export function safeLine(line: string): string {
  return line
    .split(ownColour)
    .map((part, index) => (index % 2 === 1 ? part : safeText(part, Number.POSITIVE_INFINITY)))
    .join('');
}

/** A report from its lines. Every report is put together here. */
export function reportOf(lines: readonly string[]): string {
  return `${lines.map(safeLine).join('\n')}\n`;
}

/** As in `safeText`, but tab and line feed: documents of several lines pass. A half of a surrogate pair cannot be written, and becomes U+FFFD. */
const acting = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const everyActing = new RegExp(acting.source, 'gu');

/**
 * The last look at a text before it leaves the program. With `colour`, the program's own colour codes pass; nothing else that a terminal acts
 * on does. The escapes are those of JSON, so that a JSON document stays one.
 */
export function safeOutput(text: string, colour: boolean): string {
  if (!acting.test(text)) return text;
  const parts = colour ? text.split(ownColour) : [text];
  return parts.map((part, index) => (index % 2 === 1 ? part : part.replace(everyActing, jsonEscape))).join('');
}

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

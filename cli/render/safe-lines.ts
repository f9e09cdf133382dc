import { safeText } from '../../design/index.ts';

/** The colour codes of paint.ts. They are the only control sequences that this program writes on purpose. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding it is the purpose.
const ownColour = /(\u001b\[(?:1|2|22|3[1-6]|39)m)/u;

/**
 * One line of output. Characters of an input that would control the terminal, including line breaks, become visible escapes. So no name can
 * move the cursor or start a line that looks like our own output.
 */
export function safeLine(line: string): string {
  return line
    .split(ownColour)
    .map((part, index) => (index % 2 === 1 ? part : safeText(part, Number.POSITIVE_INFINITY)))
    .join('');
}

/** Joins the lines of a report. Every report is made here. */
export function reportOf(lines: readonly string[]): string {
  return `${lines.map(safeLine).join('\n')}\n`;
}

/**
 * The same characters as in `safeText`, except for tab and line feed, because documents have several lines. Half of a surrogate pair cannot
 * be written and becomes U+FFFD.
 */
const acting = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const everyActing = new RegExp(acting.source, 'gu');

/**
 * The last check of a text before the program writes it. With `colour`, the colour codes of the program are kept. Every other character
 * that would control a terminal becomes an escape. The escapes are those of JSON, so that a JSON document stays valid.
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

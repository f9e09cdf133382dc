import { safeText } from '../../design/index.ts';
import { ownColour, terminalColour } from './paint.ts';

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
 * The last check of a text before the program writes it. With `colour`, the colour codes of `paintFor` become those of a terminal. Every
 * other character that would control a terminal becomes an escape, also the colour codes of an input. The escapes are those of JSON, so that a JSON document stays valid.
 */
export function safeOutput(text: string, colour: boolean): string {
  if (!acting.test(text)) return text;
  const parts = colour ? text.split(ownColour) : [text];
  return parts
    .map((part, index) => (index % 2 === 1 ? terminalColour(part) : part.replace(everyActing, jsonEscape)))
    .join('');
}

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

import stringWidth from 'string-width';

const printableAscii = /^[ -~]*$/;

/** The number of columns that a text uses on a terminal. Colour codes use none. An emoji uses two, even if it has many code points. */
export function textWidth(text: string): number {
  return printableAscii.test(text) ? text.length : stringWidth(text);
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `width` columns of a text without colour codes. An ellipsis replaces the part that was cut from its end or its start. */
export function truncate(text: string, width: number, cut: 'start' | 'end' = 'end'): string {
  if (textWidth(text) <= width) return text;
  // By grapheme, so that no emoji or accented letter is cut in two.
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  if (cut === 'start') characters.reverse();
  const kept: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += textWidth(character);
    if (used > width - 1) break;
    kept.push(character);
  }
  return cut === 'start' ? `…${kept.reverse().join('')}` : `${kept.join('')}…`;
}

/**
 * Lines of at most `width` columns, broken at spaces. A longer word stays in one piece. A line break in the text comes from an input and is
 * escaped later, so it stays inside its line. A wrapping library would break there, and a name could then start a line that looks like our
 * own output.
 */
export function wrap(text: string, width: number): string[] {
  if (!Number.isFinite(width)) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The parts on as few lines as the width allows, never broken inside a part. A line before another one ends with the separator. */
export function joinLines(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}${separator}${part}`;
    if (line !== '' && textWidth(longer) + separator.trimEnd().length > width) {
      lines.push(line + separator.trimEnd());
      line = part;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

import stringWidth from 'string-width';

const printableAscii = /^[ -~]*$/;

/** Columns that a text takes on a terminal. Colour codes take none; an emoji takes two, however many code points it has. */
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

/** At most `width` columns of an unpainted text. An ellipsis replaces what was cut from its end or its start. */
export function truncate(text: string, width: number, cut: 'start' | 'end' = 'end'): string {
  if (textWidth(text) <= width) return text;
  // By grapheme: cutting an emoji or an accented letter in two would leave something else.
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
 * Lines of at most `width` columns, broken at spaces. A longer word stays whole. A line break in the text stays in its line, because it came from
 * an input and is escaped later; a wrapping library would break there, and a name could start a line that looks like one of ours.
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

/** Parts on as few lines as the width allows, never broken inside a part. A line that continues ends with the separator. */
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

import { type Diagnostic, type Origin, type Severity, shownMessage } from '../../design/index.ts';
import { lineIndexAt, rangeOf, type Sources } from '../source-text.ts';
import type { Look } from '../terminal.ts';
import { type Paint, paintFor } from './paint.ts';
import { safeLine } from './safe-lines.ts';
import { padStart, textWidth, wrap } from './text-width.ts';

const words: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'info',
  hint: 'hint',
};

function severityPaint(paint: Paint, severity: Severity): (text: string) => string {
  if (severity === 'error') return (text) => paint.bold(paint.red(text));
  if (severity === 'warning') return (text) => paint.bold(paint.yellow(text));
  return (text) => paint.bold(paint.cyan(text));
}

const tabWidth = 2;

/** Where nothing is cut, a source line is all the same: nobody reads a megabyte of braces, and the place is named above it. */
const widestExcerpt = 240;

/** A line as it is printed: tabs and control characters take a known room, so that carets stand under what they mean. */
function printable(text: string): string {
  return text.replaceAll('\t', ' '.repeat(tabWidth)).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u00b7');
}

/** The stretch of a long line around [from, to) that fits `width` columns. `shift` is what `from` moved by. */
function clip(line: string, from: number, to: number, width: number): { text: string; from: number; to: number } {
  // By characters: any number of accents has the width of none.
  if (line.length <= width) return { text: line, from, to };
  const lead = Math.max(8, Math.floor((width - Math.min(to - from, width)) / 2));
  const start = Math.max(0, Math.min(from - lead, line.length - width));
  const stop = Math.min(line.length, start + width);
  const text = (start > 0 ? '…' : '') + line.slice(start + (start > 0 ? 1 : 0), stop - (stop < line.length ? 1 : 0));
  return {
    text: stop < line.length ? `${text}…` : text,
    from: from - start,
    to: Math.min(to - start, text.length),
  };
}

/** "  12 |   clok: 1 GHz" and the caret line under it; empty where the text is not at hand. */
function excerpt(
  origin: Origin,
  sources: Sources,
  gutter: number,
  look: Look,
  mark: { readonly character: string; readonly paint: (text: string) => string; readonly label: string },
): string[] {
  const lines = sources.isShown(origin.uri) ? sources.linesOf(origin.uri) : undefined;
  if (lines === undefined) return [];
  const paint = paintFor(look.colour);
  const index = lineIndexAt(lines, origin.start);
  const line = lines[index];
  if (line === undefined) return [];
  // A range over several lines is marked to the end of its first one.
  const from = Math.min(origin.start - line.start, line.text.length);
  const to = Math.max(from, Math.min(origin.end - line.start, line.text.length));
  const shown = printable(line.text.slice(0, from));
  const marked = printable(line.text.slice(from, to));
  const whole = shown + marked + printable(line.text.slice(to));
  const bar = paint.blue('|');
  const room = Math.min(widestExcerpt, look.width - gutter - 4);
  const clipped = clip(whole, shown.length, shown.length + marked.length, room);
  const lead = textWidth(clipped.text.slice(0, clipped.from));
  const length = Math.max(1, textWidth(clipped.text.slice(clipped.from, clipped.to)));
  const label = mark.label === '' ? '' : ` ${mark.label}`;
  return [
    `${paint.blue(padStart(String(index + 1), gutter))} ${bar} ${clipped.text}`.trimEnd(),
    `${' '.repeat(gutter)} ${bar} ${' '.repeat(lead)}${mark.paint(mark.character.repeat(length) + label)}`,
  ];
}

function placeText(origin: Origin, sources: Sources): string {
  const lines = sources.linesOf(origin.uri);
  if (lines === undefined) return sources.nameOf(origin.uri);
  const { start } = rangeOf(lines, origin);
  return `${sources.nameOf(origin.uri)}:${start.line}:${start.column}`;
}

function gutterOf(origins: readonly Origin[], sources: Sources): number {
  let widest = 1;
  for (const origin of origins) {
    const lines = sources.linesOf(origin.uri);
    if (lines !== undefined) widest = Math.max(widest, String(lineIndexAt(lines, origin.start) + 1).length);
  }
  return widest;
}

/** "  = note: message (place)", wrapped under itself. The place stays whole, so that a terminal can make a link of it. */
function note(word: string, text: string, margin: string, look: Look, paint: Paint, place: string): string[] {
  const hang = ' '.repeat(margin.length + 3);
  const [first = '', ...rest] = wrap(`${word}: ${text}`, look.width - hang.length);
  const lines = [
    `${margin} ${paint.blue('=')} ${paint.bold(word)}${first.slice(word.length)}`,
    ...rest.map((line) => hang + line),
  ];
  const last = lines.at(-1) ?? '';
  if (place === '') return lines;
  if (textWidth(last) + 1 + textWidth(place) > look.width) return [...lines, hang + place];
  return [...lines.slice(0, -1), `${last} ${place}`];
}

/**
 * One diagnostic as compilers of good manners print it: what is wrong, where, the line with the place marked, what else belongs
 * to it, and how to mend it. Ends without a newline.
 */
export function renderDiagnostic(diagnostic: Diagnostic, sources: Sources, look: Look): string {
  const paint = paintFor(look.colour);
  const severe = severityPaint(paint, diagnostic.severity);
  const related = diagnostic.related ?? [];
  const gutter = gutterOf([diagnostic.origin, ...related.map((each) => each.origin)], sources);
  const margin = ' '.repeat(gutter);
  const bar = paint.blue('|');
  // One line, however long: problem matchers and grep read it, and the terminal wraps it.
  const head = `${words[diagnostic.severity]}[${diagnostic.code}]`;
  const lines = [severe(head) + paint.bold(`: ${shownMessage(diagnostic.message)}`)];
  lines.push(`${margin}${paint.blue('-->')} ${placeText(diagnostic.origin, sources)}`);
  const marked = excerpt(diagnostic.origin, sources, gutter, look, { character: '^', paint: severe, label: '' });
  if (marked.length > 0) lines.push(`${margin} ${bar}`, ...marked);
  for (const each of related) {
    const place = paint.dim(`(${placeText(each.origin, sources)})`);
    lines.push(`${margin} ${bar}`);
    lines.push(...note('note', shownMessage(each.message), margin, look, paint, place));
    lines.push(...excerpt(each.origin, sources, gutter, look, { character: '-', paint: paint.blue, label: '' }));
  }
  // An editor offers them all; here two are enough to see what would be right.
  const fixes = [...(diagnostic.fixes ?? [])]
    .sort((a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false))
    .slice(0, 2);
  if (fixes.length > 0) {
    lines.push(`${margin} ${bar}`);
    for (const fix of fixes) lines.push(...note('help', shownMessage(fix.title), margin, look, paint, ''));
  }
  return lines.map(safeLine).join('\n');
}

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/** More than a reader takes in; JSON has them all. */
const mostShown = 50;

/** Each followed by a blank line; '' where there are none. Hints are for editors and stay out. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], sources: Sources, look: Look): string {
  const told = diagnostics.filter((diagnostic) => diagnostic.severity !== 'hint');
  const texts = told.slice(0, mostShown).map((diagnostic) => `${renderDiagnostic(diagnostic, sources, look)}\n\n`);
  const more = told.length - mostShown;
  return texts.join('') + (more > 0 ? `... and ${more} more\n\n` : '');
}

/** In a stable order: by file, place, severity, code. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.origin.uri, b.origin.uri) ||
      a.origin.start - b.origin.start ||
      order[a.severity] - order[b.severity] ||
      compareText(a.code, b.code),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** "2 errors, 1 warning". */
export function countText(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity): number => diagnostics.filter((each) => each.severity === severity).length;
  const say = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const errors = count('error');
  const warnings = count('warning');
  if (errors === 0 && warnings === 0) return 'no problems';
  return [errors > 0 ? say(errors, 'error') : '', warnings > 0 ? say(warnings, 'warning') : '']
    .filter((part) => part !== '')
    .join(', ');
}

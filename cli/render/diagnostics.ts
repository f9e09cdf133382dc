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

/**
 * The longest excerpt of a source line if the output has no width limit. A longer line would not help, because the place is stated above
 * it.
 */
const widestExcerpt = 240;

/** A line as it is printed. Tabs and control characters have a fixed width, so that the carets are below the right characters. */
function printable(text: string): string {
  return text.replaceAll('\t', ' '.repeat(tabWidth)).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u00b7');
}

/** The part of a long line around [from, to) that fits in `width` columns. `shift`: the distance by which `from` moved. */
function clip(line: string, from: number, to: number, width: number): { text: string; from: number; to: number } {
  // Counts characters, and not columns, because any number of accents has no width.
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

/** "  12 |   clok: 1 GHz" and the line with carets below it. Empty if the text is not available. */
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
  // A range over several lines is marked up to the end of its first line.
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

/** "  = note: message (place)", wrapped below its first word. The place is not broken, so that a terminal can make it a link. */
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
 * One diagnostic in the style of modern compilers: the problem, its place, the line with the place marked, related places, and how to fix
 * it. Ends without a newline.
 */
function renderDiagnostic(diagnostic: Diagnostic, sources: Sources, look: Look): string {
  const paint = paintFor(look.colour);
  const severe = severityPaint(paint, diagnostic.severity);
  const related = diagnostic.related ?? [];
  const gutter = gutterOf([diagnostic.origin, ...related.map((each) => each.origin)], sources);
  const margin = ' '.repeat(gutter);
  const bar = paint.blue('|');
  // This line is never wrapped, because problem matchers and grep read it. The terminal wraps it.
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
  // An editor offers all fixes. Two are enough here to show the right form.
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

/** The most diagnostics that the text output shows. JSON has all of them. */
const mostShown = 50;

/** Each diagnostic is followed by a blank line. '' if there are none. Hints are left out, because they are for editors. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], sources: Sources, look: Look): string {
  const shown = diagnostics.filter((diagnostic) => diagnostic.severity !== 'hint');
  const texts = shown.slice(0, mostShown).map((diagnostic) => `${renderDiagnostic(diagnostic, sources, look)}\n\n`);
  const more = shown.length - mostShown;
  return texts.join('') + (more > 0 ? `... and ${more} more\n\n` : '');
}

/** A stable order: by file, place, severity and code. */
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

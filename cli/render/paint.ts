import { randomInt } from 'node:crypto';
import type { Verdict } from '../../design/index.ts';

/** Colours from the sixteen that every terminal theme defines, so that text is readable in light and dark themes. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  magenta(text: string): string;
  cyan(text: string): string;
}

type PaintName = keyof Paint;

/** Select Graphic Rendition of ECMA-48: the numbers that start and end each look. */
const sequences: Readonly<Record<PaintName, readonly [start: number, end: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

/**
 * Distinguishes our own colour codes from those in a file name or another input: a random number that no input can contain. It has the form of more
 * parameters, so that the width of a text stays the same.
 */
const ours = Array.from({ length: 4 }, () => randomInt(1000, 10_000)).join(';');
const start = `\u001b[${ours};`;

/** One of our own colour codes, as `paintFor` writes it. */
export const ownColour = new RegExp(`(\\u001b\\[${ours};\\d+m)`, 'u');

/** One of our own colour codes, as a terminal reads it. */
export function terminalColour(own: string): string {
  return own.replace(`${ours};`, '');
}

/** Always writes the colour codes. terminal.ts has already decided whether the output has colours. */
function code(name: PaintName): (text: string) => string {
  const [on, off] = sequences[name];
  return (text) => (text === '' ? '' : `${start}${on}m${text}${start}${off}m`);
}

const same = (text: string): string => text;

const colours: Paint = {
  bold: code('bold'),
  dim: code('dim'),
  red: code('red'),
  green: code('green'),
  yellow: code('yellow'),
  blue: code('blue'),
  magenta: code('magenta'),
  cyan: code('cyan'),
};

const none: Paint = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  blue: same,
  magenta: same,
  cyan: same,
};

export function paintFor(colour: boolean): Paint {
  return colour ? colours : none;
}

/** The colour of a verdict. A mark or a word always accompanies it. */
export function verdictPaint(paint: Paint, verdict: Verdict): (text: string) => string {
  if (verdict === 'met') return paint.green;
  return verdict === 'violated' ? paint.red : paint.yellow;
}

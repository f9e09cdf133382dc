import { styleText } from 'node:util';
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

/** Always writes the colour codes. terminal.ts has already decided whether the output has colours. */
function code(name: PaintName): (text: string) => string {
  return (text) => (text === '' ? '' : styleText(name, text, { validateStream: false }));
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

import type { Verdict } from '../../design/index.ts';

/** Colours by meaning of the sixteen that every terminal theme defines, so that light and dark themes both stay readable. */
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

const escapeCharacter = '\u001b';

function code(open: number, close: number): (text: string) => string {
  return (text) => (text === '' ? '' : `${escapeCharacter}[${open}m${text}${escapeCharacter}[${close}m`);
}

const same = (text: string): string => text;

const colours: Paint = {
  bold: code(1, 22),
  dim: code(2, 22),
  red: code(31, 39),
  green: code(32, 39),
  yellow: code(33, 39),
  blue: code(34, 39),
  magenta: code(35, 39),
  cyan: code(36, 39),
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

/** The colour of a verdict; never its only carrier. */
export function verdictPaint(paint: Paint, verdict: Verdict): (text: string) => string {
  if (verdict === 'met') return paint.green;
  return verdict === 'violated' ? paint.red : paint.yellow;
}

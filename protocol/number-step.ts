/** A number in a line of text, and the same number one step larger or smaller. Columns are offsets in the line. */
export interface NumberStep {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A number that is not part of a name such as `conv1`, `int8` or `p99`, and not written as `1_000` or `1e6`. */
const numberPattern = /(?<![\w.])\d+(?:\.\d+)?(?!\w*\(|_|\d|e[-+\d])/g;

/**
 * The number at a column, changed by a number of steps, upwards if it is positive. A step is one unit of the second digit, so that about ten steps double a value; whole numbers below
 * ten change by one. A value keeps its decimals, and stays above zero if it was. undefined if there is no number that can change, or only one in a comment or a string.
 */
export function stepNumber(line: string, column: number, steps: number): NumberStep | undefined {
  for (const match of line.matchAll(numberPattern)) {
    const start = match.index;
    const end = start + match[0].length;
    if (column < start || column > end || isQuiet(line, start)) continue;
    let text = match[0];
    for (let left = Math.abs(steps); left > 0; left--) text = steppedText(text, steps > 0 ? 1 : -1) ?? text;
    return text === match[0] ? undefined : { start, end, text };
  }
  return undefined;
}

/** A number as text, one step larger or smaller; undefined if there is no further step. */
function steppedText(text: string, direction: 1 | -1): string | undefined {
  const decimals = text.split('.')[1]?.length ?? 0;
  const next = stepped(Number(text), decimals, direction);
  return next === text ? undefined : next;
}

/** A slider goes from a quarter of a value to four times the value, which are about 100 steps. Our assumption. */
const widestRatio = 4;

/** The values that a slider offers around a number: those of single steps, the smallest first. `most`: none is larger. */
export function valuesAround(text: string, most = Number.POSITIVE_INFINITY): readonly string[] {
  const reach = (direction: 1 | -1): readonly string[] => {
    const values: string[] = [];
    let next = steppedText(text, direction);
    while (next !== undefined) {
      const ratio = Number(next) / Number(text);
      if (Number(next) > most || ratio > widestRatio || ratio < 1 / widestRatio) break;
      values.push(next);
      next = steppedText(next, direction);
    }
    return values;
  };
  return [...reach(-1).toReversed(), text, ...reach(1)];
}

/** Whether a column is in a comment or a string. */
function isQuiet(line: string, column: number): boolean {
  const before = line.slice(0, column);
  return before.includes('//') || (before.match(/"/g)?.length ?? 0) % 2 === 1;
}

function stepped(value: number, decimals: number, direction: 1 | -1): string {
  const smallest = 10 ** -decimals;
  // Downwards from 100, the steps are those of the values below 100, so that the way up leads back to 100.
  const scale = direction > 0 || value === 0 ? value : value - smallest / 2;
  const step = Math.max(smallest, 10 ** (Math.floor(Math.log10(Math.max(scale, smallest)) + 1e-9) - 1));
  const next = Math.round((value + direction * step) / smallest) * smallest;
  return next > 0 || value === 0 ? Math.max(0, next).toFixed(decimals) : value.toFixed(decimals);
}

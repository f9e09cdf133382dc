import { type Caveat, caveatHeading, caveatText, statedHeading } from '../../design/index.ts';
import type { Paint } from './paint.ts';
import { wrap } from './text-width.ts';

const bullet = '  - ';

/** The caveats of a result, below its verdicts. Empty if there are none. Starts with an empty line. */
export function caveatLines(caveats: readonly Caveat[], width: number, paint: Paint): string[] {
  if (caveats.length === 0) return [];
  return ['', paint.yellow(`${caveatHeading(caveats)}:`), ...bulletLines(caveats.map(caveatText), width)];
}

/** The statements of the file that replace a guess of the program. Empty if there are none. Starts with an empty line. */
export function statedLines(statedInputs: readonly string[], width: number, paint: Paint): string[] {
  if (statedInputs.length === 0) return [];
  return ['', paint.dim(`${statedHeading}:`), ...bulletLines(statedInputs, width)];
}

function bulletLines(texts: readonly string[], width: number): string[] {
  return texts.flatMap((text) =>
    wrap(text, width - bullet.length).map((line, at) => (at === 0 ? bullet : '    ') + line),
  );
}

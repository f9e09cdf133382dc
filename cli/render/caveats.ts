import { type Caveat, caveatHeading, caveatText, statedHeading } from '../../design/index.ts';
import type { Paint } from './paint.ts';
import { wrap } from './text-width.ts';

const bullet = '  - ';

/** What a result rests on, below its verdicts; nothing where it rests on no caveat. Starts with an empty line. */
export function caveatLines(caveats: readonly Caveat[], width: number, paint: Paint): string[] {
  if (caveats.length === 0) return [];
  return ['', paint.yellow(`${caveatHeading(caveats)}:`), ...bulletLines(caveats.map(caveatText), width)];
}

/** What the file states where the program would otherwise guess; nothing without any. Starts with an empty line. */
export function statedLines(statedInputs: readonly string[], width: number, paint: Paint): string[] {
  if (statedInputs.length === 0) return [];
  return ['', paint.dim(`${statedHeading}:`), ...bulletLines(statedInputs, width)];
}

function bulletLines(texts: readonly string[], width: number): string[] {
  return texts.flatMap((text) =>
    wrap(text, width - bullet.length).map((line, at) => (at === 0 ? bullet : '    ') + line),
  );
}

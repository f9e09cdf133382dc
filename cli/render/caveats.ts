import { type Caveat, caveatHeading, caveatText } from '../../design/index.ts';
import type { Paint } from './paint.ts';
import { wrap } from './text-width.ts';

const bullet = '  - ';

/** What a result rests on, below its verdicts; nothing where it rests on no caveat. Starts with an empty line. */
export function caveatLines(caveats: readonly Caveat[], width: number, paint: Paint): string[] {
  if (caveats.length === 0) return [];
  const items = caveats.flatMap((caveat) =>
    wrap(caveatText(caveat), width - bullet.length).map((line, at) => (at === 0 ? bullet : '    ') + line),
  );
  return ['', paint.yellow(`${caveatHeading(caveats)}:`), ...items];
}

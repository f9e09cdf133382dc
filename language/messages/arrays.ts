import { type MessageRegistry, message, oneOf } from '../../design/index.ts';
import { didYouMean } from './wording.ts';

/** The kinds of arrays of a chip. */
export const arrayMessages = {
  notAnArrayName: message(
    'unexpected-name',
    ({ written }: { written: string }) =>
      `'${written}' is not a name for a kind of array. Write one word, such as 'array Small { ... }'.`,
  ),
  noArrays: message(
    'missing-block',
    "A chip without arrays cannot multiply. Add 'array { rows: 128, columns: 128 }', or keep one of the inherited arrays.",
  ),
  tooManyKinds: message(
    'out-of-range',
    (p: { name: string; count: number; most: number }) =>
      `'${p.name}' has ${p.count} kinds of arrays, but at most ${p.most} are possible. Use 'count' for identical arrays.`,
  ),
  noSuchArray: message(
    'unknown-word',
    (p: { chip: string; written: string; known: readonly string[]; close: string | undefined }) =>
      p.known.length === 0
        ? `'${p.chip}' has no array '${p.written}': its arrays have no name. Write '${p.chip}.array.rows'.`
        : `'${p.chip}' has no array '${p.written}'. Expected ${oneOf(p.known)}.${didYouMean(p.close)}`,
  ),
} satisfies MessageRegistry;

import type { TextChange } from '../../format/index.ts';
import type { SourceFile } from '../../program.ts';
import { findUnit, toSi, type Unit, unitTable } from '../../units/index.ts';
import { pathAt } from '../tree.ts';

/** A number in another unit. */
interface UnitOffer {
  /** For example "0.614 TB/s". */
  readonly text: string;
  readonly change: TextChange;
}

/** Only the shortest numbers in the nearest units, and those that a person can read. Our assumptions. */
const mostOffers = 3;
const smallest = 0.001;
const largest = 1e6;
const mostDigits = 15;

/** The quantity at an offset in other units of the same dimension: only those in which it is exactly the same value. */
export function convertUnit({ tree }: SourceFile, offset: number): readonly UnitOffer[] {
  const node = pathAt(tree, offset).findLast((one) => one.kind === 'quantity');
  if (node?.kind !== 'quantity' || node.unit === undefined) return [];
  const { digits, unit, start, end } = node;
  const from = findUnit(unit.text);
  if (from === undefined) return [];
  const [over = '', ...under] = unit.text.split('/');
  const row = unitTable.find(({ names }) => names.includes(over));
  // A percentage and a factor are two views of a ratio, and not two units.
  if (row === undefined || row.dimension === 'ratio') return [];
  return unitTable
    .filter((other) => other !== row && other.dimension === row.dimension)
    .flatMap(({ names: [name = ''] }) => {
      const written = [name, ...under].join('/');
      const to = findUnit(written);
      const number = to === undefined ? undefined : convertExactly(digits, from, to);
      if (to === undefined || number === undefined) return [];
      const size = Number(number);
      if (size !== 0 && (size < smallest || size >= largest)) return [];
      const distance = Math.abs(Math.log(to.multiply / to.divide) - Math.log(from.multiply / from.divide));
      const text = `${number} ${written}`;
      return [{ distance, length: number.length, text, change: { start, end, newText: text } }];
    })
    .toSorted((a, b) => a.length - b.length || a.distance - b.distance)
    .slice(0, mostOffers)
    .map(({ text, change }) => ({ text, change }));
}

/** The number in another unit, as a decimal; undefined if it has no short decimal. Doubles would change 0.1 + 0.2, so this uses whole numbers. */
function convertExactly(written: string, from: Unit, to: Unit): string | undefined {
  const digits = written.replaceAll('_', '');
  const factors = [from.multiply, from.divide, to.multiply, to.divide];
  if (!/^\d+(?:\.\d+)?$/u.test(digits) || !factors.every(Number.isSafeInteger)) return undefined;
  const [whole = '', fraction = ''] = digits.split('.');
  const over = BigInt(whole + fraction) * BigInt(from.multiply) * BigInt(to.divide);
  const under = 10n ** BigInt(fraction.length) * BigInt(from.divide) * BigInt(to.multiply);
  const scaled = over * 10n ** BigInt(mostDigits);
  if (scaled % under !== 0n) return undefined;
  const all = (scaled / under).toString().padStart(mostDigits + 1, '0');
  const decimals = all.slice(-mostDigits).replace(/0+$/u, '');
  const number = `${all.slice(0, -mostDigits)}${decimals === '' ? '' : `.${decimals}`}`;
  if (number.replace(/^0?\.?0*/u, '').replace('.', '').length > mostDigits) return undefined;
  return toSi(Number(number), to) === toSi(Number(digits), from) ? number : undefined;
}

import { type MessageRegistry, message, oneOf, words } from '../../design/index.ts';
import { didYouMean } from './wording.ts';

/** Values: expressions, and what a property accepts. `name` is the property's; `wanted` describes the values that it accepts. */
export const valueMessages = {
  notAValue: message('unexpected-value', 'Expected a number, a quantity or a name here.'),
  notANumber: message('unexpected-value', 'Expected a number or a quantity here.'),
  notALet: message(
    'unexpected-value',
    ({ written }: { written: string }) => `'${written}' is not a value. Use a number or the name of a 'let'.`,
  ),
  unknownUnit: message(
    'unknown-unit',
    ({ unit, close }: { unit: string; close: string | undefined }) => `There is no unit '${unit}'.${didYouMean(close)}`,
  ),
  unitOfBits: message(
    'unknown-unit',
    ({ unit }: { unit: string }) => `There is no unit '${unit}'. Write bytes of 8 bits, such as GB/s.`,
  ),
  mixedSum: message(
    'unit-mismatch',
    ({ operator, left, right }: { operator: '+' | '-'; left: string; right: string }) =>
      `Cannot ${operator === '+' ? 'add' : 'subtract'} ${right} ${operator === '+' ? 'to' : 'from'} ${left}. Expected ${left} here.`,
  ),
  divisionByZero: message('not-finite', 'This expression divides by zero.'),
  tooLarge: message('not-finite', 'This number is too large.'),
  misfit: message(
    'unexpected-value',
    ({ name, wanted }: { name: string; wanted: string }) => `'${name}' needs ${wanted}.`,
  ),
  missingUnit: message(
    'missing-unit',
    (p: { name: string; phrase: string; example: string }) =>
      `This number has no unit. '${p.name}' needs ${p.phrase}, such as ${p.example}.`,
  ),
  relativeToNothing: message(
    'missing-unit',
    (p: { name: string; phrase: string; example: string }) =>
      `A factor with 'x' multiplies an inherited value, but no npu that this one extends states '${p.name}'. Write ${p.phrase}, such as ${p.example}.`,
  ),
  unitsCancel: message(
    'missing-unit',
    (p: { name: string; phrase: string; example: string; unit: string }) =>
      `The units in '${p.unit}' cancel each other. '${p.name}' needs ${p.phrase}, such as ${p.example}.`,
  ),
  otherUnit: message(
    'unit-mismatch',
    (p: { name: string; phrase: string; example: string; got: string }) =>
      `This is ${p.got}. '${p.name}' needs ${p.phrase}, such as ${p.example}.`,
  ),
  outOfRange: message(
    'out-of-range',
    (p: { name: string; rule: string; value: string; close: string | undefined }) =>
      `'${p.name}' is ${p.value}. It must be ${p.rule}.${didYouMean(p.close)}`,
  ),
  notAWord: message(
    'unexpected-value',
    ({ name, known }: { name: string; known: readonly string[] }) => `'${name}' needs ${oneOf(known)}.`,
  ),
  unknownWord: message(
    'unknown-word',
    (p: { name: string; written: string; known: readonly string[]; close: string | undefined }) =>
      `'${p.written}' is not a value of '${p.name}'. Expected ${oneOf(p.known)}.${didYouMean(p.close)}`,
  ),
  mixedFormat: message(
    'unknown-word',
    ({ name, written }: { name: string; written: string }) =>
      `'${written}' states the formats of several operands, but '${name}' needs one format. Write the format of the arrays as 'precision', ` +
      `and that of the weights as 'weights': 'precision: bf16, weights: int4(128)' is w4a16.`,
  ),
  wordWithArguments: message(
    'unexpected-value',
    ({ written }: { written: string }) => `'${written}' has no parameters. Remove what follows it.`,
  ),
  notAForm: message(
    'unexpected-value',
    ({ name, known, close }: { name: string; known: readonly string[]; close: string | undefined }) =>
      `'${name}' needs ${oneOf(known)}.${didYouMean(close)}`,
  ),
  unknownForm: message(
    'unknown-word',
    (p: {
      name: string;
      written: string;
      known: readonly string[];
      quantity: string | undefined;
      close: string | undefined;
    }) =>
      `'${p.written}' is not a value of '${p.name}'. Expected ${oneOf(p.known)}${
        p.quantity === undefined ? '' : `, or ${p.quantity}`
      }.${didYouMean(p.close)}`,
  ),
  unknownPadding: message(
    'unknown-word',
    ({ name, wanted, close }: { name: string; wanted: string; close: string }) =>
      `'${name}' needs ${wanted}.${didYouMean(close)}`,
  ),
  changedReference: message(
    'unexpected-value',
    (p: { name: string; wanted: string; changed: string }) =>
      `'${p.name}' needs ${p.wanted}. To change '${p.changed}', declare a new npu: 'npu Mine extends ${p.changed} { ... }'.`,
  ),
  noWayIn: message(
    'missing-block',
    "A chip with 'HBM: none' needs the block 'host': inputs and results cross that link. Add 'host { bandwidth: 4 GB/s }'.",
  ),
  fasterThanShared: message(
    'out-of-range',
    (p: { memory: string; name: string; value: string; shared: string }) =>
      `'${p.name}' of ${p.memory} is ${p.value}, but reads and writes share a bandwidth of ${p.shared}. ` +
      `Lower '${p.name}' or raise 'bandwidth'.`,
  ),
  notNested: message(
    'unexpected-value',
    (p: { base: string; burst: string }) =>
      `'source: nested' needs weights of 16 bits in base mode and of 8 bits in burst mode, but they are ${p.base} and ${p.burst}. ` +
      `Change a mode, or write 'source: stored'.`,
  ),
  packedProducts: message('unexpected-value', (p: { products: number; packing: string }) =>
    p.products === 3
      ? `'products: 3' is not possible: a multiplier divides into 2 or 4 narrower ones. Write 2 or 4.`
      : p.products === 1
        ? `'products: 1' contradicts 'packing: ${p.packing}', which packs several products. Remove one of the two.`
        : `'products: ${p.products}' has no effect without packing. Add 'packing: reduction' or 'packing: columns'.`,
  ),
  attentionArrays: message(
    'unexpected-value',
    (p: { arrays: number; count: number }) =>
      `'arrays: ${p.arrays}' in the attention block is more than the ${p.count} of the chip. Write ${p.count} or less.`,
  ),
  powerWithoutArea: message(
    'no-area',
    ({ missing }: { missing: string }) =>
      `'static per area' needs the area of the whole chip, but there is no figure for ${missing}. Add it, or state the power with 'static'.`,
  ),
  smallVmem: message(
    'small-vmem',
    (p: { memory: string; capacity: string; rows: number; columns: number; precision: string; needed: string }) =>
      `The ${p.memory} of ${p.capacity} is too small for one array. The ${p.rows} x ${p.columns} weights of the array in ` +
      `${p.precision}, and two rows of its inputs and results, need ${p.needed}. Layers are timed as if they fitted. ` +
      `Set the capacity to at least ${p.needed}.`,
  ),
} satisfies MessageRegistry;

/** Notes at related places. */
export const valueNotes = {
  quantity: words(({ kind, value }: { kind: string; value: string }) => `This is ${kind}, ${value}.`),
} as const;

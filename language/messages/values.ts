import { type MessageRegistry, message, oneOf, words } from '../../design/index.ts';
import { didYouMean } from './wording.ts';

/** Values: expressions, and what a property takes. `name` is the property's; `wanted` is what it takes, in words. */
export const valueMessages = {
  notAValue: message('unexpected-value', 'expected a number, a quantity or a name here'),
  notANumber: message('unexpected-value', 'expected a number or a quantity here'),
  notALet: message(
    'unexpected-value',
    ({ written }: { written: string }) => `'${written}' is not a value; only a 'let' is`,
  ),
  unknownUnit: message(
    'unknown-unit',
    ({ unit, close }: { unit: string; close: string | undefined }) => `there is no unit '${unit}'${didYouMean(close)}`,
  ),
  unitOfBits: message(
    'unknown-unit',
    ({ unit }: { unit: string }) => `there is no unit '${unit}'; data is counted in bytes of 8 bits, such as GB/s`,
  ),
  mixedSum: message(
    'unit-mismatch',
    ({ operator, left, right }: { operator: '+' | '-'; left: string; right: string }) =>
      `cannot ${operator === '+' ? 'add' : 'subtract'} ${right} ${operator === '+' ? 'to' : 'from'} ${left}: expected ${left} here`,
  ),
  divisionByZero: message('not-finite', 'this divides by zero'),
  tooLarge: message('not-finite', 'this number is too large'),
  misfit: message(
    'unexpected-value',
    ({ name, wanted }: { name: string; wanted: string }) => `'${name}' takes ${wanted}`,
  ),
  missingUnit: message(
    'missing-unit',
    (p: { name: string; phrase: string; example: string }) =>
      `'${p.name}' takes ${p.phrase}, such as ${p.example}; this number has no unit`,
  ),
  unitsCancel: message(
    'missing-unit',
    (p: { name: string; phrase: string; example: string; unit: string }) =>
      `'${p.name}' takes ${p.phrase}, such as ${p.example}; the units of '${p.unit}' cancel`,
  ),
  otherUnit: message(
    'unit-mismatch',
    (p: { name: string; phrase: string; example: string; got: string }) =>
      `'${p.name}' takes ${p.phrase}, such as ${p.example}; this is ${p.got}`,
  ),
  outOfRange: message(
    'out-of-range',
    (p: { name: string; rule: string; value: string; close: string | undefined }) =>
      `'${p.name}' must be ${p.rule}; this is ${p.value}${p.close === undefined ? '' : `; did you mean ${p.close}?`}`,
  ),
  notAWord: message(
    'unexpected-value',
    ({ name, known }: { name: string; known: readonly string[] }) => `'${name}' takes ${oneOf(known)}`,
  ),
  unknownWord: message(
    'unknown-word',
    (p: { name: string; written: string; known: readonly string[]; close: string | undefined }) =>
      `'${p.written}' is not a value of '${p.name}', which takes ${oneOf(p.known)}${didYouMean(p.close)}`,
  ),
  wordWithArguments: message(
    'unexpected-value',
    ({ written }: { written: string }) => `'${written}' takes nothing behind it`,
  ),
  notAForm: message(
    'unexpected-value',
    ({ name, known, close }: { name: string; known: readonly string[]; close: string | undefined }) =>
      `'${name}' takes ${oneOf(known)}${didYouMean(close)}`,
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
      `'${p.written}' is not a value of '${p.name}', which takes ${oneOf(p.known)}${
        p.quantity === undefined ? '' : `, or ${p.quantity}`
      }${didYouMean(p.close)}`,
  ),
  unknownPadding: message(
    'unknown-word',
    ({ name, wanted, close }: { name: string; wanted: string; close: string }) =>
      `'${name}' takes ${wanted}${didYouMean(close)}`,
  ),
  changedReference: message(
    'unexpected-value',
    (p: { name: string; wanted: string; changed: string }) =>
      `'${p.name}' takes ${p.wanted}; declare the changed one: 'npu Mine extends ${p.changed} { ... }'`,
  ),
  smallVmem: message(
    'small-vmem',
    (p: { capacity: string; rows: number; columns: number; precision: string; tiles: string; needed: string }) =>
      `VMEM of ${p.capacity} cannot buffer what one array takes: half of it buffers tiles, and two tiles of ` +
      `${p.rows} x ${p.columns} weights in ${p.precision} are ${p.tiles}. Layers are timed as if they fitted; ` +
      `make it ${p.needed} at least`,
  ),
} satisfies MessageRegistry;

/** Related places. */
export const valueNotes = {
  quantity: words(({ kind, value }: { kind: string; value: string }) => `this is ${kind}, ${value}`),
} as const;

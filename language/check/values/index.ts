import { assertNever } from '../../../design/index.ts';
import type { PropertySchema, WordSchema } from '../../schema/index.ts';
import type { Expression } from '../../syntax/index.ts';
import type { Scope } from '../scope.ts';
import type { SettingValue } from '../settings.ts';
import { readForm } from './forms.ts';
import { readNumbers } from './numbers.ts';
import { readQuantity } from './quantities.ts';
import { readReference } from './references.ts';
import { readPadding, readPair, readShape } from './sizes.ts';
import { type ReadingTools, reportMisfit, type Slot } from './slot.ts';
import { readWord } from './words.ts';

export type { ReadingTools } from './slot.ts';
export { isWord } from './words.ts';

/** Converts an expression into a value that its property accepts. undefined after an error, which is reported. */
export function readValue(
  property: PropertySchema,
  node: Expression,
  scope: Scope,
  tools: ReadingTools,
  inherited?: SettingValue,
): SettingValue | undefined {
  if (node.kind === 'missing') return undefined;
  const slot: Slot = { property, node, scope, inherited };
  const { type } = property;
  switch (type.kind) {
    case 'quantity':
      return readQuantity(slot, type, tools);
    case 'word': {
      const word = readWord(slot, type.words, tools);
      return word && { kind: 'word', word: word.name };
    }
    case 'flag': {
      const word = readWord(slot, flagWords, tools);
      return word && { kind: 'flag', on: word.name === 'yes' };
    }
    case 'text':
      if (node.kind === 'text') return { kind: 'text', text: node.value };
      return reportMisfit(slot, 'text between double quotes', tools);
    case 'seed':
      return readSeed(slot, tools);
    case 'reference': {
      const declaration = readReference(slot, type.to, tools);
      return declaration && { kind: 'reference', declaration };
    }
    case 'form':
      return readForm(slot, type, tools);
    case 'pair':
      return readPair(slot, type, tools);
    case 'shape':
      return readShape(slot, tools, type.open);
    case 'padding':
      return readPadding(slot, tools);
    case 'numbers':
      return readNumbers(slot, type, tools);
    case 'layers':
    case 'variants':
      return { kind: 'syntax', expression: node };
    default:
      return assertNever(type);
  }
}

const flagWords: readonly WordSchema[] = [
  { name: 'yes', documentation: 'On.' },
  { name: 'no', documentation: 'Off.' },
];

/** A seed keeps its digits as text, because it can have more digits than a double can represent. */
function readSeed(slot: Slot, tools: ReadingTools): SettingValue | undefined {
  const value = tools.evaluator.evaluate(slot.node, slot.scope);
  if (value === undefined) return undefined;
  if (value.kind === 'quantity' && value.digits !== undefined && /^[0-9_]{1,26}$/u.test(value.digits)) {
    const digits = value.digits.replaceAll('_', '');
    if (BigInt(digits) < 2n ** 64n) return { kind: 'seed', digits };
  }
  return reportMisfit(slot, 'a whole number of at most 64 bits', tools);
}

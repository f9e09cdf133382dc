import type { Padding, Pair } from '../../../design/index.ts';
import { valueMessages } from '../../messages/index.ts';
import type { WordSchema } from '../../schema/index.ts';
import { suggest } from '../../suggest.ts';
import { plain, sameDimension } from '../../units/index.ts';
import { originOf } from '../checked-file.ts';
import { fixesTo } from '../fixes.ts';
import type { SettingValue } from '../settings.ts';
import { type ReadingTools, reportMisfit, type Slot } from './slot.ts';
import { isWord } from './words.ts';

/** The largest side of a kernel or padding, in pixels. Our assumption: no network uses more. */
const largestSide = 65536;

/** Reads a shape: `224 x 224 x 3`. */
export function readShape(slot: Slot, tools: ReadingTools): SettingValue | undefined {
  const factors = readFactors(slot, tools);
  if (factors === undefined) return undefined;
  if (
    factors !== 'misfit' &&
    factors.every((one) => Number.isInteger(one) && one >= 1) &&
    factors.reduce((all, one) => all * one, 1) < 2 ** 40
  ) {
    return { kind: 'shape', shape: factors };
  }
  return reportMisfit(slot, 'a shape of whole numbers, 1 or greater, such as 224 x 224 x 3 or 1000', tools);
}

/** Reads a pair: `3 x 3`, or `3` for both sides. */
export function readPair(slot: Slot, minimum: number, tools: ReadingTools): SettingValue | undefined {
  const factors = readFactors(slot, tools);
  if (factors === undefined) return undefined;
  const pair = factors === 'misfit' ? undefined : asPair(factors);
  if (pair !== undefined && pair.height >= minimum && pair.width >= minimum) return { kind: 'pair', pair };
  return reportMisfit(slot, `one or two whole numbers, ${minimum} or greater, such as 3 x 3 or 2`, tools);
}

const paddingWords: readonly WordSchema[] = [
  { name: 'same', documentation: 'Adds as many zeros as needed for an output of ceil(size / stride).' },
  { name: 'valid', documentation: 'No padding.' },
];
const paddingForms = "'same', 'valid', one or two whole numbers such as 1 or 1 x 2, or [top, bottom, left, right]";

/** Reads padding: `same`, `1`, `1 x 2`, `[1, 1, 2, 2]`. */
export function readPadding(slot: Slot, tools: ReadingTools): SettingValue | undefined {
  const { property, node, scope } = slot;
  const word = paddingWords.find((one) => isWord(node, one.name));
  if (word !== undefined) {
    scope.file.facts.push({ kind: 'word', start: node.start, end: node.end, word });
    return { kind: 'padding', padding: word.name === 'same' ? 'same' : { top: 0, bottom: 0, left: 0, right: 0 } };
  }
  const name = node.kind === 'path' ? node.parts[0]?.text : undefined;
  const close = name === undefined ? undefined : suggest(name, ['same', 'valid']);
  if (name !== undefined && close !== undefined && !isKnown(name, slot)) {
    const origin = originOf(scope.file, node);
    const message = valueMessages.unknownPadding({ name: property.name, wanted: paddingForms, close });
    tools.reporter.report(origin, message, { fixes: fixesTo(origin, close) });
    return undefined;
  }
  const factors = readFactors(slot, tools);
  if (factors === undefined) return undefined;
  const sides = factors === 'misfit' ? undefined : asSides(factors);
  if (sides !== undefined) return { kind: 'padding', padding: sides };
  return reportMisfit(slot, paddingForms, tools);
}

function isKnown(name: string, { scope }: Slot): boolean {
  return scope.parameters?.has(name) === true || scope.file.visible.has(name);
}

function asSides(factors: readonly number[]): Padding | undefined {
  const pair = asPair(factors);
  if (pair !== undefined) return { top: pair.height, bottom: pair.height, left: pair.width, right: pair.width };
  const [top, bottom, left, right] = factors;
  if (factors.length !== 4 || !factors.every(isSide)) return undefined;
  if (top === undefined || bottom === undefined || left === undefined || right === undefined) return undefined;
  return { top, bottom, left, right };
}

function asPair(factors: readonly number[]): Pair | undefined {
  const [height, width = height] = factors;
  if (factors.length > 2 || height === undefined || width === undefined) return undefined;
  return isSide(height) && isSide(width) ? { height, width } : undefined;
}

function isSide(size: number): boolean {
  return Number.isInteger(size) && size >= 0 && size <= largestSide;
}

/** `3 x 3`, `[1, 1, 2, 2]` or `3` as plain numbers. undefined after an error, which is reported. */
function readFactors({ node, scope }: Slot, { evaluator }: ReadingTools): readonly number[] | 'misfit' | undefined {
  const value = evaluator.evaluate(node, scope);
  if (value === undefined) return undefined;
  if (value.kind === 'dimensions') return value.factors;
  const items = value.kind === 'list' ? value.items : [value];
  const factors: number[] = [];
  for (const item of items) {
    if (item === undefined) return undefined;
    if (item.kind !== 'quantity' || !sameDimension(item.dimension, plain)) return 'misfit';
    factors.push(item.value);
  }
  return factors;
}

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
export function readShape(slot: Slot, tools: ReadingTools, open?: WordSchema): SettingValue | undefined {
  const { node, scope } = slot;
  if (open !== undefined && isWord(node, open.name) && !isKnown(open.name, slot)) {
    scope.file.facts.push({ kind: 'word', start: node.start, end: node.end, word: open });
    return { kind: 'shape', shape: [1], isOpen: true };
  }
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

/** Reads a pair: `3 x 3`, or `3` for both sides. Where `most` is 3, also `3 x 3 x 3`. */
export function readPair(
  slot: Slot,
  { minimum, most = 2 }: { readonly minimum: number; readonly most?: number },
  tools: ReadingTools,
): SettingValue | undefined {
  const factors = readFactors(slot, tools);
  if (factors === undefined) return undefined;
  const sizes = factors === 'misfit' || factors.length > most || !factors.every(isSide) ? [] : factors;
  const [height, width = height] = sizes;
  if (height !== undefined && width !== undefined && sizes.every((size) => size >= minimum)) {
    return { kind: 'pair', pair: { height, width }, sizes };
  }
  const wanted =
    most === 2
      ? `one or two whole numbers, ${minimum} or greater, such as 3 x 3 or 2`
      : `one to three whole numbers, ${minimum} or greater, such as 3 x 3 or 2`;
  return reportMisfit(slot, wanted, tools);
}

const paddingWords: readonly WordSchema[] = [
  { name: 'same', documentation: 'Adds as many zeros as needed for an output of ceil(size / stride).' },
  { name: 'valid', documentation: 'No padding.' },
];
/** One number for all ends, one for each of two or three directions, or one for each end of two or three directions. */
const paddingLengths: readonly number[] = [1, 2, 3, 4, 6];
const paddingForms = "'same', 'valid', one or two whole numbers such as 1 or 1 x 2, or [top, bottom, left, right]";

/** Reads padding: `same`, `1`, `1 x 2`, `[1, 1, 2, 2]`. */
export function readPadding(slot: Slot, tools: ReadingTools): SettingValue | undefined {
  const { property, node, scope } = slot;
  const word = paddingWords.find((one) => isWord(node, one.name));
  if (word !== undefined) {
    scope.file.facts.push({ kind: 'word', start: node.start, end: node.end, word });
    return { kind: 'padding', ends: word.name === 'same' ? 'same' : [0] };
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
  const isKnownForm = factors !== 'misfit' && paddingLengths.includes(factors.length) && factors.every(isSide);
  if (isKnownForm) return { kind: 'padding', ends: factors };
  return reportMisfit(slot, paddingForms, tools);
}

function isKnown(name: string, { scope }: Slot): boolean {
  return scope.parameters?.has(name) === true || scope.file.visible.has(name);
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

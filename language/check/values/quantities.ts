import { quoted } from '../../../design/index.ts';
import { valueMessages } from '../../messages/index.ts';
import type { QuantityType } from '../../schema/index.ts';
import {
  describeDimension,
  dimensions,
  dimensionWords,
  formatPercent,
  formatQuantity,
  plain,
  sameDimension,
} from '../../units/index.ts';
import { originOf } from '../checked-file.ts';
import type { Value } from '../scope.ts';
import type { SettingValue } from '../settings.ts';
import { nearUnits, unitsFor } from '../unit-offers.ts';
import { type ReadingTools, reportMisfit, type Slot } from './slot.ts';
import { isWord } from './words.ts';

type Quantity = Value & { readonly kind: 'quantity' };

/** Reads a number with the dimension and the bounds of the schema, or a word that represents a number. */
export function readQuantity(slot: Slot, type: QuantityType, tools: ReadingTools): SettingValue | undefined {
  const { node, scope } = slot;
  const word = type.words?.find((one) => isWord(node, one.name));
  if (word !== undefined) {
    scope.file.facts.push({ kind: 'word', start: node.start, end: node.end, word });
    return { kind: 'quantity', value: word.value, dimension: dimensions[type.dimensions[0]] };
  }
  const factor = factorOf(slot);
  if (factor !== undefined && !type.dimensions.includes('ratio')) {
    if (slot.inherited !== undefined) return readRelative(slot, type, factor, tools);
    if (!type.dimensions.includes('number')) {
      const { phrase, example } = dimensionWords[type.dimensions[0]];
      const message = valueMessages.relativeToNothing({ name: slot.property.name, phrase, example });
      tools.reporter.report(originOf(scope.file, node), message);
      return undefined;
    }
  }
  const written = tools.evaluator.evaluate(node, scope);
  if (written === undefined) return undefined;
  if (written.kind !== 'quantity') {
    const { phrase, example } = dimensionWords[type.dimensions[0]];
    return reportMisfit(slot, `${phrase}, such as ${example}`, tools);
  }
  const { value, dimension } = written;
  if (!type.dimensions.some((name) => sameDimension(dimensions[name], dimension))) {
    return reportDimension(slot, type, written, tools);
  }
  scope.file.facts.push({ kind: 'value', start: node.start, end: node.end, value, dimension });
  return inBounds(slot, type, written, tools) ? { kind: 'quantity', value, dimension } : undefined;
}

/** The factor of `0.5 x`, and of `50 %` where there is an inherited value that is not a ratio. */
function factorOf({ node, inherited }: Slot): number | undefined {
  if (node.kind !== 'quantity') return undefined;
  if (node.unit?.text === 'x') return node.number;
  return node.unit?.text === '%' && inherited !== undefined ? node.number / 100 : undefined;
}

/** Reads `0.5 x` or `50 %` in an extending npu: half of the inherited value. */
function readRelative(slot: Slot, type: QuantityType, factor: number, tools: ReadingTools): SettingValue | undefined {
  const { node, scope, inherited } = slot;
  if (inherited?.kind !== 'quantity') return undefined;
  const { dimension } = inherited;
  // Fifteen digits, as for every written quantity: 0.1 x of 3 GB is 300 MB.
  const value = Number((inherited.value * factor).toPrecision(15));
  scope.file.facts.push({ kind: 'value', start: node.start, end: node.end, value, dimension });
  return inBounds(slot, type, { kind: 'quantity', value, dimension }, tools)
    ? { kind: 'quantity', value, dimension }
    : undefined;
}

function reportDimension(slot: Slot, type: QuantityType, written: Quantity, { reporter }: ReadingTools): undefined {
  const { property, node, scope } = slot;
  const origin = originOf(scope.file, node);
  const { phrase, example } = dimensionWords[type.dimensions[0]];
  const bare = sameDimension(written.dimension, plain);
  const literal = node.kind === 'quantity' ? node : undefined;
  const cancels = bare && literal?.unit?.text.includes('/') === true;
  const facts = { name: property.name, phrase, example };
  const message = cancels
    ? valueMessages.unitsCancel({ ...facts, unit: literal.unit?.text ?? '' })
    : bare
      ? valueMessages.missingUnit(facts)
      : valueMessages.otherUnit({ ...facts, got: describeDimension(written.dimension) });
  const units = literal === undefined ? [] : bare ? unitsFor(type) : nearUnits(literal.unit?.text ?? '', type);
  const fixes = units.slice(0, 4).map((unit) => {
    const digits = literal?.digits ?? '';
    const text = unit === '' ? digits : `${digits} ${unit}`;
    return { title: `Write ${quoted(text)}`, edits: [{ origin, newText: text }] };
  });
  reporter.report(origin, message, { fixes });
  return undefined;
}

/** Whether the schema allows the value. If not, this reports an error. */
function inBounds(slot: Slot, type: QuantityType, { value, dimension }: Quantity, { reporter }: ReadingTools): boolean {
  const named = type.dimensions.find((name) => sameDimension(dimensions[name], dimension));
  const { minimum, maximum } = (named && type.boundsOf?.[named]) ?? type;
  const { above } = type;
  const isWhole = type.integer !== true || Number.isInteger(value);
  const isBelow = (minimum !== undefined && value < minimum) || (above !== undefined && value <= above);
  const isOver = maximum !== undefined && value > maximum;
  if (isWhole && !isBelow && !isOver) return true;
  const { property, node, scope } = slot;
  const isRatio = type.dimensions[0] === 'ratio';
  const show = (limit: number): string => (isRatio ? formatPercent(limit) : formatQuantity(limit, dimension));
  const report = (rule: string, close?: string): void => {
    const origin = originOf(scope.file, node);
    const message = valueMessages.outOfRange({ name: property.name, rule, value: show(value), close });
    const fixes = close === undefined ? [] : [{ title: `Write ${quoted(close)}`, edits: [{ origin, newText: close }] }];
    reporter.report(origin, message, { fixes });
  };
  if (!isWhole) report('a whole number');
  else if (isOver && isRatio && node.kind === 'quantity' && node.unit === undefined && value <= 100) {
    // `80` instead of `80 %`.
    report(`at most ${show(maximum)}`, `${node.digits} %`);
  } else if (minimum !== undefined && maximum !== undefined) report(`from ${show(minimum)} to ${show(maximum)}`);
  else if (isOver) report(`at most ${show(maximum)}`);
  else report(above === undefined ? `at least ${show(minimum ?? 0)}` : `more than ${show(above)}`);
  return false;
}

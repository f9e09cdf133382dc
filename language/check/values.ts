import { assertNever, type Pair } from '../../design/index.ts';
import type { BlockSchema, PropertySchema, QuantityType, ValueType, WordSchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Application, Expression, Path } from '../syntax/index.ts';
import {
  type Dimension,
  describeDimension,
  dimensions,
  dimensionWords,
  findUnit,
  formatPercent,
  formatQuantity,
  plain,
  sameDimension,
} from '../units/index.ts';
import { didYouMean, oneOf, originOf, type Reporter, reportFormer } from './context.ts';
import type { Evaluator, Scope, Value } from './evaluate.ts';
import type { Settings, SettingValue } from './settings.ts';
import { nearUnits, unitsFor } from './unit-offers.ts';

/** Reads a form's parameters; handed in, because blocks hold values and values hold blocks. */
export type ReadForm = (schema: BlockSchema, node: Path | Application, scope: Scope) => Settings;

/** Turns expressions into values that fit their property, or says why they do not. */
export class ValueReader {
  private readonly reporter: Reporter;
  private readonly evaluator: Evaluator;
  private readonly readForm: ReadForm;

  constructor(reporter: Reporter, evaluator: Evaluator, readForm: ReadForm) {
    this.reporter = reporter;
    this.evaluator = evaluator;
    this.readForm = readForm;
  }

  /** undefined: it does not fit, and that was reported. */
  read(property: PropertySchema, node: Expression, scope: Scope): SettingValue | undefined {
    if (node.kind === 'missing') return undefined;
    const type = property.type;
    switch (type.kind) {
      case 'quantity':
        return this.quantity(property, type, node, scope);
      case 'word': {
        const word = this.word(property, type.words, node, scope);
        return word && { kind: 'word', word: word.name };
      }
      case 'flag': {
        const word = this.word(property, flagWords, node, scope);
        return word && { kind: 'flag', on: word.name === 'yes' };
      }
      case 'text':
        if (node.kind === 'text') return { kind: 'text', text: node.value };
        return this.misfit(property, node, scope, 'text between double quotes');
      case 'seed': {
        const value = this.evaluator.evaluate(node, scope);
        if (value === undefined) return undefined;
        if (value.kind === 'quantity' && value.digits !== undefined && /^[0-9_]{1,26}$/u.test(value.digits)) {
          const digits = value.digits.replaceAll('_', '');
          if (BigInt(digits) < 2n ** 64n) return { kind: 'seed', digits };
        }
        return this.misfit(property, node, scope, 'a whole number of at most 64 bits');
      }
      case 'reference': {
        if (node.kind !== 'path' || node.parts.length !== 1 || node.parts[0] === undefined) {
          return this.misfit(property, node, scope, `the name of a ${type.to}`);
        }
        const declaration = this.evaluator.lookUp(node.parts[0], scope, type.to);
        return declaration && { kind: 'reference', declaration };
      }
      case 'form':
        return this.form(property, type, node, scope);
      case 'pair':
        return this.pair(property, type.minimum, node, scope);
      case 'shape': {
        const factors = this.factors(node, scope);
        if (factors === undefined) return undefined;
        if (
          factors !== 'misfit' &&
          factors.every((one) => Number.isInteger(one) && one >= 1) &&
          product(factors) < 2 ** 40
        ) {
          return { kind: 'shape', shape: factors };
        }
        return this.misfit(property, node, scope, 'a shape of whole numbers from 1, such as 224 x 224 x 3 or 1000');
      }
      case 'padding':
        return this.padding(property, node, scope);
      case 'layers':
      case 'variants':
        return { kind: 'syntax', expression: node };
      default:
        return assertNever(type);
    }
  }

  private quantity(
    property: PropertySchema,
    type: QuantityType,
    node: Expression,
    scope: Scope,
  ): SettingValue | undefined {
    const word = type.words?.find((one) => isWord(node, one.name));
    if (word !== undefined) {
      scope.file.facts.push({ kind: 'word', start: node.start, end: node.end, word });
      return { kind: 'quantity', value: word.value, dimension: dimensions[type.dimensions[0]] };
    }
    const value = this.evaluator.evaluate(node, scope);
    if (value === undefined) return undefined;
    const [wanted] = type.dimensions;
    if (value.kind !== 'quantity') {
      const { phrase, example } = dimensionWords[wanted];
      return this.misfit(property, node, scope, `${phrase}, such as ${example}`);
    }
    if (!type.dimensions.some((name) => sameDimension(dimensions[name], value.dimension))) {
      this.wrongDimension(property, type, node, scope, value);
      return undefined;
    }
    scope.file.facts.push({
      kind: 'value',
      start: node.start,
      end: node.end,
      value: value.value,
      dimension: value.dimension,
    });
    return this.inBounds(property, type, node, scope, value.value, value.dimension);
  }

  private wrongDimension(
    property: PropertySchema,
    type: QuantityType,
    node: Expression,
    scope: Scope,
    value: Value & { readonly kind: 'quantity' },
  ): void {
    const origin = originOf(scope.file, node);
    const [wanted] = type.dimensions;
    const { phrase, example } = dimensionWords[wanted];
    const bare = sameDimension(value.dimension, plain);
    const got = bare ? 'this number has no unit' : `this is ${describeDimension(value.dimension)}`;
    const literal = node.kind === 'quantity' ? node : undefined;
    const units = literal === undefined ? [] : bare ? unitsFor(type) : nearUnits(literal.unit?.text ?? '', type);
    this.reporter.report(
      origin,
      bare ? 'missing-unit' : 'unit-mismatch',
      `'${property.name}' takes ${phrase}, such as ${example}; ${got}`,
      {
        fixes: units.slice(0, 4).map((unit) => {
          const digits = literal?.digits ?? '';
          const text = unit === '' ? digits : `${digits} ${unit}`;
          return { title: `Write '${text}'`, edits: [{ origin, newText: text }] };
        }),
      },
    );
  }

  private inBounds(
    property: PropertySchema,
    type: QuantityType,
    node: Expression,
    scope: Scope,
    value: number,
    dimension: Dimension,
  ): SettingValue | undefined {
    const origin = originOf(scope.file, node);
    const isRatio = type.dimensions[0] === 'ratio';
    const show = (limit: number): string => (isRatio ? formatPercent(limit) : formatQuantity(limit, dimension));
    const fail = (rule: string, newText?: string): undefined => {
      this.reporter.report(
        origin,
        'out-of-range',
        `'${property.name}' must be ${rule}; this is ${show(value)}${newText === undefined ? '' : `; did you mean ${newText}?`}`,
        {
          fixes: newText === undefined ? [] : [{ title: `Write '${newText}'`, edits: [{ origin, newText }] }],
        },
      );
      return undefined;
    };
    if (type.integer === true && !Number.isInteger(value)) return fail('a whole number');
    const { minimum, maximum, above } = type;
    const below = (minimum !== undefined && value < minimum) || (above !== undefined && value <= above);
    const over = maximum !== undefined && value > maximum;
    if (!below && !over) return { kind: 'quantity', value, dimension };
    if (over && isRatio && node.kind === 'quantity' && node.unit === undefined && value <= 100) {
      const percent = `${node.digits} %`;
      return fail(`at most ${show(maximum)}`, percent);
    }
    if (minimum !== undefined && maximum !== undefined) return fail(`from ${show(minimum)} to ${show(maximum)}`);
    if (over) return fail(`at most ${show(maximum)}`);
    return above === undefined ? fail(`at least ${show(minimum ?? 0)}`) : fail(`more than ${show(above)}`);
  }

  private word(
    property: PropertySchema,
    words: readonly WordSchema[],
    node: Expression,
    scope: Scope,
  ): WordSchema | undefined {
    const origin = originOf(scope.file, node);
    const names = words.map((word) => word.name);
    const path = node.kind === 'path' ? node : node.kind === 'application' ? node.path : undefined;
    if (path === undefined) {
      this.reporter.report(origin, 'unexpected-value', `'${property.name}' takes ${oneOf(names)}`);
      return undefined;
    }
    const written = path.parts.map((part) => part.text).join('.');
    const found = words.find((word) => word.name === written || word.formerly?.includes(written) === true);
    if (found !== undefined && found.name !== written)
      reportFormer(this.reporter, originOf(scope.file, path), written, found.name);
    if (found === undefined) {
      const { text, fixes } = didYouMean(originOf(scope.file, path), suggest(written, names));
      const message = `'${written}' is not a value of '${property.name}', which takes ${oneOf(names)}${text}`;
      this.reporter.report(originOf(scope.file, path), 'unknown-word', message, { fixes });
      return undefined;
    }
    if (node.kind === 'application') {
      this.reporter.report(origin, 'unexpected-value', `'${written}' takes nothing behind it`);
    }
    scope.file.facts.push({ kind: 'word', start: path.start, end: path.end, word: found });
    return found;
  }

  private form(
    property: PropertySchema,
    type: ValueType & { readonly kind: 'form' },
    node: Expression,
    scope: Scope,
  ): SettingValue | undefined {
    const path = node.kind === 'path' ? node : node.kind === 'application' ? node.path : undefined;
    const written = path?.parts.map((part) => part.text).join('.');
    const form = type.forms.find((one) => one.keyword === written);
    if (form !== undefined && path !== undefined && (node.kind === 'path' || node.kind === 'application')) {
      scope.file.facts.push({ kind: 'block', start: path.start, end: path.end, schema: form });
      return { kind: 'form', form: form.keyword, settings: this.readForm(form, node, scope) };
    }
    const names = type.forms.map((one) => one.keyword);
    const isLet =
      node.kind === 'path' && (scope.file.visible.has(written ?? '') || scope.parameters?.has(written ?? ''));
    if (type.quantity !== undefined && (path === undefined || isLet)) {
      return this.quantity(property, type.quantity, node, scope);
    }
    const origin = originOf(scope.file, path ?? node);
    if (written === undefined) {
      const call = this.callOf(type, node, scope);
      const meant = call === undefined ? undefined : didYouMean(origin, call);
      this.reporter.report(
        origin,
        'unexpected-value',
        `'${property.name}' takes ${oneOf(names)}${meant?.text ?? ''}`,
        meant === undefined ? {} : { fixes: meant.fixes },
      );
      return undefined;
    }
    const { text, fixes } = didYouMean(origin, suggest(written, names));
    const quantity = type.quantity === undefined ? '' : `, or ${dimensionWords[type.quantity.dimensions[0]].phrase}`;
    const message = `'${written}' is not a value of '${property.name}', which takes ${oneOf(names)}${quantity}${text}`;
    this.reporter.report(origin, 'unknown-word', message, { fixes });
    return undefined;
  }

  /** `arrivals: 10 rps`: the first form that takes such a quantity first, called with it. */
  private callOf(type: ValueType & { readonly kind: 'form' }, node: Expression, scope: Scope): string | undefined {
    const unit = node.kind === 'quantity' ? findUnit(node.unit?.text ?? '') : undefined;
    if (unit === undefined) return undefined;
    const form = type.forms.find(({ properties: [first] }) =>
      first?.type.kind === 'quantity' ? sameDimension(dimensions[first.type.dimensions[0]], unit.dimension) : false,
    );
    return form && `${form.keyword}(${scope.file.tree.text.slice(node.start, node.end)})`;
  }

  private pair(property: PropertySchema, minimum: number, node: Expression, scope: Scope): SettingValue | undefined {
    const factors = this.factors(node, scope);
    if (factors === undefined) return undefined;
    const pair = factors === 'misfit' ? undefined : asPair(factors);
    if (pair !== undefined && pair.height >= minimum && pair.width >= minimum) return { kind: 'pair', pair };
    return this.misfit(property, node, scope, `one or two whole numbers from ${minimum}, such as 3 x 3 or 2`);
  }

  private padding(property: PropertySchema, node: Expression, scope: Scope): SettingValue | undefined {
    if (isWord(node, 'same') || isWord(node, 'valid')) {
      const word = paddingWords.find((one) => isWord(node, one.name));
      if (word !== undefined) scope.file.facts.push({ kind: 'word', start: node.start, end: node.end, word });
      return { kind: 'padding', padding: isWord(node, 'same') ? 'same' : { top: 0, bottom: 0, left: 0, right: 0 } };
    }
    const wanted = "'same', 'valid', one or two whole numbers such as 1 or 1 x 2, or [top, bottom, left, right]";
    const close = node.kind === 'path' ? suggest(node.parts[0]?.text ?? '', ['same', 'valid']) : undefined;
    if (close !== undefined && !this.isValue(node, scope)) {
      const origin = originOf(scope.file, node);
      const { text, fixes } = didYouMean(origin, close);
      this.reporter.report(origin, 'unknown-word', `'${property.name}' takes ${wanted}${text}`, { fixes });
      return undefined;
    }
    const factors = this.factors(node, scope);
    if (factors === undefined) return undefined;
    if (factors !== 'misfit' && factors.every((one) => Number.isInteger(one) && one >= 0 && one <= 65536)) {
      const pair = asPair(factors);
      if (pair !== undefined) {
        return {
          kind: 'padding',
          padding: { top: pair.height, bottom: pair.height, left: pair.width, right: pair.width },
        };
      }
      const [top, bottom, left, right] = factors;
      if (
        factors.length === 4 &&
        top !== undefined &&
        bottom !== undefined &&
        left !== undefined &&
        right !== undefined
      ) {
        return { kind: 'padding', padding: { top, bottom, left, right } };
      }
    }
    return this.misfit(property, node, scope, wanted);
  }

  private isValue(node: Expression, scope: Scope): boolean {
    const name = node.kind === 'path' ? (node.parts[0]?.text ?? '') : '';
    return scope.parameters?.has(name) === true || scope.file.visible.has(name);
  }

  /** `3 x 3`, `[1, 1, 2, 2]` or `3` as plain numbers. undefined: wrong, and reported. */
  private factors(node: Expression, scope: Scope): readonly number[] | 'misfit' | undefined {
    const value = this.evaluator.evaluate(node, scope);
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

  private misfit(property: PropertySchema, node: Expression, scope: Scope, wanted: string): undefined {
    this.reporter.report(originOf(scope.file, node), 'unexpected-value', `'${property.name}' takes ${wanted}`);
    return undefined;
  }
}

export const flagWords: readonly WordSchema[] = [
  { name: 'yes', documentation: 'On.' },
  { name: 'no', documentation: 'Off.' },
];

export const paddingWords: readonly WordSchema[] = [
  { name: 'same', documentation: 'As many zeros as make the output ceil(size / stride).' },
  { name: 'valid', documentation: 'None.' },
];

export function isWord(node: Expression, word: string): boolean {
  return node.kind === 'path' && node.parts.length === 1 && node.parts[0]?.text === word;
}

function asPair(factors: readonly number[]): Pair | undefined {
  const [height, width = height] = factors;
  if (factors.length > 2 || height === undefined || width === undefined) return undefined;
  const fits = (one: number): boolean => Number.isInteger(one) && one >= 0 && one <= 65536;
  return fits(height) && fits(width) ? { height, width } : undefined;
}

function product(factors: readonly number[]): number {
  return factors.reduce((all, one) => all * one, 1);
}

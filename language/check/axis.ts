import type { ExplorationAxis, ExplorationValue } from '../../design/index.ts';
import { explorationMessages, settingNotes } from '../messages/index.ts';
import type { PropertySchema } from '../schema/index.ts';
import { displayText, type Expression } from '../syntax/index.ts';
import { describeDimension, plain, sameDimension } from '../units/index.ts';
import type { BlockReader } from './blocks.ts';
import { type Declaration, originOf } from './checked-file.ts';
import { factorOf, rangeSteps } from './range.ts';
import type { Reporter } from './reporter.ts';
import type { Scope, Value } from './scope.ts';
import type { Settings, SettingValue } from './settings.ts';
import { type VariedProperty, variedTarget } from './varied-target.ts';

/** The target of one `vary` and its values, all of one kind and in the order of `shown`. */
export type Axis =
  | {
      readonly kind: 'let';
      readonly declaration: Declaration;
      readonly values: readonly Value[];
      /** The value of the `let` itself. */
      readonly written: Value | undefined;
      readonly shown: ExplorationAxis;
    }
  | {
      readonly kind: 'property';
      readonly declaration: Declaration;
      /** Keys of the blocks from the declaration to the property. */
      readonly blocks: readonly string[];
      /** The property with the form that contains `property`: `arrivals` of `arrivals.rate`. */
      readonly form?: PropertySchema;
      readonly property: PropertySchema;
      readonly values: readonly SettingValue[];
      readonly shown: ExplorationAxis;
    };

/** Reads one `vary`. undefined after an error, which is reported. */
export function readAxis(
  vary: Settings,
  reader: BlockReader,
  reporter: Reporter,
  valueBefore: (place: VariedProperty) => SettingValue | undefined,
): Axis | undefined {
  const { scope, statement } = vary;
  if (statement === undefined) return undefined;
  const { subject } = statement;
  const path = subject?.kind === 'path' ? subject : undefined;
  if (path === undefined) {
    reporter.report(vary.head, explorationMessages.missingPath());
  }
  const target = path && variedTarget(path, scope, reader, reporter);
  const written = statement.clauses.find((clause) => clause.keyword.text === 'in')?.value;
  if (written === undefined) {
    reporter.report(vary.head, explorationMessages.missingValues());
    return undefined;
  }
  if (target === undefined || path === undefined) return undefined;
  const show = (shown: readonly ExplorationValue[]): ExplorationAxis => ({
    path: path.parts.map((part) => part.text).join('.'),
    values: shown,
    origin: originOf(scope.file, statement),
  });
  if (target.kind === 'let') {
    const own = reader.evaluator.letValue(target.declaration);
    const read = readValues<Value>(written, scope, reporter, {
      read: (node) => valueOfLet(node, own, target.declaration, scope, reader, reporter),
      evaluate: (node) => reader.evaluator.evaluate(node, scope),
      isInteger: own?.kind === 'quantity' && sameDimension(own.dimension, plain) && Number.isInteger(own.value),
      isShare: false,
      base: own?.kind === 'quantity' && !sameDimension(own.dimension, plain) ? own.value : undefined,
    });
    return read && { ...target, values: read.values, written: own, shown: show(read.shown) };
  }
  const { property } = target;
  const { type } = property;
  // A ratio has the unit `x` itself.
  const isScaled = type.kind === 'quantity' && !type.dimensions.includes('ratio') && hasFactor(written);
  const before = isScaled ? valueBefore(target) : undefined;
  if (isScaled && before === undefined) {
    const name = path.parts.map((part) => part.text).join('.');
    reporter.report(originOf(scope.file, written), explorationMessages.nothingToScale({ name }));
    return undefined;
  }
  const read = readValues<SettingValue>(written, scope, reporter, {
    read: (node) => reader.readValue(property, node, scope, before),
    evaluate: (node) => reader.evaluator.evaluate(node, scope),
    isInteger: type.kind === 'quantity' && type.integer === true,
    isShare: type.kind === 'quantity' && type.dimensions[0] === 'ratio',
    base: before?.kind === 'quantity' ? before.value : undefined,
  });
  return read && { ...target, values: read.values, shown: show(read.shown) };
}

interface Reading<T> {
  readonly read: (node: Expression) => T | undefined;
  readonly evaluate: (node: Expression) => Value | undefined;
  readonly isInteger: boolean;
  /** Shown as a percentage. */
  readonly isShare: boolean;
  /** See RangeReading. */
  readonly base: number | undefined;
}

/** Whether one of the values is a factor: `0.5 x`. */
function hasFactor(written: Expression): boolean {
  if (written.kind === 'range') return factorOf(written.from) !== undefined || factorOf(written.to) !== undefined;
  return written.kind === 'list' ? written.items.some(hasFactor) : factorOf(written) !== undefined;
}

interface AxisValues<T> {
  readonly values: readonly T[];
  readonly shown: readonly ExplorationValue[];
}

function readValues<T extends SettingValue | Value>(
  written: Expression,
  scope: Scope,
  reporter: Reporter,
  { read, evaluate, isInteger, isShare, base }: Reading<T>,
): AxisValues<T> | undefined {
  if (written.kind === 'range') {
    const steps = rangeSteps(written, scope, reporter, {
      read: (node) => {
        const value = read(node);
        return value?.kind === 'quantity' ? value : undefined;
      },
      evaluate,
      isInteger,
      isShare,
      base,
    });
    if (steps === undefined) return undefined;
    // A quantity has the same fields in both kinds of values.
    const values = steps.map(({ value, dimension }) => ({ kind: 'quantity', value, dimension }) as T);
    return { values, shown: steps.map(({ text, value }) => ({ text, value })) };
  }
  const items = written.kind === 'list' ? written.items : [written];
  if (items.length === 0) {
    reporter.report(originOf(scope.file, written), explorationMessages.emptyList());
    return undefined;
  }
  const values: T[] = [];
  const shown: ExplorationValue[] = [];
  const first = new Map<string, Expression>();
  for (const item of items) {
    const value = read(item);
    if (value === undefined) continue;
    const text = displayText(scope.file.tree, item.start, item.end);
    const key = value.kind === 'quantity' ? `${value.value}` : text;
    const twin = first.get(key);
    if (twin !== undefined) {
      reporter.report(originOf(scope.file, item), explorationMessages.duplicateValue({ value: text }), {
        related: [{ message: settingNotes.firstHere({}).text, origin: originOf(scope.file, twin) }],
      });
      return undefined;
    }
    first.set(key, item);
    values.push(value);
    shown.push({ text, value: value.kind === 'quantity' ? value.value : null });
  }
  return values.length === items.length ? { values, shown } : undefined;
}

/** Reads a value that replaces the value of a `let`. It must have the same kind and dimension, because the uses of the `let` depend on them. */
function valueOfLet(
  node: Expression,
  own: Value | undefined,
  { name }: Declaration,
  scope: Scope,
  reader: BlockReader,
  reporter: Reporter,
): Value | undefined {
  const factor = own?.kind === 'quantity' && !sameDimension(own.dimension, plain) ? factorOf(node) : undefined;
  if (factor !== undefined && own?.kind === 'quantity') {
    return { kind: 'quantity', value: Number((own.value * factor).toPrecision(15)), dimension: own.dimension };
  }
  const value = reader.evaluator.evaluate(node, scope);
  if (value === undefined || own === undefined) return undefined;
  if (value.kind === 'quantity' && own.kind === 'quantity') {
    if (sameDimension(value.dimension, own.dimension)) {
      const { dimension } = value;
      scope.file.facts.push({ kind: 'value', start: node.start, end: node.end, value: value.value, dimension });
      return value;
    }
    const [wanted, got] = [describeDimension(own.dimension), describeDimension(value.dimension)];
    reporter.report(originOf(scope.file, node), explorationMessages.otherUnitThanLet({ name, wanted, got }));
    return undefined;
  }
  if (value.kind === own.kind) return value;
  const [wanted, got] = [kindWords[own.kind], kindWords[value.kind]];
  reporter.report(originOf(scope.file, node), explorationMessages.otherKindThanLet({ name, wanted, got }));
  return undefined;
}

const kindWords: Readonly<Record<Value['kind'], string>> = {
  quantity: 'a quantity',
  dimensions: 'a shape',
  text: 'text',
  list: 'a list',
};

import type { ExplorationAxis, ExplorationValue } from '../../design/index.ts';
import { arrayMessages, explorationMessages, settingNotes } from '../messages/index.ts';
import { type BlockSchema, npuSchema, type PropertySchema, scenarioSchema, schedulerSchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import { displayText, type Expression, type Name, type Path } from '../syntax/index.ts';
import { describeDimension, plain, sameDimension } from '../units/index.ts';
import { arrayNames } from './arrays.ts';
import type { BlockReader } from './blocks.ts';
import { type Declaration, originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import { rangeSteps } from './range.ts';
import type { Reporter } from './reporter.ts';
import type { Scope, Value } from './scope.ts';
import type { Settings, SettingValue } from './settings.ts';

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
      readonly property: PropertySchema;
      readonly values: readonly SettingValue[];
      readonly shown: ExplorationAxis;
    };

type Target =
  | { readonly kind: 'let'; readonly declaration: Declaration }
  | {
      readonly kind: 'property';
      readonly declaration: Declaration;
      readonly blocks: readonly string[];
      readonly property: PropertySchema;
    };

/** Kinds of declarations whose properties can vary. */
const varied: Readonly<Partial<Record<Declaration['kind'], BlockSchema>>> = {
  npu: npuSchema,
  scheduler: schedulerSchema,
  scenario: scenarioSchema,
};

/** Reads one `vary`. undefined after an error, which is reported. */
export function readAxis(vary: Settings, reader: BlockReader, reporter: Reporter): Axis | undefined {
  const { scope, statement } = vary;
  if (statement === undefined) return undefined;
  const { subject } = statement;
  const path = subject?.kind === 'path' ? subject : undefined;
  if (path === undefined) {
    reporter.report(vary.head, explorationMessages.missingPath());
  }
  const target = path && targetOf(path, scope, reader, reporter);
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
    });
    return read && { ...target, values: read.values, written: own, shown: show(read.shown) };
  }
  const { property } = target;
  const { type } = property;
  const read = readValues<SettingValue>(written, scope, reporter, {
    read: (node) => reader.readValue(property, node, scope),
    evaluate: (node) => reader.evaluator.evaluate(node, scope),
    isInteger: type.kind === 'quantity' && type.integer === true,
    isShare: type.kind === 'quantity' && type.dimensions[0] === 'ratio',
  });
  return read && { ...target, values: read.values, shown: show(read.shown) };
}

interface Reading<T> {
  readonly read: (node: Expression) => T | undefined;
  readonly evaluate: (node: Expression) => Value | undefined;
  readonly isInteger: boolean;
  /** Shown as a percentage. */
  readonly isShare: boolean;
}

interface AxisValues<T> {
  readonly values: readonly T[];
  readonly shown: readonly ExplorationValue[];
}

function readValues<T extends SettingValue | Value>(
  written: Expression,
  scope: Scope,
  reporter: Reporter,
  { read, evaluate, isInteger, isShare }: Reading<T>,
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

/**
 * Finds what varies: a `let` (`peak`), or a declaration, its blocks and a property (`Stimpack.HBM.bandwidth`, `Conservative.order`,
 * `Rush.chips`).
 */
function targetOf(path: Path, scope: Scope, reader: BlockReader, reporter: Reporter): Target | undefined {
  const [first, ...rest] = path.parts;
  if (first === undefined) return undefined;
  const kinds = (scope.file.visible.get(first.text) ?? []).map((one) => one.kind);
  const kind = kinds.find((one) => varied[one] !== undefined) ?? (rest.length === 0 ? 'let' : 'npu');
  const declaration = reader.evaluator.lookUp(first, scope, kind);
  if (declaration === undefined) return undefined;
  const schema = varied[kind];
  if (schema === undefined) return { kind: 'let', declaration };
  const found = propertyAt(schema, first, rest, scope, reporter, kind === 'npu' ? arrayNames(declaration, reader) : []);
  return found && { kind: 'property', declaration, ...found };
}

function propertyAt(
  root: BlockSchema,
  first: Name,
  rest: readonly Name[],
  scope: Scope,
  reporter: Reporter,
  labels: readonly string[],
): { readonly blocks: readonly string[]; readonly property: PropertySchema } | undefined {
  const { file } = scope;
  const blocks: string[] = [];
  let schema = root;
  for (let i = 0; i < rest.length; i++) {
    const part = rest[i] as Name;
    const isLast = i === rest.length - 1;
    const property = isLast ? schema.properties.find((one) => one.name === part.text) : undefined;
    if (property !== undefined) {
      file.facts.push({ kind: 'property', start: part.start, end: part.end, property });
      if (property.type.kind !== 'variants') return { blocks, property };
      reporter.report(originOf(file, part), explorationMessages.cannotVary({ name: part.text }));
      return undefined;
    }
    const inner = varyingBlocks(schema).find((one) => one.keyword === part.text);
    if (inner === undefined || isLast) {
      reportPart(schema, inner, part, scope, reporter);
      return undefined;
    }
    file.facts.push({ kind: 'block', start: part.start, end: part.end, schema: inner });
    schema = inner;
    const label = rest[i + 1];
    if (inner.subject.kind === 'label' && label !== undefined && i + 2 < rest.length && !hasBlock(inner, label)) {
      // `array.Small.rows`: the name selects one of several blocks.
      if (!labels.includes(label.text)) {
        const close = suggest(label.text, labels);
        const origin = originOf(file, label);
        const message = arrayMessages.noSuchArray({ chip: first.text, written: label.text, known: labels, close });
        reporter.report(origin, message, { fixes: fixesTo(origin, close) });
        return undefined;
      }
      i++;
      blocks.push(`${inner.keyword} ${label.text}`);
      continue;
    }
    if (inner.subject.kind !== 'word') {
      blocks.push(inner.sameAs ?? inner.keyword);
      continue;
    }
    // `mode.burst.packing`: the word `burst` selects one of several blocks.
    i++;
    const which = rest[i] as Name;
    const words = inner.subject.words;
    const word = words.find((one) => one.name === which.text);
    if (word === undefined || i === rest.length - 1) {
      const known = words.map((one) => one.name);
      const close = suggest(which.text, known);
      const example = `${inner.keyword}.${known[0] ?? ''}.${inner.properties[0]?.name ?? ''}`;
      const message = explorationMessages.missingBlockWord({ keyword: inner.keyword, known, example, close });
      const origin = originOf(file, which);
      reporter.report(origin, message, { fixes: fixesTo(origin, close) });
      return undefined;
    }
    file.facts.push({ kind: 'word', start: which.start, end: which.end, word });
    blocks.push(`${inner.keyword} ${word.name}`);
  }
  const example = schema.properties.find((one) => !one.name.includes(' '))?.name ?? '';
  const message = explorationMessages.missingVariedProperty({ name: first.text, example: `${first.text}.${example}` });
  reporter.report(originOf(file, { start: first.start, end: (rest.at(-1) ?? first).end }), message);
  return undefined;
}

/** Blocks that can occur only once. A repeated block has no path; a `let` can vary its values. */
function varyingBlocks(schema: BlockSchema): readonly BlockSchema[] {
  return schema.blocks.filter(
    (one) =>
      one.content === 'settings' &&
      (one.repeats !== true || one.subject.kind === 'word' || one.subject.kind === 'label'),
  );
}

function hasBlock(schema: BlockSchema, name: Name): boolean {
  return schema.blocks.some((one) => one.keyword === name.text);
}

function reportPart(
  schema: BlockSchema,
  inner: BlockSchema | undefined,
  part: Name,
  { file }: Scope,
  reporter: Reporter,
): void {
  const origin = originOf(file, part);
  if (inner !== undefined) {
    const word = inner.subject.kind === 'word' ? `.${inner.subject.words[0]?.name ?? ''}` : '';
    const example = `${part.text}${word}.${inner.properties[0]?.name ?? ''}`;
    reporter.report(origin, explorationMessages.blockVaries({ block: part.text, example }));
    return;
  }
  const names = [...varyingBlocks(schema).map((one) => one.keyword), ...schema.properties.map((one) => one.name)];
  const close = suggest(part.text, names);
  const message = explorationMessages.unknownVariedProperty({ keyword: schema.keyword, name: part.text, close });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
}

import { arrayMessages, explorationMessages } from '../messages/index.ts';
import { type BlockSchema, npuSchema, type PropertySchema, scenarioSchema, schedulerSchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Name, Path } from '../syntax/index.ts';
import { arrayNames } from './arrays.ts';
import type { BlockReader } from './blocks.ts';
import { type Declaration, originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';
import { serveLabel } from './serve-label.ts';

/** A property that varies, and where it is. */
export interface VariedProperty {
  readonly declaration: Declaration;
  /** Keys of the blocks from the declaration to the property: `HBM`, `mode burst`, `serve Net`. */
  readonly blocks: readonly string[];
  /** The property with the form that contains `property`: `arrivals` of `arrivals.rate`. */
  readonly form?: PropertySchema;
  readonly property: PropertySchema;
}

/** The target of a `vary`. */
export type VariedTarget =
  | { readonly kind: 'let'; readonly declaration: Declaration }
  | ({ readonly kind: 'property' } & VariedProperty);

/** Kinds of declarations whose properties can vary. */
const varied: Readonly<Partial<Record<Declaration['kind'], BlockSchema>>> = {
  npu: npuSchema,
  scheduler: schedulerSchema,
  scenario: scenarioSchema,
};

/**
 * Finds what varies: a `let` (`peak`), or a declaration, its blocks and a property (`Stimpack.HBM.bandwidth`, `Conservative.order`,
 * `Rush.chips`, `Rush.serve.Net.batch.max`). The last part can be a property of a form: `Rush.serve.Net.arrivals.rate`. undefined after an
 * error, which is reported.
 */
export function variedTarget(
  path: Path,
  scope: Scope,
  reader: BlockReader,
  reporter: Reporter,
): VariedTarget | undefined {
  const [first, ...rest] = path.parts;
  if (first === undefined) return undefined;
  const kinds = (scope.file.visible.get(first.text) ?? []).map((one) => one.kind);
  const kind = kinds.find((one) => varied[one] !== undefined) ?? (rest.length === 0 ? 'let' : 'npu');
  const declaration = reader.evaluator.lookUp(first, scope, kind);
  if (declaration === undefined) return undefined;
  const schema = varied[kind];
  if (schema === undefined) return { kind: 'let', declaration };
  const labels = kind === 'npu' ? arrayNames(declaration, reader) : [];
  const found = propertyAt(schema, declaration, labels, first, rest, scope, reporter);
  return found && { kind: 'property', declaration, ...found };
}

function propertyAt(
  root: BlockSchema,
  declaration: Declaration,
  labels: readonly string[],
  first: Name,
  rest: readonly Name[],
  scope: Scope,
  reporter: Reporter,
): Omit<VariedProperty, 'declaration'> | undefined {
  const { file } = scope;
  const blocks: string[] = [];
  let schema = root;
  for (let i = 0; i < rest.length; i++) {
    const part = rest[i] as Name;
    const isLast = i === rest.length - 1;
    const property = schema.properties.find((one) => one.name === part.text);
    const next = rest[i + 1];
    if (property?.type.kind === 'form' && next !== undefined && i === rest.length - 2) {
      file.facts.push({ kind: 'property', start: part.start, end: part.end, property });
      const inner = formProperty(property, next, scope, reporter);
      return inner && { blocks, form: property, property: inner };
    }
    if (property !== undefined && isLast) {
      file.facts.push({ kind: 'property', start: part.start, end: part.end, property });
      if (property.type.kind !== 'variants') return { blocks, property };
      reporter.report(originOf(file, part), explorationMessages.cannotVary({ name: part.text }));
      return undefined;
    }
    const inner = varyingBlocks(schema).find((one) => one.keyword === part.text);
    if (inner === undefined || isLast) {
      const isServed = i === 0 && serveNames(declaration, 'serve').includes(part.text);
      if (isServed) reportServed(part, scope, reporter);
      else reportPart(schema, inner, part, scope, reporter);
      return undefined;
    }
    file.facts.push({ kind: 'block', start: part.start, end: part.end, schema: inner });
    schema = inner;
    const label = rest[i + 1];
    if (
      inner.subject.kind === 'label' &&
      inner.subject.dotted !== true &&
      label !== undefined &&
      i + 2 < rest.length &&
      !hasBlock(inner, label)
    ) {
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
    if (inner.subject.kind === 'reference') {
      i++;
      const which = rest[i] as Name;
      const known = serveNames(declaration, inner.keyword);
      if (known.includes(which.text) && i < rest.length - 1) {
        blocks.push(`${inner.keyword} ${which.text}`);
        continue;
      }
      const origin = originOf(file, which);
      if (known.length === 0) {
        reporter.report(origin, explorationMessages.nothingServed({ keyword: inner.keyword, name: first.text }));
        return undefined;
      }
      const close = suggest(which.text, known);
      const example = `${inner.keyword}.${known[0]}.${inner.properties[0]?.name ?? ''}`;
      const isKnown = known.includes(which.text);
      const message = explorationMessages.missingServeName({
        keyword: inner.keyword,
        known,
        example,
        close: isKnown ? undefined : close,
      });
      reporter.report(origin, message, { fixes: isKnown ? [] : fixesTo(origin, close) });
      return undefined;
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

/** Blocks that a path can name: those that occur once, and those with a word or a name. A `let` can vary the values of all others. */
function varyingBlocks(schema: BlockSchema): readonly BlockSchema[] {
  return schema.blocks.filter(
    ({ content, repeats, subject }) =>
      content === 'settings' && (repeats !== true || ['word', 'label', 'reference'].includes(subject.kind)),
  );
}

function hasBlock(schema: BlockSchema, name: Name): boolean {
  return schema.blocks.some((one) => one.keyword === name.text);
}

/** The property of a form. It need not be the form in the file: a design whose form has no such property does not change. */
function formProperty(
  { name, type }: PropertySchema,
  part: Name,
  { file }: Scope,
  reporter: Reporter,
): PropertySchema | undefined {
  const all = type.kind === 'form' ? type.forms.flatMap(({ properties }) => properties) : [];
  const found = all.find((one) => one.name === part.text);
  if (found !== undefined) {
    file.facts.push({ kind: 'property', start: part.start, end: part.end, property: found });
    return found;
  }
  const origin = originOf(file, part);
  const known = [...new Set(all.map((one) => one.name))];
  const close = suggest(part.text, known);
  const message = explorationMessages.unknownFormProperty({ property: name, name: part.text, known, close });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  return undefined;
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
    const word = inner.subject.kind === 'word' ? `.${inner.subject.words[0]?.name ?? ''}` : namePart(inner);
    const example = `${part.text}${word}.${inner.properties[0]?.name ?? ''}`;
    reporter.report(origin, explorationMessages.blockVaries({ block: part.text, example }));
    return;
  }
  const names = [...varyingBlocks(schema).map((one) => one.keyword), ...schema.properties.map((one) => one.name)];
  const close = suggest(part.text, names);
  const message = explorationMessages.unknownVariedProperty({ keyword: schema.keyword, name: part.text, close });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
}

/** `Rush.ResNet50.batch.max` instead of `Rush.serve.ResNet50.batch.max`. */
function reportServed(part: Name, { file }: Scope, reporter: Reporter): void {
  const origin = originOf(file, part);
  const path = `serve.${part.text}`;
  const message = explorationMessages.servedWithoutKeyword({ name: part.text, path });
  reporter.report(origin, message, { fixes: fixesTo(origin, path) });
}

/** The names of the blocks of a declaration with this keyword. */
function serveNames({ node }: Declaration, keyword: string): readonly string[] {
  const items = node.kind === 'statement' ? (node.body?.items ?? []) : [];
  return items.flatMap((item) =>
    item.kind === 'statement' && item.keyword.text === keyword ? (serveLabel(item) ?? []) : [],
  );
}

function namePart({ subject }: BlockSchema): string {
  return subject.kind === 'reference' ? '.Net' : '';
}

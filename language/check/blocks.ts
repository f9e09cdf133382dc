import type { Origin } from '../../design/index.ts';
import type { BlockSchema, DeclarationKind, PropertySchema, WordSchema } from '../schema/index.ts';
import { metricWords } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import {
  type Application,
  type Arguments,
  type Body,
  type Item,
  type Name,
  type Path,
  type Property,
  parse,
  type Statement,
} from '../syntax/index.ts';
import {
  type CheckedFile,
  type Declaration,
  didYouMean,
  Facts,
  oneOf,
  originOf,
  type Reporter,
  replaceFix,
  reportFormer,
} from './context.ts';
import { Evaluator, type Importable, type Scope, type Value } from './evaluate.ts';
import { reportMissing } from './missing.ts';
import { type ReadDefault, Settings, type SettingValue } from './settings.ts';
import { isWord, ValueReader } from './values.ts';

/** Reads blocks, forms and layers by their rows of the schema table. */
export class BlockReader {
  readonly evaluator: Evaluator;
  readonly values: ValueReader;
  private readonly reporter: Reporter;
  private readonly defaults: Map<PropertySchema, SettingValue | undefined>;
  readonly readDefault: ReadDefault = (property) => this.defaultOf(property);

  /** `fixed`: what some `let`s are worth, whatever they say. `other` has read defaults, which are everybody's. */
  constructor(
    reporter: Reporter,
    importable: (name: string, kind: DeclarationKind, file: CheckedFile) => readonly Importable[],
    fixed?: ReadonlyMap<Declaration, Value>,
    other?: BlockReader,
  ) {
    this.reporter = reporter;
    this.defaults = other?.defaults ?? new Map();
    this.evaluator = new Evaluator(reporter, importable, fixed);
    this.values = new ValueReader(reporter, this.evaluator, (schema, node, scope) =>
      this.readForm(schema, node, scope),
    );
  }

  /** A statement with a block. `base` is what it extends. */
  readStatement(schema: BlockSchema, statement: Statement, scope: Scope, base?: Settings): Settings {
    const headEnd = statement.subject?.end ?? statement.keyword.end;
    const settings = this.settings(schema, scope, originOf(scope.file, { start: statement.start, end: headEnd }), {
      body: statement.body,
      statement,
      base,
    });
    if (statement.parameters !== undefined) this.readArguments(settings, statement.parameters);
    if (statement.body !== undefined) this.readItems(settings, statement.body);
    return settings;
  }

  /** `slack`, `poisson(peak)`, `slack { guard: 5 % }`. */
  readForm(schema: BlockSchema, node: Path | Application, scope: Scope): Settings {
    const path = node.kind === 'path' ? node : node.path;
    const body = node.kind === 'application' ? node.body : undefined;
    const parameters = node.kind === 'application' ? node.parameters : undefined;
    const settings = this.settings(schema, scope, originOf(scope.file, path), { body, parameters });
    if (node.kind === 'application') {
      if (node.parameters !== undefined) this.readArguments(settings, node.parameters);
      if (node.body !== undefined) this.readItems(settings, node.body);
    }
    this.reportMissing(settings);
    return settings;
  }

  empty(schema: BlockSchema, scope: Scope, head: Origin): Settings {
    return this.settings(schema, scope, head, {});
  }

  private settings(
    schema: BlockSchema,
    scope: Scope,
    head: Origin,
    parts: {
      body?: Body | undefined;
      parameters?: Arguments | undefined;
      statement?: Statement | undefined;
      base?: Settings | undefined;
    },
  ): Settings {
    const inside = parts.body ?? parts.parameters;
    const insert = inside && originOf(scope.file, { start: inside.start + 1, end: inside.start + 1 });
    return new Settings({
      schema,
      scope,
      head,
      insertAt: insert,
      statement: parts.statement,
      readDefault: this.readDefault,
      base: parts.base,
    });
  }

  private readArguments(settings: Settings, parameters: Arguments): void {
    const { schema, scope } = settings;
    let next = 0;
    for (const argument of parameters.items) {
      if (argument.name !== undefined) {
        this.readProperty(settings, [argument.name], argument.value);
        continue;
      }
      const property = schema.properties[next++];
      if (property === undefined || property.name === 'inputs') {
        const most = schema.properties.filter((one) => one.name !== 'inputs').length;
        const takes =
          most === 0 ? 'takes nothing in parentheses' : `takes ${most === 1 ? 'one value' : `at most ${most} values`}`;
        const message = `'${schema.keyword}' ${takes}`;
        this.reporter.report(originOf(scope.file, argument), 'too-many-arguments', message);
        return;
      }
      this.set(settings, property, argument.value, originOf(scope.file, argument));
    }
  }

  /** Reads what stands in the brackets into `settings`. */
  readItems(settings: Settings, body: Body): void {
    for (const item of body.items) this.readItem(settings, item);
  }

  private readItem(settings: Settings, item: Item): void {
    const { schema, scope } = settings;
    switch (item.kind) {
      case 'import':
      case 'let':
        this.reporter.report(
          originOf(scope.file, item.keyword),
          'misplaced-item',
          `'${item.keyword.text}' stands at the top of a file, not inside a block`,
        );
        return;
      case 'constraint':
        if (schema.content === 'constraints') settings.rest.push(item);
        else this.misplacedConstraint(settings, item);
        return;
      case 'property':
        if (this.readRemoval(settings, item)) return;
        if (schema.content === 'layers' && !isProperty(schema, item)) settings.rest.push(item);
        else this.readProperty(settings, item.words, item.value);
        return;
      case 'statement':
        if (schema.content === 'layers') settings.rest.push(item);
        else this.readInner(settings, item);
        return;
    }
  }

  private misplacedConstraint(settings: Settings, item: Item & { readonly kind: 'constraint' }): void {
    const origin = originOf(settings.scope.file, item);
    const property = settings.schema.properties.find((one) => one.name === item.words[0]?.text);
    if (property !== undefined && item.words.length === 1) {
      const operator = originOf(settings.scope.file, item.operator);
      const message = `'${property.name}' is a property: expected ':' instead of '${item.operator.text}'`;
      this.reporter.report(operator, 'wrong-separator', message, { fixes: [replaceFix(operator, ':')] });
      return;
    }
    this.reporter.report(origin, 'misplaced-item', "a constraint stands in an 'slo' block");
  }

  /** `CMEM: none`, `mode burst: none`. */
  private readRemoval(settings: Settings, item: Property): boolean {
    const [first, second] = item.words;
    const inner = settings.schema.blocks.find((one) => one.keyword === first?.text);
    if (inner === undefined) return false;
    const key = second === undefined ? inner.keyword : `${inner.keyword} ${second.text}`;
    if (inner.removable === true && isWord(item.value, 'none')) {
      settings.blocks.delete(key);
      return true;
    }
    // Some keywords are properties too: `scheduler: Name` beside `scheduler { ... }`.
    if (isProperty(settings.schema, item)) return false;
    if (item.value.kind !== 'missing') {
      const origin = originOf(settings.scope.file, item.value);
      const rule = inner.removable === true ? " or ': none'" : '';
      this.reporter.report(
        origin,
        'unexpected-value',
        `'${inner.keyword}' is a block: expected '{ ... }'${rule} after it`,
      );
    }
    return true;
  }

  private readProperty(settings: Settings, words: readonly Name[], value: Property['value']): void {
    const { schema, scope } = settings;
    const first = words[0];
    const last = words.at(-1);
    if (first === undefined || last === undefined) return;
    const written = words.map((word) => word.text).join(' ');
    const origin = originOf(scope.file, { start: first.start, end: last.end });
    const property = schema.properties.find((one) => one.name === written || one.formerly?.includes(written) === true);
    if (property !== undefined) {
      if (property.name !== written) reportFormer(this.reporter, origin, written, property.name);
      this.set(settings, property, value, origin);
      return;
    }
    if (schema.content === 'constraints' && this.readColonInConstraint(settings, words)) return;
    const names = schema.properties.map((one) => one.name);
    const close = suggest(
      written,
      names.filter((name) => {
        const set = settings.values.get(name);
        return set === undefined || !isWithin(settings, set.nameOrigin);
      }),
    );
    const { text, fixes } = didYouMean(origin, close);
    const list = close === undefined && names.length > 0 && names.length <= 8 ? `; it has ${names.join(', ')}` : '';
    const message = `'${schema.keyword}' has no property '${written}'${text}${list}`;
    this.reporter.report(origin, 'unknown-property', message, { fixes });
    // Read as what was meant, so that it is not reported as missing too.
    const meant = schema.properties.find((one) => one.name === close);
    if (meant !== undefined) this.set(settings, meant, value, origin);
  }

  /** `p99 latency: 15 ms`. */
  private readColonInConstraint({ scope }: Settings, words: readonly Name[]): boolean {
    const last = words.at(-1);
    const metric = metricWords.find((one) => one.name === last?.text);
    if (metric === undefined || last === undefined) return false;
    const { text } = scope.file.tree;
    let colon = last.end;
    while (/\s/u.test(text.charAt(colon))) colon++;
    // An equals sign, or nothing at all, is what the parser has spoken of.
    if (text.charAt(colon) !== ':') return true;
    const origin = originOf(scope.file, { start: colon, end: colon + 1 });
    // With its spaces: `latency: 15 ms` has none before the colon.
    const spaced = `${/\s/u.test(text.charAt(colon - 1)) ? '' : ' '}${metric.operator}`;
    this.reporter.report(
      origin,
      'wrong-separator',
      `an objective is a limit: expected '${metric.operator}' instead of ':'`,
      { fixes: [replaceFix(origin, spaced, `Write '${metric.operator}'`)] },
    );
    return true;
  }

  private set(settings: Settings, property: PropertySchema, node: Property['value'], nameOrigin: Origin): void {
    const { scope } = settings;
    const before = settings.values.get(property.name);
    if (before !== undefined && isWithin(settings, before.nameOrigin)) {
      this.reporter.report(nameOrigin, 'duplicate-property', `'${property.name}' is set twice in one block`, {
        related: [{ message: 'first set here', origin: before.nameOrigin }],
      });
      return;
    }
    scope.file.facts.push({ kind: 'property', start: nameOrigin.start, end: nameOrigin.end, property });
    const value = this.values.read(property, node, scope);
    settings.values.set(property.name, { value, origin: originOf(scope.file, node), nameOrigin });
  }

  private readInner(settings: Settings, statement: Statement): void {
    const { schema, scope } = settings;
    const keyword = statement.keyword;
    let inner = schema.blocks.find((one) => one.keyword === keyword.text);
    if (inner === undefined) {
      inner = this.unknownInner(settings, statement);
      if (inner === undefined) return;
    } else {
      scope.file.facts.push({ kind: 'block', start: keyword.start, end: keyword.end, schema: inner });
    }
    const key = this.keyOf(inner, statement, scope);
    if (key === undefined) return;
    this.checkClauses(inner, statement, scope);
    const before = settings.blocks.get(key) ?? [];
    const own = before.filter((one) => one.statement !== undefined && isInside(settings, one));
    const isMany = inner.repeats === true && inner.subject.kind !== 'word';
    if (own.length > 0 && !isMany) {
      const first = own[0];
      this.reporter.report(originOf(scope.file, keyword), 'duplicate-block', `'${key}' stands twice in one block`, {
        related: first === undefined ? [] : [{ message: 'first here', origin: first.head }],
      });
      return;
    }
    if (statement.body === undefined && schema.content !== 'space') {
      const message = `expected '{ ... }' after '${key}'`;
      this.reporter.report(originOf(scope.file, keyword), 'missing-block', message);
    }
    const base = isMany ? undefined : before.at(-1);
    const read = this.readStatement(inner, statement, scope, base);
    settings.blocks.set(key, isMany ? [...own, read] : [read]);
  }

  /** Reports a keyword that the block does not know. What was meant, where that is clear and has a block, is read all the same. */
  private unknownInner(settings: Settings, statement: Statement): BlockSchema | undefined {
    const { schema, scope } = settings;
    const keyword = statement.keyword;
    const origin = originOf(scope.file, keyword);
    const asProperty = schema.properties.find((one) => one.name === keyword.text);
    if (asProperty !== undefined) {
      const insertAt = { ...origin, start: origin.end };
      const subject = statement.subject;
      this.reporter.report(
        origin,
        'missing-colon',
        subject === undefined
          ? `expected ':' and a value after '${keyword.text}'`
          : `expected ':' after '${keyword.text}'`,
        { fixes: [{ title: "Insert ':'", edits: [{ origin: insertAt, newText: ':' }], preferred: true }] },
      );
      if (subject !== undefined) this.set(settings, asProperty, subject, origin);
      else {
        settings.values.set(asProperty.name, { value: undefined, origin, nameOrigin: origin });
      }
      return undefined;
    }
    const blocks = schema.blocks.map((one) => one.keyword);
    const names = statement.body === undefined ? [...blocks, ...schema.properties.map((one) => one.name)] : blocks;
    const close = suggest(keyword.text, names);
    const { text, fixes } = didYouMean(origin, close);
    const list = close === undefined && blocks.length > 0 && blocks.length <= 10 ? `; it has ${blocks.join(', ')}` : '';
    const what = statement.body === undefined ? 'nothing called' : 'no block';
    this.reporter.report(origin, 'unknown-block', `'${schema.keyword}' has ${what} '${keyword.text}'${text}${list}`, {
      fixes,
    });
    return statement.body === undefined ? undefined : schema.blocks.find((one) => one.keyword === close);
  }

  /** The name under which a block is kept; undefined where its subject is wrong. */
  private keyOf(schema: BlockSchema, statement: Statement, scope: Scope): string | undefined {
    const { subject } = schema;
    const written = statement.subject;
    const origin = originOf(scope.file, written ?? statement.keyword);
    if (subject.kind === 'none') {
      if (written !== undefined && statement.body !== undefined) {
        this.reporter.report(origin, 'unexpected-name', `'${schema.keyword}' takes no name`, {
          fixes: [{ title: 'Remove it', edits: [{ origin, newText: '' }] }],
        });
      }
      return schema.keyword;
    }
    if (subject.kind === 'word') {
      const word = this.subjectWord(schema, subject.words, statement, scope);
      return word === undefined ? undefined : `${schema.keyword} ${word.name}`;
    }
    return schema.keyword;
  }

  private subjectWord(
    schema: BlockSchema,
    words: readonly WordSchema[],
    statement: Statement,
    scope: Scope,
  ): WordSchema | undefined {
    const names = words.map((one) => one.name);
    const written = statement.subject;
    if (written === undefined) {
      const message = `expected ${oneOf(names)} after '${schema.keyword}'`;
      this.reporter.report(originOf(scope.file, statement.keyword), 'missing-name', message);
      return undefined;
    }
    const origin = originOf(scope.file, written);
    const word = words.find((one) => isWord(written, one.name));
    if (word !== undefined) {
      scope.file.facts.push({ kind: 'word', start: written.start, end: written.end, word });
      return word;
    }
    const text = scope.file.tree.text.slice(written.start, written.end);
    const close = suggest(text, names);
    const meant = didYouMean(origin, close);
    this.reporter.report(
      origin,
      'unknown-word',
      `'${schema.keyword}' takes ${oneOf(names)}, not '${text}'${meant.text}`,
      {
        fixes: meant.fixes,
      },
    );
    return words.find((one) => one.name === close);
  }

  /** Reports clauses that the block does not take. */
  checkClauses(schema: BlockSchema, statement: Statement, scope: Scope): void {
    const known = schema.clauses.map((clause) => clause.keyword);
    for (const clause of statement.clauses) {
      if (known.includes(clause.keyword.text)) continue;
      const origin = originOf(scope.file, clause.keyword);
      const { text, fixes } = didYouMean(origin, suggest(clause.keyword.text, known));
      const takes = known.length === 0 ? '' : `; it takes ${oneOf(known)}`;
      const message = `'${schema.keyword}' takes no '${clause.keyword.text}' here${text || takes}`;
      this.reporter.report(origin, 'unknown-clause', message, { fixes });
    }
  }

  reportMissing(settings: Settings): void {
    reportMissing(settings, this.reporter);
  }

  /** A default, read as if it were written in a file. */
  private defaultOf(property: PropertySchema): SettingValue | undefined {
    if (this.defaults.has(property)) return this.defaults.get(property);
    const written = parse(`let it = ${property.default?.text ?? ''}`, 'schema:');
    const item = written.root.items[0];
    const file: CheckedFile = {
      uri: 'schema:',
      tree: written,
      own: new Map(),
      visible: new Map(),
      used: new Set(),
      facts: new Facts(),
    };
    const value = item?.kind === 'let' ? this.values.read(property, item.value, { file }) : undefined;
    this.defaults.set(property, value);
    return value;
  }
}

function isProperty(schema: BlockSchema, item: Property): boolean {
  const written = item.words.map((word) => word.text).join(' ');
  return schema.properties.some((one) => one.name === written);
}

/** Whether a value was set in this very block and not inherited. */
function isWithin(settings: Settings, origin: Origin): boolean {
  const body = settings.statement?.body;
  if (origin.uri !== settings.scope.file.uri) return false;
  if (body === undefined) return settings.statement === undefined;
  return origin.start >= settings.head.start && origin.end <= body.end;
}

function isInside(settings: Settings, inner: Settings): boolean {
  const body = settings.statement?.body;
  return (
    body !== undefined &&
    inner.head.uri === settings.scope.file.uri &&
    inner.head.start >= body.start &&
    inner.head.end <= body.end
  );
}

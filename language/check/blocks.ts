import { type Origin, reasonWords } from '../../design/index.ts';
import { nameMessages, settingMessages, settingNotes } from '../messages/index.ts';
import type { BlockSchema, PropertySchema } from '../schema/index.ts';
import type {
  Application,
  Arguments,
  Body,
  Expression,
  Item,
  Name,
  Path,
  Property,
  Statement,
} from '../syntax/index.ts';
import { Budget } from './budget.ts';
import { type Declaration, originOf } from './checked-file.ts';
import { Defaults } from './defaults.ts';
import { Evaluator } from './evaluate.ts';
import { reportOldSpelling } from './fixes.ts';
import { checkClauses, keyOf } from './heads.ts';
import { reportMissing } from './missing.ts';
import type { Library } from './names.ts';
import type { Reporter } from './reporter.ts';
import type { Scope, Value } from './scope.ts';
import { isHeldHere, isSetHere, type ReadDefault, Settings, type SettingValue } from './settings.ts';
import {
  reportColonInConstraint,
  reportDottedProperty,
  reportMisplacedConstraint,
  reportMissingColon,
  reportUnknownBlock,
  reportUnknownProperty,
} from './unexpected-items.ts';
import { isWord, type ReadingTools, readValue } from './values/index.ts';

/** Reads blocks, forms and layers with their rows of the schema table. */
export class BlockReader implements ReadingTools {
  readonly evaluator: Evaluator;
  readonly reporter: Reporter;
  /** The common budget of all networks that this reader reads. */
  readonly budget = new Budget();
  private readonly defaults: Defaults;
  readonly readDefault: ReadDefault = (property) => this.defaults.value(property, this);

  /** `fixed`: values that replace those of some `let`s. `other`: a reader whose defaults are shared. */
  constructor(reporter: Reporter, library: Library, fixed?: ReadonlyMap<Declaration, Value>, other?: BlockReader) {
    this.reporter = reporter;
    this.defaults = other?.defaults ?? new Defaults();
    this.evaluator = new Evaluator(reporter, library, fixed);
  }

  readValue(
    property: PropertySchema,
    node: Expression,
    scope: Scope,
    inherited?: SettingValue,
  ): SettingValue | undefined {
    return readValue(property, node, scope, this, inherited);
  }

  /** Reads a statement with a block. `base`: the settings that it extends. */
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

  /** Reads a form: `slack`, `poisson(peak)`, `slack { guard: 5 % }`. */
  readForm(schema: BlockSchema, node: Path | Application, scope: Scope): Settings {
    const path = node.kind === 'path' ? node : node.path;
    const body = node.kind === 'application' ? node.body : undefined;
    const parameters = node.kind === 'application' ? node.parameters : undefined;
    const settings = this.settings(schema, scope, originOf(scope.file, path), { body, parameters });
    if (node.kind === 'application') {
      if (node.parameters !== undefined) this.readArguments(settings, node.parameters);
      if (node.body !== undefined) this.readItems(settings, node.body);
    }
    reportMissing(settings, this.reporter);
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
        const message = settingMessages.tooManyArguments({ keyword: schema.keyword, most });
        this.reporter.report(originOf(scope.file, argument), message);
        return;
      }
      this.set(settings, property, argument.value, originOf(scope.file, argument));
    }
  }

  /** Reads the content of the brackets into `settings`. */
  private readItems(settings: Settings, body: Body): void {
    for (const item of body.items) this.readItem(settings, item);
  }

  private readItem(settings: Settings, item: Item): void {
    const { schema, scope } = settings;
    switch (item.kind) {
      case 'import':
      case 'let':
        this.reportTopLevel(item.keyword, scope);
        return;
      case 'constraint':
        if (schema.content === 'constraints' || (schema.content === 'space' && item.words[0]?.text === 'subject'))
          settings.rest.push(item);
        else reportMisplacedConstraint(settings, item, this.reporter);
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

  private reportTopLevel(keyword: Name, scope: Scope): void {
    this.reporter.report(originOf(scope.file, keyword), nameMessages.topLevelInBlock({ keyword: keyword.text }));
  }

  /** Reads `CMEM: none` or `mode burst: none`. */
  private readRemoval(settings: Settings, item: Property): boolean {
    const [first, second] = item.words;
    const inner = first && blockNamed(settings.schema, first.text);
    if (first === undefined || inner === undefined) return false;
    const key = second === undefined ? (inner.sameAs ?? inner.keyword) : `${inner.keyword} ${second.text}`;
    if (inner.removable === true && isWord(item.value, 'none')) {
      if (inner.keyword !== first.text) {
        reportOldSpelling(this.reporter, originOf(settings.scope.file, first), first.text, inner.keyword);
      }
      settings.blocks.delete(key);
      settings.removed.add(key);
      // `tiles: none` also removes the tiles of single layers.
      if (key === inner.keyword && inner.subject.kind === 'label' && inner.subject.dotted === true) {
        for (const other of [...settings.blocks.keys()]) {
          if (other.startsWith(`${key} `)) settings.blocks.delete(other);
        }
      }
      return true;
    }
    // Some keywords are also properties: `scheduler: Name` next to `scheduler { ... }`.
    if (isProperty(settings.schema, item)) return false;
    if (item.value.kind !== 'missing') {
      const origin = originOf(settings.scope.file, item.value);
      const { keyword, insteadOfNone } = inner;
      const message =
        insteadOfNone !== undefined && isWord(item.value, 'none')
          ? settingMessages.cannotRemove({ keyword, instead: reasonWords(insteadOfNone) })
          : settingMessages.blockAsProperty({ keyword, isRemovable: inner.removable === true });
      this.reporter.report(origin, message);
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
      if (property.name !== written) reportOldSpelling(this.reporter, origin, written, property.name);
      this.set(settings, property, value, origin);
      return;
    }
    if (schema.entries !== undefined && words.length === 1 && schema.entryPattern?.test(written) !== false) {
      this.set(settings, { ...schema.entries, name: written }, value, origin);
      return;
    }
    if (schema.content === 'constraints' && reportColonInConstraint(settings, words, this.reporter)) return;
    // Read it as the suggested one, so that it is not reported as missing too.
    const meant = reportUnknownProperty(settings, written, origin, this.reporter);
    if (meant !== undefined) this.set(settings, meant, value, origin);
  }

  private set(settings: Settings, property: PropertySchema, node: Property['value'], nameOrigin: Origin): void {
    const { scope } = settings;
    const before = settings.values.get(property.name);
    if (before !== undefined && isSetHere(settings, before.nameOrigin)) {
      this.reporter.report(nameOrigin, settingMessages.duplicateProperty({ name: property.name }), {
        related: [{ message: settingNotes.firstSetHere({}).text, origin: before.nameOrigin }],
      });
      return;
    }
    scope.file.facts.push({ kind: 'property', start: nameOrigin.start, end: nameOrigin.end, property });
    const value = this.readValue(property, node, scope, before?.value);
    settings.values.set(property.name, { value, origin: originOf(scope.file, node), nameOrigin });
  }

  private readInner(settings: Settings, statement: Statement): void {
    const { schema, scope } = settings;
    const keyword = statement.keyword;
    const known = blockNamed(schema, keyword.text);
    const property = known === undefined && schema.properties.find((one) => one.name === keyword.text);
    if (property) {
      this.readWithoutColon(settings, property, statement);
      return;
    }
    if (known !== undefined && reportDottedProperty(known, statement, scope, this.reporter)) return;
    if (known !== undefined) {
      const origin = originOf(scope.file, keyword);
      if (known.keyword !== keyword.text) reportOldSpelling(this.reporter, origin, keyword.text, known.keyword);
      scope.file.facts.push({ kind: 'block', start: keyword.start, end: keyword.end, schema: known });
    }
    const inner = known ?? reportUnknownBlock(settings, statement, this.reporter);
    if (inner === undefined) return;
    const key = keyOf(inner, statement, scope, this.reporter);
    if (key === undefined) return;
    checkClauses(inner, statement, scope, this.reporter);
    const before = settings.blocks.get(key) ?? [];
    const [first] = before;
    const isOwn = first?.statement !== undefined && isHeldHere(settings, first);
    const isMany = inner.repeats === true && inner.subject.kind !== 'word' && inner.subject.kind !== 'label';
    if (isOwn && !isMany) {
      const message =
        first.schema === inner
          ? settingMessages.duplicateBlock({ key })
          : settingMessages.conflictingBlocks({ keyword: keyword.text, other: first.schema.keyword });
      this.reporter.report(originOf(scope.file, keyword), message, {
        related: [{ message: settingNotes.firstHere({}).text, origin: first.head }],
      });
      return;
    }
    if (!this.replaceOthers(settings, inner, statement)) return;
    if (statement.body === undefined && schema.content !== 'space') {
      this.reporter.report(originOf(scope.file, keyword), settingMessages.missingBody({ keyword: key }));
    }
    const base = isMany ? undefined : before.at(-1);
    const read = this.readStatement(inner, statement, scope, base);
    // An inherited block belongs to another chip and must not be changed.
    if (isMany && isOwn) before.push(read);
    else settings.blocks.set(key, [read]);
  }

  /** Removes inherited blocks that a block replaces. Reports one that is written in the same block, and returns whether there is none. */
  private replaceOthers(settings: Settings, inner: BlockSchema, { keyword }: Statement): boolean {
    for (const key of inner.replaces ?? []) {
      const other = settings.block(key);
      if (other === undefined) continue;
      if (isHeldHere(settings, other)) {
        const message = settingMessages.conflictingBlocks({ keyword: keyword.text, other: key });
        this.reporter.report(originOf(settings.scope.file, keyword), message, {
          related: [{ message: settingNotes.firstHere({}).text, origin: other.head }],
        });
        return false;
      }
      settings.blocks.delete(key);
    }
    return true;
  }

  /** Reports `capacity 16 MiB`, without a colon. */
  private readWithoutColon(settings: Settings, property: PropertySchema, { keyword, subject }: Statement): void {
    const origin = originOf(settings.scope.file, keyword);
    reportMissingColon(keyword.text, origin, subject !== undefined, this.reporter);
    if (subject !== undefined) this.set(settings, property, subject, origin);
    else settings.values.set(property.name, { value: undefined, origin, nameOrigin: origin });
  }
}

function isProperty(schema: BlockSchema, item: Property): boolean {
  const written = item.words.map((word) => word.text).join(' ');
  return schema.properties.some((one) => one.name === written);
}

/** The block with this keyword, or with this other name. */
function blockNamed(schema: BlockSchema, name: string): BlockSchema | undefined {
  return (
    schema.blocks.find((one) => one.keyword === name) ??
    schema.blocks.find((one) => one.formerly?.includes(name) === true)
  );
}

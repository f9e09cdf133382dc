import type { Origin, Pair } from '../../design/index.ts';
import type { BlockSchema, PropertySchema } from '../schema/index.ts';
import type { Expression, Item, Statement } from '../syntax/index.ts';
import type { Dimension } from '../units/index.ts';
import { bug } from './bug.ts';
import type { Declaration } from './checked-file.ts';
import type { Scope } from './scope.ts';

/** The value of a property. Its kind is the one that the schema row of the property requires. */
export type SettingValue =
  | { readonly kind: 'quantity'; readonly value: number; readonly dimension: Dimension }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'flag'; readonly on: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'seed'; readonly digits: string }
  | { readonly kind: 'reference'; readonly declaration: Declaration }
  | { readonly kind: 'form'; readonly form: string; readonly settings: Settings }
  /** `sizes`: as written, one for all directions or one for each. */
  | { readonly kind: 'pair'; readonly pair: Pair; readonly sizes: readonly number[] }
  /** `isOpen`: the word for any length was written, and `shape` is that of one token. */
  | { readonly kind: 'shape'; readonly shape: readonly number[]; readonly isOpen?: true }
  /** As written: one for all ends, one for each direction, or one for each end. */
  | { readonly kind: 'padding'; readonly ends: readonly number[] | 'same' }
  | { readonly kind: 'numbers'; readonly numbers: readonly number[] }
  /** Unread: the caller reads labels of layers, or variants of npus and schedulers. */
  | { readonly kind: 'syntax'; readonly expression: Expression };

/** A property as the file sets it. `value` is undefined after an error, which is reported. */
export interface Setting {
  readonly value: SettingValue | undefined;
  /** The place of the value. */
  readonly origin: Origin;
  /** The place of the property's name. */
  readonly nameOrigin: Origin;
}

/** Returns the value of a default. */
export type ReadDefault = (property: PropertySchema) => SettingValue | undefined;

/**
 * The content of one block, read with its schema row: written values, inner blocks, and items with special rules.
 * The getters fall back to the default of the schema. If there is no default or the value was wrong, they mark the block as broken and
 * return a placeholder, so that a caller that reads many values checks for errors only once, at the end.
 */
export class Settings {
  readonly schema: BlockSchema;
  readonly scope: Scope;
  /** Keyword and subject: the place of messages about the whole block. */
  readonly head: Origin;
  /** The place for inserting a missing property: after the opening bracket. */
  readonly insertAt: Origin | undefined;
  readonly statement: Statement | undefined;
  readonly values: Map<string, Setting>;
  /** By key: the keyword, or for `mode base` the keyword and its word. */
  readonly blocks: Map<string, Settings[]>;
  /** Items that the block's content kind reads with special rules. */
  readonly rest: Item[] = [];
  /** Keys of the blocks that this block or the one that it extends removes with `none`. */
  readonly removed: Set<string>;
  broken = false;
  private readonly readDefault: ReadDefault;

  constructor(parts: {
    schema: BlockSchema;
    scope: Scope;
    head: Origin;
    insertAt?: Origin | undefined;
    statement?: Statement | undefined;
    readDefault: ReadDefault;
    /** The block whose values this block inherits. */
    base?: Settings | undefined;
  }) {
    this.schema = parts.schema;
    this.scope = parts.scope;
    this.head = parts.head;
    this.insertAt = parts.insertAt;
    this.statement = parts.statement;
    this.readDefault = parts.readDefault;
    this.values = new Map(parts.base?.values);
    this.blocks = new Map(parts.base?.blocks);
    this.removed = new Set(parts.base?.removed);
  }

  /** The effective value: the written one, otherwise the default. undefined if neither is usable. */
  value(name: string): SettingValue | undefined {
    const setting = this.values.get(name);
    if (setting?.value !== undefined) return setting.value;
    const property = this.schema.properties.find((one) => one.name === name);
    if (property === undefined) return bug(`'${this.schema.keyword}' has no property '${name}' in the schema`);
    return property.default === undefined ? undefined : this.readDefault(property);
  }

  number(name: string): number {
    const value = this.optionalNumber(name);
    if (value === undefined) this.broken = true;
    return value ?? Number.NaN;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.value(name);
    return value?.kind === 'quantity' ? value.value : undefined;
  }

  word<T extends string>(name: string): T {
    const value = this.value(name);
    // The reader has already compared the word with the words of the schema, so the cast is safe.
    if (value?.kind === 'word') return value.word as T;
    this.broken = true;
    return '' as T;
  }

  flag(name: string): boolean {
    const value = this.value(name);
    return value?.kind === 'flag' && value.on;
  }

  text(name: string): string {
    const value = this.value(name);
    if (value?.kind === 'text') return value.text;
    this.broken = true;
    return '';
  }

  pair(name: string): Pair {
    const value = this.value(name);
    if (value?.kind === 'pair') return value.pair;
    this.broken = true;
    return { height: 1, width: 1 };
  }

  /** The written sizes of a window: one for all directions, or one for each. */
  sizes(name: string): readonly number[] {
    const value = this.value(name);
    if (value?.kind === 'pair') return value.sizes;
    this.broken = true;
    return [1];
  }

  ends(name: string): readonly number[] | 'same' {
    const value = this.value(name);
    return value?.kind === 'padding' ? value.ends : [0];
  }

  shape(name: string): readonly number[] | undefined {
    const value = this.value(name);
    return value?.kind === 'shape' ? value.shape : undefined;
  }

  numbers(name: string): readonly number[] {
    const value = this.value(name);
    if (value?.kind === 'numbers') return value.numbers;
    this.broken = true;
    return [];
  }

  reference(name: string): Declaration | undefined {
    const value = this.value(name);
    return value?.kind === 'reference' ? value.declaration : undefined;
  }

  syntax(name: string): Expression | undefined {
    const value = this.value(name);
    return value?.kind === 'syntax' ? value.expression : undefined;
  }

  block(key: string): Settings | undefined {
    return this.blocks.get(key)?.at(-1);
  }

  origin(name: string): Origin {
    return this.values.get(name)?.origin ?? this.head;
  }

  has(name: string): boolean {
    return this.values.has(name);
  }
}

/** Whether a value is set in this block, not inherited. */
export function isSetHere(settings: Settings, nameOrigin: Origin): boolean {
  const body = settings.statement?.body;
  if (nameOrigin.uri !== settings.scope.file.uri) return false;
  if (body === undefined) return settings.statement === undefined;
  return nameOrigin.start >= settings.head.start && nameOrigin.end <= body.end;
}

/** Whether an inner block is written in this block, not inherited. */
export function isHeldHere(settings: Settings, inner: Settings): boolean {
  const body = settings.statement?.body;
  return (
    body !== undefined &&
    inner.head.uri === settings.scope.file.uri &&
    inner.head.start >= body.start &&
    inner.head.end <= body.end
  );
}

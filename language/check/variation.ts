import type { CandidateDesign, Model } from '../../design/index.ts';
import type { PropertySchema } from '../schema/index.ts';
import { type AnyNode, childrenOf } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import type { Declaration } from './checked-file.ts';
import type { Value } from './scope.ts';
import { serveLabel } from './serve-label.ts';
import { Settings, type SettingValue } from './settings.ts';
import type { VariedProperty } from './varied-target.ts';

/** A value that replaces the value of a property. */
export interface PropertyValue extends VariedProperty {
  readonly setting: SettingValue;
}

/** Values of one design of an exploration, which replace the written values. */
export interface Variation {
  readonly lets: ReadonlyMap<Declaration, Value>;
  readonly properties: readonly PropertyValue[];
  /** The network that was built earlier for the same values, if it depends on one of the `let`s. */
  model(declaration: Declaration, read: () => Model | undefined): Model | undefined;
  /** Receives the value that a property had before it was replaced: the written or inherited value, or the default. */
  readonly onReplaced?: (place: PropertyValue, before: SettingValue | undefined) => void;
}

/** Builds a scenario with the values of a variation. */
export type Trial = (scenario: Declaration, variation: Variation) => CandidateDesign;

/** Applies a variation to the settings of a declaration, before anything is built from it or extends it. */
export function withValues(
  declaration: Declaration,
  settings: Settings,
  { properties, onReplaced }: Variation,
  reader: BlockReader,
): Settings {
  return properties
    .filter((one) => one.declaration === declaration)
    .reduce((before, place) => {
      onReplaced?.(place, valueIn(before, place));
      return put(before, place.blocks, place, reader);
    }, settings);
}

function valueIn(settings: Settings, { blocks, form, property }: VariedProperty): SettingValue | undefined {
  const block = blocks.reduce<Settings | undefined>((outer, key) => outer && innerBlock(outer, key), settings);
  const outer = form === undefined ? undefined : block?.value(form.name);
  if (form === undefined) return block?.value(property.name);
  return outer?.kind === 'form' && hasProperty(outer.settings, property)
    ? outer.settings.value(property.name)
    : undefined;
}

/** The block with a key: a keyword, a keyword and its word, or the keyword and the name of one of several blocks (`serve Net`). */
function innerBlock(settings: Settings, key: string): Settings | undefined {
  const [keyword = '', name] = key.split(' ', 2);
  const named = settings.blocks.get(keyword)?.find(({ statement }) => statement && serveLabel(statement) === name);
  return settings.block(key) ?? named;
}

function hasProperty({ schema }: Settings, { name }: PropertySchema): boolean {
  return schema.properties.some((one) => one.name === name);
}

/** Copies the block first, because an npu shares unchanged blocks with the npu that it extends. */
function put(settings: Settings, blocks: readonly string[], place: PropertyValue, reader: BlockReader): Settings {
  const [key, ...inner] = blocks;
  if (key === undefined) return putValue(settings, place, reader);
  const changed = copyOf(settings, reader);
  const [keyword = ''] = key.split(' ', 1);
  const schema = settings.schema.blocks.find((one) => one.keyword === keyword) ?? settings.schema;
  if (schema.subject.kind === 'reference') {
    const own = innerBlock(settings, key);
    const all = settings.blocks.get(keyword) ?? [];
    const replaced = all.map((one) => (one === own ? put(one, inner, place, reader) : one));
    changed.blocks.set(keyword, replaced);
    return changed;
  }
  const block = settings.block(key) ?? reader.empty(schema, settings.scope, settings.head);
  changed.blocks.set(key, [put(block, inner, place, reader)]);
  return changed;
}

function putValue(
  settings: Settings,
  { form, property, setting: value }: PropertyValue,
  reader: BlockReader,
): Settings {
  const changed = copyOf(settings, reader);
  const origin = settings.head;
  if (form === undefined) {
    changed.values.set(property.name, { value, origin, nameOrigin: origin });
    return changed;
  }
  const written = settings.value(form.name);
  // Another axis can choose a form without this property.
  if (written?.kind !== 'form' || !hasProperty(written.settings, property)) return settings;
  const parts = copyOf(written.settings, reader);
  parts.values.set(property.name, { value, origin, nameOrigin: origin });
  const place = settings.origin(form.name);
  changed.values.set(form.name, { value: { ...written, settings: parts }, origin: place, nameOrigin: place });
  return changed;
}

function copyOf(settings: Settings, reader: BlockReader): Settings {
  const { schema, scope, head, insertAt, statement, broken, rest } = settings;
  const copy = new Settings({
    schema,
    scope,
    head,
    insertAt,
    statement,
    readDefault: reader.readDefault,
    base: settings,
  });
  copy.broken = broken;
  copy.rest.push(...rest);
  return copy;
}

/**
 * Whether a declaration depends on one of the `let`s, directly or through its references. It can be wrong for an equal name of another
 * thing, which costs only time.
 */
export function reaches(declaration: Declaration, lets: ReadonlyMap<Declaration, Value>): boolean {
  if (lets.size === 0) return false;
  const seen = new Set<Declaration>();
  const pending = [declaration];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (lets.has(next)) return true;
    for (const name of namesOf(next)) for (const one of next.file.visible.get(name) ?? []) pending.push(one);
  }
  return false;
}

const namesByNode = new WeakMap<AnyNode, ReadonlySet<string>>();

function namesOf({ node }: Declaration): ReadonlySet<string> {
  const known = namesByNode.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const pending: AnyNode[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'name') names.add(next.text);
    // Not spread into one call: a list can have more items than a call can have arguments.
    for (const child of childrenOf(next)) pending.push(child);
  }
  namesByNode.set(node, names);
  return names;
}

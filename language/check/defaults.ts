import type { PropertySchema } from '../schema/index.ts';
import { parse } from '../syntax/index.ts';
import { type CheckedFile, Facts } from './context.ts';
import type { SettingValue } from './settings.ts';
import { type ReadingTools, readValue } from './values/index.ts';

/** What the schema's defaults are worth: each is read once, as if it were written in a file. */
export class Defaults {
  private readonly known = new Map<PropertySchema, SettingValue | undefined>();

  value(property: PropertySchema, tools: ReadingTools): SettingValue | undefined {
    if (this.known.has(property)) return this.known.get(property);
    const tree = parse(`let it = ${property.default?.text ?? ''}`, 'schema:');
    const [item] = tree.root.items;
    const file: CheckedFile = {
      uri: 'schema:',
      foundAs: 'schema:',
      tree,
      own: new Map(),
      visible: new Map(),
      used: new Set(),
      facts: new Facts(),
    };
    const value = item?.kind === 'let' ? readValue(property, item.value, { file }, tools) : undefined;
    this.known.set(property, value);
    return value;
  }
}

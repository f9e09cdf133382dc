import type { PropertySchema } from '../schema/index.ts';
import { parse } from '../syntax/index.ts';
import type { CheckedFile } from './checked-file.ts';
import { Facts } from './facts.ts';
import type { SettingValue } from './settings.ts';
import { type ReadingTools, readValue } from './values/index.ts';

/** The values of the defaults in the schema. Each default is read once, like text in a file. */
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

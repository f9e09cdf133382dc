import { burstForms, type PropertySchema, type ValueType } from '../../schema/index.ts';
import { calledRow, formOf, propertyBefore } from '../place.ts';
import { behindWord, startsOfItems } from './items.ts';
import { blockParameters, declaredNames, labels } from './names.ts';
import { offerForm, offerProperty, offerWord } from './rows.ts';
import { type Completion, offer, type Site } from './site.ts';

/** Values of the property before the colon. `skip` tokens are between its name and the cursor. */
export function valuesBehindColon(site: Site, skip: number): readonly Completion[] {
  const { inside, place } = site;
  if (inside?.kind !== 'block') return [];
  const property = propertyBefore(inside.schema, place.before.slice(skip));
  if (property !== undefined) return valuesOf(site, property.type, property);
  // The colon follows a layer label.
  if (inside.schema.content !== 'layers') return [];
  return startsOfItems(site).filter((one) => one.kind === 'layer' || one.kind === 'block');
}

/** Inside `[ ]`: values of the property that contains the list. `bracket`: the start of the list. */
export function valuesInList(site: Site, bracket: number): readonly Completion[] {
  const { before } = site.place;
  const skip = before.findIndex((word) => word.start === bracket) + 1;
  const [previous] = before;
  if (previous?.kind === 'name') return behindWord(site, previous.text);
  return skip > 0 && before[skip]?.kind === ':' ? valuesBehindColon(site, skip + 1) : declaredNames(site, 'let');
}

/** Inside `( )`: parameter names, and values of the current parameter. `bracket`: the offset of the opening bracket. */
export function valuesInCall(site: Site, bracket: number): readonly Completion[] {
  const { inside, place } = site;
  const skip = place.before.findIndex((word) => word.start === bracket) + 1;
  const name = place.before[skip]?.text ?? '';
  const [previous, label] = place.before;
  const forms = inside?.kind === 'block' ? inside.schema.properties.map((one) => formOf(one.type, name)) : [];
  const row = forms.find((one) => one !== undefined) ?? calledRow(name);
  if (row === undefined) {
    const parameters = previous?.kind === ':' ? [] : blockParameters(site, name);
    return [...parameters, ...declaredNames(site, 'let')];
  }
  if (previous?.kind === ':') {
    const property = row.properties.find((one) => one.name === label?.text);
    return property === undefined ? [] : valuesOf(site, property.type, property);
  }
  const [first] = row.properties;
  const values = first !== undefined && previous?.kind === '(' ? valuesOf(site, first.type, first) : [];
  return [...values, ...row.properties.map((one) => offerProperty(site, one))];
}

function valuesOf(site: Site, type: ValueType, property: PropertySchema): readonly Completion[] {
  const { documentation } = property;
  switch (type.kind) {
    case 'quantity':
      return [
        ...example(site, property),
        ...(type.words ?? []).map((word) => offerWord(site, word)),
        ...declaredNames(site, 'let'),
      ];
    case 'word':
      return type.words.map((word) => offerWord(site, word));
    case 'flag':
      return ['yes', 'no'].map((name) => offerWord(site, { name, documentation }));
    case 'form':
      return [
        ...type.forms.map((row) => offerForm(site, row)),
        ...(type.quantity === undefined ? [] : declaredNames(site, 'let')),
      ];
    case 'reference':
      return declaredNames(site, type.to);
    case 'padding':
      return ['same', 'valid'].map((name) => offerWord(site, { name, documentation }));
    case 'variants':
      return [
        ...declaredNames(site, 'npu'),
        ...declaredNames(site, 'scheduler'),
        ...burstForms.map((row) => offerForm(site, row)),
      ];
    case 'layers':
      return labels(site);
    case 'shape':
      return [
        ...example(site, property),
        ...(type.open === undefined ? [] : [offerWord(site, type.open)]),
        ...declaredNames(site, 'let'),
      ];
    case 'numbers':
    case 'pair':
    case 'text':
    case 'seed':
      return [...example(site, property), ...declaredNames(site, 'let')];
  }
}

function example(site: Site, property: PropertySchema): readonly Completion[] {
  const text = property.example ?? property.default?.text;
  if (text === undefined) return [];
  return [offer(site, text, 'word', { detail: property.name, documentation: property.documentation })];
}

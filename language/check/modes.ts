import type { Message, OperatingMode, Origin, Packing, Precision, StoredFormat } from '../../design/index.ts';
import { storedAs } from '../../design/index.ts';
import { valueMessages } from '../messages/index.ts';
import type { Settings } from './settings.ts';

/** Makes a mode of the chip from its block. Formats that the file does not state stay absent. */
export function operatingMode(settings: Settings): OperatingMode {
  const packing = settings.word<Packing>('packing');
  const products = settings.optionalNumber('products');
  const weights = storedFormat(settings, 'weights');
  const activations = storedFormat(settings, 'activations');
  const cachedKeys = storedFormat(settings, 'KV');
  return {
    precision: settings.word('precision'),
    packing,
    ...(packing === 'none' || products === undefined ? {} : { packedProducts: products }),
    ...(weights === undefined ? {} : { weights }),
    ...(activations === undefined ? {} : { activations }),
    ...(cachedKeys === undefined ? {} : { cachedKeys }),
    ...(settings.has('accumulation') ? { accumulation: settings.word<Precision>('accumulation') } : {}),
  };
}

/** A written format. A form without a group has the scales that the format itself defines. */
export function storedFormat(settings: Settings, name: string): StoredFormat | undefined {
  const value = settings.value(name);
  if (value?.kind !== 'form') return undefined;
  // The reader has compared the name of the form with the formats of the schema, so the cast is safe.
  const format = value.form as Precision;
  const group = value.settings.schema.properties.length === 0 ? undefined : value.settings.optionalNumber('group');
  if (group === undefined) return storedAs(format);
  const bits = value.settings.number('scale bits') + value.settings.number('zero bits');
  return { format, scale: { elements: group, bits } };
}

/** Values of one mode that contradict each other. */
export function modeProblems(
  settings: Settings | undefined,
): readonly { readonly origin: Origin; readonly message: Message }[] {
  const products = settings?.optionalNumber('products');
  if (settings === undefined || products === undefined) return [];
  const packing = settings.word<Packing>('packing');
  const fits = packing === 'none' ? products === 1 : products === 2 || products === 4;
  return fits
    ? []
    : [{ origin: settings.origin('products'), message: valueMessages.packedProducts({ products, packing }) }];
}

import type { BlockSchema, PropertySchema, WordSchema } from '../../schema/index.ts';
import { describeBlock, describeProperty } from '../hover.ts';
import { type Completion, offer, type Site } from './site.ts';

/*
 * Converts schema rows into offers.
 */

export function offerBlock(site: Site, row: BlockSchema): Completion {
  const snippet = row.snippet ?? (hasRequired(row) ? `${row.keyword} { ${fieldsOf(row)} }` : undefined);
  return offer(site, row.keyword, 'block', { detail: row.documentation, documentation: describeBlock(row), snippet });
}

/** `poisson(${1:2400 rps})` */
export function offerForm(site: Site, row: BlockSchema): Completion {
  const snippet = hasRequired(row) ? `${row.keyword}(${valuesOf(row)})` : undefined;
  return offer(site, row.keyword, 'word', { detail: row.documentation, documentation: describeBlock(row), snippet });
}

export function offerProperty(site: Site, row: PropertySchema): Completion {
  const detail = row.default?.text ?? '';
  return offer(site, row.name, 'property', { detail, documentation: describeProperty(row), text: `${row.name}: ` });
}

export function offerWord(site: Site, { name, documentation }: WordSchema): Completion {
  return offer(site, name, 'word', { documentation });
}

function hasRequired(row: BlockSchema): boolean {
  return row.properties.some((one) => one.required === true);
}

/** `kernel: ${1:3 x 3}, filters: ${2:64}` */
function fieldsOf(row: BlockSchema): string {
  return row.properties
    .filter((one) => one.required === true)
    .map((one, i) => `${one.name}: \${${i + 1}:${one.example ?? ''}}`)
    .join(', ');
}

/** `${1:2400 rps}` */
function valuesOf(row: BlockSchema): string {
  return row.properties
    .filter((one) => one.required === true)
    .map((one, i) => `\${${i + 1}:${one.example ?? one.name}}`)
    .join(', ');
}

import { importInsertion, libraryDeclarations } from '../../library.ts';
import { type BlockSchema, type DeclarationKind, npuSchema } from '../../schema/index.ts';
import { describeBlock, describeProperty } from '../hover.ts';
import { type Completion, offer, type Site } from './site.ts';

/** Names of one kind that the file sees; then those of the library that it could import. */
export function declaredNames(site: Site, kind: DeclarationKind): readonly Completion[] {
  const { program, file, host } = site;
  const visible = program.declarations(file.uri);
  const names = new Set(visible.map((one) => one.name));
  const seen = visible.filter((one) => one.kind === kind).map((one) => one.name);
  const offers = [...new Set(seen)].map((name) => offer(site, name, kind, { detail: kind }));
  if (kind === 'let') return offers;
  const importable = libraryDeclarations(host)
    .filter((one) => one.kind === kind && !names.has(one.name))
    .map(({ name, library }) => ({
      ...offer(site, name, kind, { detail: library, documentation: `Imports "${library}".` }),
      imports: importInsertion(file.tree, library),
    }));
  return [...offers, ...importable];
}

/** Labels of layers before the cursor. */
export function labels(site: Site): readonly Completion[] {
  const names = new Set<string>(['input']);
  for (const fact of site.file.facts()) {
    if (fact.kind === 'label' && fact.end < site.place.start) names.add(fact.name);
  }
  return [...names].map((name) => offer(site, name, 'label', { detail: 'label' }));
}

/** Behind a dot: the blocks and properties of an npu. */
export function members(site: Site): readonly Completion[] {
  const path: string[] = [];
  for (const [i, word] of site.place.before.entries()) {
    if (i % 2 === 0 && word.kind !== '.') break;
    if (i % 2 === 1) path.unshift(word.text);
  }
  let schema: BlockSchema | undefined = npuSchema;
  for (const name of path.slice(1)) schema = schema?.blocks.find((one) => one.keyword === name);
  if (schema === undefined) return [];
  return [
    ...schema.properties.map((one) => offer(site, one.name, 'property', { documentation: describeProperty(one) })),
    ...schema.blocks.map((one) => offer(site, one.keyword, 'block', { documentation: describeBlock(one) })),
  ];
}

import { importInsertion, libraryDeclarations } from '../../library.ts';
import { type BlockSchema, type DeclarationKind, npuSchema } from '../../schema/index.ts';
import type { Statement } from '../../syntax/index.ts';
import { describeBlock, describeProperty } from '../hover.ts';
import { type Completion, offer, type Site } from './site.ts';

/** Names of one kind that the file can see, then names of the library that it could import. */
export function declaredNames(site: Site, kind: DeclarationKind): readonly Completion[] {
  const { program, file, host, place } = site;
  const visible = program.declarations(file.uri);
  const names = new Set(visible.map((one) => one.name));
  // A declaration cannot refer to itself.
  const own = visible.filter((one) => one.file.uri === file.uri && one.node.start <= place.start);
  const around = own.reduce(
    (last, one) => (last === undefined || one.node.start > last.node.start ? one : last),
    own[0],
  );
  const seen = visible.filter((one) => one.kind === kind && one !== around).map((one) => one.name);
  const offers = [...new Set(seen)].map((name) => offer(site, name, kind, { detail: kind }));
  if (kind === 'let') return [...parametersAround(site), ...offers];
  const importable = libraryDeclarations(host)
    .filter((one) => one.kind === kind && !names.has(one.name))
    .map(({ name, library }) => ({
      ...offer(site, name, kind, { detail: library, documentation: `Imports "${library}".` }),
      imports: importInsertion(file.tree, library),
    }));
  return [...offers, ...importable];
}

/** Parameters of the `block` around the cursor, for use in its layers. */
function parametersAround(site: Site): readonly Completion[] {
  const { file, place } = site;
  const around = file.tree.root.items.findLast((item) => item.start <= place.start);
  if (around?.kind !== 'statement' || around.keyword.text !== 'block') return [];
  return parameterNames(around).map((name) => offer(site, name, 'let', { detail: 'parameter' }));
}

/** Parameter names for a call of a block that the user declared. */
export function blockParameters(site: Site, name: string): readonly Completion[] {
  const declared = site.program.declarations(site.file.uri).find((one) => one.kind === 'block' && one.name === name);
  if (declared?.node.kind !== 'statement') return [];
  return parameterNames(declared.node).map((parameter) =>
    offer(site, parameter, 'property', { detail: name, text: `${parameter}: ` }),
  );
}

/** `f` and `g` of `block B(f, g: 2)`. */
function parameterNames({ parameters }: Statement): readonly string[] {
  return (parameters?.items ?? []).flatMap(({ name, value }) => {
    if (name !== undefined) return [name.text];
    const word = value.kind === 'path' && value.parts.length === 1 ? value.parts[0]?.text : undefined;
    return word === undefined ? [] : [word];
  });
}

/** Labels of layers before the cursor. */
export function labels(site: Site): readonly Completion[] {
  const names = new Set<string>(['input']);
  const own = ownLabel(site.place);
  for (const fact of site.file.facts()) {
    if (fact.kind === 'label' && fact.end < site.place.start && fact.name !== own) names.add(fact.name);
  }
  return [...names].map((name) => offer(site, name, 'label', { detail: 'label' }));
}

/** The label of the layer that the cursor is in, which cannot be its own input: `sum: add { inputs: [|] }`. undefined without a label. */
function ownLabel({ before, open }: Site['place']): string | undefined {
  const brace = open.findLast(({ kind }) => kind === '{');
  const at = before.findIndex(({ start }) => start === brace?.start);
  const [, colon, label] = at < 0 ? [] : before.slice(at + 1);
  return colon?.kind === ':' && label?.kind === 'name' ? label.text : undefined;
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

import type { Program } from '../program.ts';
import { describeBlock, describeProperty } from './hover.ts';
import { calledRow, placeAt } from './place.ts';
import { docComment } from './tree.ts';

/** The call around the cursor: its parameters and the index of the current one. */
export interface Signature {
  /** `poisson(rate)` */
  readonly label: string;
  readonly documentation: string;
  readonly parameters: readonly { readonly label: string; readonly documentation: string }[];
  readonly active: number;
}

export function signatureAt(program: Program, uri: string, offset: number): Signature | undefined {
  const file = program.files.get(uri);
  if (file === undefined) return undefined;
  const { before, open, start } = placeAt(file.tree, offset);
  const bracket = open.at(-1);
  if (bracket?.kind !== '(') return undefined;
  const at = before.findIndex((word) => word.start === bracket.start);
  const name = before[at + 1];
  if (at < 0 || name?.kind !== 'name') return undefined;
  let commas = 0;
  let depth = 0;
  for (const word of before.slice(0, at)) {
    if (word.kind === ')' || word.kind === ']' || word.kind === '}') depth++;
    else if (word.kind === '(' || word.kind === '[' || word.kind === '{') depth--;
    else if (word.kind === ',' && depth === 0) commas++;
  }
  const label = before[0]?.kind === ':' ? before[1]?.text : file.tree.text.slice(start, offset);
  const row = calledRow(name.text);
  if (row !== undefined) {
    const properties = row.properties.filter((one) => one.name !== 'inputs');
    const named = properties.findIndex((one) => one.name === label);
    return {
      label: `${row.keyword}(${properties.map((one) => one.name).join(', ')})`,
      documentation: describeBlock(row),
      parameters: properties.map((one) => ({ label: one.name, documentation: describeProperty(one) })),
      active: named >= 0 ? named : Math.min(commas, Math.max(0, properties.length - 1)),
    };
  }
  const block = program.declarations(uri).find((one) => one.kind === 'block' && one.name === name.text);
  if (block?.node.kind !== 'statement') return undefined;
  const parameters = (block.node.parameters?.items ?? []).map((one) => block.file.tree.text.slice(one.start, one.end));
  const named = parameters.findIndex((one) => one.split(':')[0]?.trim() === label);
  return {
    label: `${block.name}(${parameters.join(', ')})`,
    documentation: docComment(block.file.tree, block.node) ?? '',
    parameters: parameters.map((one) => ({ label: one, documentation: '' })),
    active: named >= 0 ? named : Math.min(commas, Math.max(0, parameters.length - 1)),
  };
}

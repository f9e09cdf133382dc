import {
  type BlockSchema,
  describeType,
  fileBlocks,
  joinedUnits,
  layersSchema,
  listedWords,
  metricWords,
  type PropertySchema,
  unitTable,
  type ValueType,
  type WordSchema,
} from '../language/index.ts';

/** docs/reference.md: every block, property and word of the language, from the schema table that the checker uses. */
export function referencePage(): string {
  const parts = [
    '# Reference',
    '',
    'Every block, property and word of the `.npu` language. This page is generated from the table that the checker, completion and hover read',
    '(`npm run docs`); [language.md](language.md) explains how the parts go together.',
    '',
    ...fileBlocks.flatMap((block) => section(block, 2, [])),
    ...section({ ...layersSchema, blocks: [] }, 2, []),
    ...layersSchema.blocks.flatMap((block) => section(block, 3, ['layers'])),
    ...objectives(),
    ...units(),
  ];
  return `${parts
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trimEnd()}\n`;
}

function section(block: BlockSchema, level: number, path: readonly string[]): readonly string[] {
  const here = [...path, block.keyword];
  const heading = `${'#'.repeat(Math.min(level, 5))} ${here.join(' › ')}`;
  const inner = block.blocks.filter((one) => one.keyword !== 'layers' && block.content !== 'layers');
  // Properties with any name are described by one row.
  const properties = block.entries === undefined ? block.properties : [...block.properties, block.entries];
  // Several operands have the same formats, which are described once.
  const forms = [...new Set(block.properties.flatMap((one) => formsOf(one.type)))];
  return [
    heading,
    '',
    `\`${headOf(block)}\`${blockRequirement(block)}${block.repeats === true ? ', may repeat' : ''}${alsoRead(block)}`,
    '',
    block.documentation,
    '',
    ...(block.subject.kind === 'word' ? [...words(listedWords(block.subject.words)), ''] : []),
    ...block.clauses.map((clause) => `- \`${clause.keyword}\`: ${clause.documentation}`),
    ...(block.clauses.length === 0 ? [] : ['']),
    ...table(properties),
    ...properties.flatMap(propertyWords),
    ...[...forms, ...inner].flatMap((one) => section(one, level + 1, here)),
  ];
}

function headOf(block: BlockSchema): string {
  const { subject } = block;
  switch (subject.kind) {
    case 'none':
      return block.keyword;
    case 'declares':
      return `${block.keyword} Name`;
    case 'reference':
      return `${block.keyword} ${subject.to}`;
    case 'label':
      return `${block.keyword} [Name]`;
    case 'word':
      return `${block.keyword} ${listedWords(subject.words)
        .map((one) => one.name)
        .join(' | ')}`;
    case 'count':
      return `${block.keyword} count`;
  }
}

function table(properties: readonly PropertySchema[]): readonly string[] {
  if (properties.length === 0) return [];
  return [
    '| property | takes | default | |',
    '|---|---|---|---|',
    ...properties.map((one) => {
      const fallback = one.default === undefined ? requirement(one) : `\`${one.default.text}\` (${one.default.source})`;
      const former = (one.formerly ?? []).map((name) => `\`${name}\``).join(', ');
      const note = former === '' ? '' : ` Also read: ${former}.`;
      return `| \`${one.name}\` | ${cell(describeType(one.type) + bounds(one.type))} | ${cell(fallback)} | ${cell(one.documentation + note)} |`;
    }),
    '',
  ];
}

function alsoRead({ formerly = [] }: BlockSchema): string {
  return formerly.length === 0 ? '' : `. Also read: ${formerly.map((name) => `\`${name}\``).join(', ')}`;
}

function blockRequirement({ required, requiredUnless }: BlockSchema): string {
  if (required !== true) return '';
  return `, required${requiredUnless === undefined ? '' : ` without ${requiredUnless.map((one) => `\`${one}\``).join(' and ')}`}`;
}

function requirement({ required, requiredUnless }: PropertySchema): string {
  if (required !== true) return '';
  if (requiredUnless === undefined) return 'required';
  return `required without ${requiredUnless.map((name) => `\`${name}\``).join(' and ')}`;
}

function bounds(type: ValueType): string {
  if (type.kind !== 'quantity') return '';
  const { minimum, maximum, above, integer } = type;
  const parts = [
    integer === true ? 'whole' : '',
    above === undefined ? '' : `above ${above}`,
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function propertyWords(property: PropertySchema): readonly string[] {
  const { type } = property;
  const listed = type.kind === 'word' ? type.words : type.kind === 'quantity' ? (type.words ?? []) : [];
  return listed.length === 0 ? [] : [`Words of \`${property.name}\`:`, '', ...words(listed), ''];
}

function words(all: readonly WordSchema[]): readonly string[] {
  return all.map((one) => {
    const former = (one.formerly ?? []).map((name) => `\`${name}\``).join(', ');
    return `- \`${one.name}\`: ${one.documentation}${former === '' ? '' : ` Also read: ${former}.`}`;
  });
}

function formsOf(type: ValueType): readonly BlockSchema[] {
  return type.kind === 'form' ? type.forms : [];
}

function objectives(): readonly string[] {
  const rows = metricWords.map((one) => `| \`${one.name}\` | \`${one.operator}\` | ${cell(one.documentation)} |`);
  return ['## Objectives', '', '| metric | limit | |', '|---|---|---|', ...rows, ''];
}

function units(): readonly string[] {
  const simple = unitTable.map(
    (one) => `| ${one.names.map((name) => `\`${name}\``).join(', ')} | ${one.dimension} | ${cell(one.documentation)} |`,
  );
  const joined = joinedUnits.map((one) => `\`${one.name}\``).join(', ');
  return [
    '## Units',
    '',
    '| unit | of | |',
    '|---|---|---|',
    ...simple,
    '',
    `Any two of them join with a slash: ${joined}.`,
    '',
  ];
}

/** A bar would end the cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

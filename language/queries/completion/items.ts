// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP's notation.

import { isLowerLimit } from '../../../design/index.ts';
import {
  burstForms,
  fileBlocks,
  layersSchema,
  type MeasureWord,
  measureWords,
  metricWords,
  replaces,
} from '../../schema/index.ts';
import { dimensionWords } from '../../units/index.ts';
import { declaredNames } from './names.ts';
import { offerBlock, offerForm, offerProperty, offerWord } from './rows.ts';
import { type Completion, offer, type Site } from './site.ts';

/** At the start of an item: the properties, blocks, layers or objectives that its block can contain. */
export function startsOfItems(site: Site): readonly Completion[] {
  const { inside, file, place } = site;
  if (inside === undefined) return [];
  if (inside.kind === 'file') return startsOfDeclarations(site);
  const { schema, items } = inside;
  if (schema.content === 'constraints') return metricWords.flatMap((word) => objectives(site, word));
  const written = new Set(
    items.map((item) =>
      item.kind === 'property'
        ? item.words.map((word) => word.text).join(' ')
        : item.kind === 'statement'
          ? item.keyword.text
          : '',
    ),
  );
  const current = file.tree.text.slice(place.start, place.end);
  const isFree = (name: string): boolean => !written.has(name) || name === current;
  // One entry shows the form of names that follow a pattern, such as `w4a16`.
  const { entries } = schema;
  const rows =
    schema.entryPattern === undefined || entries === undefined ? schema.properties : [...schema.properties, entries];
  const properties = rows.filter((one) => isFree(one.name)).map((one) => offerProperty(site, one));
  if (schema.content === 'layers') {
    const layers = layersSchema.blocks.map((row) => ({ ...offerBlock(site, row), kind: 'layer' as const }));
    return [...properties, ...layers, ...declaredNames(site, 'block')];
  }
  const present = schema.blocks.filter((one) => written.has(one.keyword) && one.keyword !== current);
  const blocks = schema.blocks.filter(
    (one) => one.repeats === true || (isFree(one.keyword) && !present.some((other) => replaces(one, other))),
  );
  const limits = schema.content === 'space' ? measureWords.map((word) => limitOf(site, word)) : [];
  return [...properties, ...blocks.map((one) => offerBlock(site, one)), ...limits];
}

function startsOfDeclarations(site: Site): readonly Completion[] {
  return [
    ...fileBlocks.map((row) => offerBlock(site, row)),
    offer(site, 'import', 'block', {
      detail: 'import',
      documentation: 'Shows what a file of the library, or one of yours, declares.',
      snippet: 'import "${1:stimpack/stimpack}"',
    }),
    offer(site, 'let', 'block', {
      detail: 'let',
      documentation: 'Gives a value a name.',
      snippet: 'let ${1:name} = ${2:value}',
    }),
  ];
}

/** `subject to area <= ${1:400 mm2}`, `subject to throughput >= ${1:2400 rps}`. */
function limitOf(site: Site, { name, measure, dimension, documentation }: MeasureWord): Completion {
  const head = `subject to ${name}`;
  return offer(site, head, 'word', {
    detail: head,
    documentation,
    snippet: `${head} ${isLowerLimit(measure) ? '>=' : '<='} ${'$'}{1:${dimensionWords[dimension].example}}`,
  });
}

const objectiveExamples: Readonly<Record<(typeof metricWords)[number]['name'], string>> = {
  latency: '15 ms',
  ttft: '500 ms',
  tpot: '50 ms',
  accuracy: '76 %',
  throughput: '1000 rps',
  goodput: '1000 rps',
};

/** `p99 latency <= ${1:15 ms}` */
function objectives(
  site: Site,
  { name, operator, documentation }: (typeof metricWords)[number],
): readonly Completion[] {
  const example = objectiveExamples[name];
  const heads =
    name === 'latency'
      ? ['p99 latency', 'p99.9 latency', 'p50 latency', 'mean latency', 'max latency']
      : name === 'ttft' || name === 'tpot'
        ? [`p99 ${name}`, `p95 ${name}`, `mean ${name}`]
        : [name];
  return heads.map((head) => {
    const detail = `${head} ${operator}`;
    return offer(site, head, 'word', { detail, documentation, snippet: `${detail} \${1:${example}}` });
  });
}

/** After a keyword or a clause: the names that can follow it. */
export function behindWord(site: Site, word: string): readonly Completion[] {
  switch (word) {
    case 'extends':
    case 'vary':
      return declaredNames(site, 'npu');
    case 'with':
      return [...declaredNames(site, 'scheduler'), ...burstForms.map((row) => offerForm(site, row))];
    case 'serve':
      return declaredNames(site, 'model');
    case 'repeat':
    case 'let':
    case 'as':
      return [];
  }
  const { inside, place } = site;
  const rows = inside?.kind === 'block' ? inside.schema.blocks : inside?.kind === 'file' ? fileBlocks : [];
  const row = rows.find((one) => one.keyword === word);
  if (row?.subject.kind === 'word') return row.subject.words.map((one) => offerWord(site, one));
  if (row?.subject.kind === 'reference') return declaredNames(site, row.subject.to);
  // A property of two words, `switch at`.
  const properties = inside?.kind === 'block' ? inside.schema.properties : [];
  const rest = properties.filter((one) => one.name.startsWith(`${word} `));
  if (rest.length > 0) {
    return rest.map((one) => {
      const label = one.name.slice(word.length + 1);
      return { ...offerProperty(site, one), label, insertText: `${label}: ` };
    });
  }
  const [, second] = place.before;
  const head = rows.find((one) => one.keyword === second?.text);
  if (head !== undefined) {
    return head.clauses.map(({ keyword, documentation }) =>
      offer(site, keyword, 'word', { documentation, text: `${keyword} ` }),
    );
  }
  const isObjective = inside?.kind === 'block' && inside.schema.content === 'constraints';
  if (!isObjective || metricWords.some((one) => one.name === word)) return [];
  return metricWords.map((one) => offerWord(site, one));
}

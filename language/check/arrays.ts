import type { Npu, Origin, RowIssue, SystolicArray } from '../../design/index.ts';
import { arrayMessages } from '../messages/index.ts';
import { npuSchema } from '../schema/index.ts';
import type { BlockReader } from './blocks.ts';
import type { Declaration } from './checked-file.ts';
import type { Settings } from './settings.ts';

/** Each layer is priced on every kind. Our assumption: no chip has more. */
const mostKinds = 16;

/** The blocks `array { ... }` and `array Name { ... }` of a chip. */
export interface ArrayBlocks {
  /** At least one. The first is the only kind, or the first in the file. */
  readonly blocks: readonly Settings[];
  /** Their `issue` blocks. */
  readonly issues: readonly Settings[];
  readonly arrays: Pick<Npu, 'array' | 'otherArrays'>;
  /** Columns of all arrays: the width of their port. */
  readonly columns: number;
  /** Arrays of the kind that has the most. */
  readonly mostArrays: number;
}

/** Reads the arrays of a chip. undefined if there are none or too many, which is reported. */
export function readArrays(
  name: string,
  origin: Origin,
  settings: Settings,
  reader: BlockReader,
): ArrayBlocks | undefined {
  const keys = [...settings.blocks.keys()].filter((key) => key === 'array' || key.startsWith('array '));
  const blocks = keys.flatMap((key) => settings.block(key) ?? []);
  if (blocks.length > mostKinds) {
    reader.reporter.report(origin, arrayMessages.tooManyKinds({ name, count: blocks.length, most: mostKinds }));
    return undefined;
  }
  if (blocks.length === 0) {
    if ([...settings.removed].some((key) => key === 'array' || key.startsWith('array ')))
      reader.reporter.report(origin, arrayMessages.noArrays());
    return undefined;
  }
  const arrays = blocks.map((block, index) => systolicArray(block, keys[index]?.slice('array '.length) ?? ''));
  const [array, ...others] = arrays;
  if (array === undefined) return undefined;
  return {
    blocks,
    issues: blocks.flatMap((block) => block.block('issue') ?? []),
    arrays: { array, ...(others.length === 0 ? {} : { otherArrays: others }) },
    columns: arrays.reduce((sum, { columns, count }) => sum + columns * count, 0),
    mostArrays: Math.max(...arrays.map(({ count }) => count)),
  };
}

function systolicArray(settings: Settings, name: string): SystolicArray {
  const issue = settings.block('issue');
  const sustained = settings.number('sustained');
  const sparse = settings.optionalNumber('sparse speedup');
  return {
    ...(name === '' ? {} : { name }),
    rows: settings.number('rows'),
    columns: settings.number('columns'),
    count: settings.number('count'),
    dataflow: settings.word('dataflow'),
    preload: settings.word('preload'),
    convolution: settings.word('convolution'),
    ...(issue === undefined ? {} : { issue: rowIssue(issue) }),
    ...(sustained === 1 ? {} : { sustainedFraction: sustained }),
    ...(sparse === undefined ? {} : { sparseSpeedup: sparse }),
  };
}

function rowIssue(settings: Settings): RowIssue {
  return { blockRows: settings.number('rows'), minimumCycles: settings.number('cycles') };
}

/** The names of the arrays that a chip and the chips that it extends write. A removed array is included: `vary` then reports its missing values. */
export function arrayNames(chip: Declaration, reader: BlockReader): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<Declaration>();
  let next: Declaration | undefined = chip;
  while (next !== undefined && !seen.has(next)) {
    seen.add(next);
    for (const item of next.node.kind === 'statement' ? (next.node.body?.items ?? []) : []) {
      if (item.kind !== 'statement' || item.keyword.text !== arrayKeyword || item.subject?.kind !== 'path') continue;
      const [name] = item.subject.parts;
      if (name !== undefined) names.add(name.text);
    }
    next = parentOf(next, reader);
  }
  return [...names];
}

function parentOf({ node, file }: Declaration, reader: BlockReader): Declaration | undefined {
  if (node.kind !== 'statement') return undefined;
  const value = node.clauses.find((one) => one.keyword.text === 'extends')?.value;
  const name = value?.kind === 'path' ? value.parts[0] : undefined;
  return name && reader.evaluator.lookUp(name, { file }, 'npu');
}

const arrayKeyword =
  npuSchema.blocks.find(({ subject }) => subject.kind === 'label' && subject.dotted !== true)?.keyword ?? 'array';

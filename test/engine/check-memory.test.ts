import { describe, expect, test } from 'vitest';
import { type Diagnostic, hasErrors } from '../../design/index.ts';
import { type FileHost, openProgram } from '../../engine/index.ts';
import { memorySize } from '../../engine/memory-size.ts';
import { exploreDesigns } from '../../simulator/index.ts';

const uri = 'file:///a.npu';

function open(text: string) {
  const host: FileHost = {
    readText: (asked) => (asked === uri ? text : { kind: 'not-found' }),
    readBytes: () => ({ kind: 'not-found' }),
    readTrace: () => ({ kind: 'not-found' }),
    libraryUri: () => undefined,
    libraryNames: () => [],
  };
  return openProgram(uri, host);
}

const chip = (name: string, hbm: string, more = ''): string => `npu ${name} {
  clock: 1 GHz
  array { rows: 16, columns: 16 }
  vector { rate: 64 operations/cycle }
  VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }
  HBM { capacity: ${hbm}, bandwidth: 100 GB/s }
  mode base { precision: bf16 }${more}
}
`;
const bursting = (source: string): string => `
  CMEM { capacity: 4 MiB, bandwidth: 200 GB/s }
  mode burst { precision: int8 }
  quantizer { source: ${source} }`;

/** 1000 x 1000 weights of two bytes and no biases: 2 MB. The input and the output have 2 kB each. */
const model = (name: string): string => `model ${name} {
  input: 1000
  layers { dense { outputs: 1000, bias: no } }
}
`;

/**
 * 1000 cached keys and values with 64 elements of two bytes: 256 kB for each request. The weights have
 * 4 x 64 x 64 x 2 = 33 kB.
 */
const decoder = `model Decoder {
  input: 1 x 64
  layers { attention { heads: 1, context: 1001, causal: yes, bias: no } }
}
`;

/** Two inputs, of which only the first is multiplied. */
const wide = `model Wide {
  inputs { a: 1000, b: 100000 }
  layers {
    product: dense { outputs: 1000, bias: no }
    concat { inputs: [product, b] }
  }
}
`;

const serve = (name: string, batch = 1, label = ''): string =>
  `  serve ${name}${label} {\n    arrivals: poisson(10 rps)\n    batch { max: ${batch} }\n  }\n`;
const scenario = (npu: string, ...rest: readonly string[]): string =>
  `scenario S {\n  npu: ${npu}\n${rest.join('')}}\n`;
const preempting = '  scheduler { order: priority, burst: never, switch at: layer, preemption: layer }\n';
const slack = '  scheduler { order: fifo, burst: always, switch at: layer, preemption: none }\n';

function shortage(text: string): Diagnostic | undefined {
  const { diagnostics } = open(text);
  const found = diagnostics.filter(({ code }) => code === 'memory-too-small');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual(found);
  return found[0];
}

function applied(text: string, fix: NonNullable<Diagnostic['fixes']>[number]): string {
  let changed = text;
  for (const { origin, newText } of fix.edits.toSorted((a, b) => b.origin.start - a.origin.start))
    changed = changed.slice(0, origin.start) + newText + changed.slice(origin.end);
  return changed;
}

/** A chip `C` with only on-chip memories. */
const onChip = (vmem: string, more = ''): string =>
  chip('C', '1 MB')
    .replace('VMEM { capacity: 1 MiB', `VMEM { capacity: ${vmem}`)
    .replace(/HBM .*/u, `HBM: none\n  host { bandwidth: 10 GB/s }\n  ${more}`);
const threeModels = model('A') + model('B') + model('D');
const threeServes = [serve('A'), serve('B'), serve('D')] as const;

/** A name, a text, and a part of its message. null: the networks fit. */
const cases: readonly (readonly [string, string, string | null])[] = [
  ['accepts weights that fit', chip('C', '2.1 MB') + model('A') + scenario('C', serve('A')), null],
  [
    'weights',
    chip('C', '1 MB') + model('A') + scenario('C', serve('A')),
    'HBM of C has 1 MB, but S needs 2 MB: 2 MB for the weights of A, 4 kB for the activations of a request of A',
  ],
  [
    'two networks',
    chip('C', '3 MB') + model('A') + model('B') + scenario('C', serve('A'), serve('B')),
    'HBM of C has 3 MB, but S needs 4 MB: 2 MB for the weights of A, 2 MB for the weights of B',
  ],
  [
    'stores the weights of a network once if two serves use it',
    chip('C', '2.1 MB') + model('A') + scenario('C', serve('A'), serve('A', 1, ' as A2')),
    null,
  ],
  [
    'stores all weights in each of several chips',
    chip('C', '2.1 MB') + model('A') + scenario('C', '  chips: 4\n', serve('A')),
    null,
  ],
  [
    'activations of a batch',
    chip('C', '2.1 MB') + model('A') + scenario('C', serve('A', 100)),
    'S needs 2.4 MB: 2 MB for the weights of A, 400 kB for the activations of a batch of 100 of A',
  ],
  [
    'stored copies',
    chip('C', '2.5 MB', bursting('stored')) + model('A') + scenario('C', slack, serve('A')),
    'S needs 3 MB: 2 MB for the weights of A, 1 MB for the quantized copy of the weights of A',
  ],
  [
    'quantized copies that are fetched',
    chip('C', '2.5 MB', bursting('off-chip')) + model('A') + scenario('C', slack, serve('A')),
    '1 MB for the quantized copy of the weights of A',
  ],
  [
    'needs no quantized copy if the chip converts the weights',
    chip('C', '2.5 MB', bursting('on-chip')) + model('A') + scenario('C', slack, serve('A')),
    null,
  ],
  [
    'a quantized copy of weights that have no place on the chip',
    chip('C', '2.5 MB', bursting('on-chip').replace('4 MiB', '1 KiB')) + model('A') + scenario('C', slack, serve('A')),
    '1 MB for the quantized copy of the weights of A',
  ],
  [
    'needs no quantized copy if the copies are nested',
    chip('C', '2.5 MB', bursting('nested').replace('4 MiB', '1 KiB')) + model('A') + scenario('C', slack, serve('A')),
    null,
  ],
  [
    'needs no quantized copy without burst mode',
    chip('C', '2.5 MB', bursting('stored')) + model('A') + scenario('C', slack.replace('always', 'never'), serve('A')),
    null,
  ],
  [
    'caches of a batch',
    chip('C', '2 MB') + decoder + scenario('C', serve('Decoder', 8)),
    '2.05 MB for the cached keys and values of a batch of 8 of Decoder',
  ],
  ['accepts caches of a smaller batch', chip('C', '2 MB') + decoder + scenario('C', serve('Decoder', 7)), null],
  [
    // 2 + 2 MB of weights, and the larger of 100 x 4 kB and 10 x 4 kB: batches run one after another.
    'batches of two networks: the larger one',
    chip('C', '4.3 MB') + model('A') + model('B') + scenario('C', serve('A', 100), serve('B', 10)),
    'S needs 4.4 MB: 2 MB for the weights of A, 2 MB for the weights of B, 400 kB for the activations of a batch of 100 of A',
  ],
  [
    'exactly as much as that',
    chip('C', '4.4 MB') + model('A') + model('B') + scenario('C', serve('A', 100), serve('B', 10)),
    null,
  ],
  [
    // A batch that waits at a layer keeps its activations: 400 + 40 kB.
    'batches of two networks that interrupt each other',
    chip('C', '4.4 MB') + model('A') + model('B') + scenario('C', preempting, serve('A', 100), serve('B', 10)),
    'S needs 4.44 MB: 2 MB for the weights of A, 2 MB for the weights of B, 400 kB for the activations of a batch of 100 of A, 40 kB for the activations of a batch of 10 of B',
  ],
  [
    // 900 of each are 3.6 MB each; 500 kB are left, which are 62 of each.
    'large batches that interrupt each other',
    chip('C', '4.5 MB') + model('A') + model('B') + scenario('C', preempting, serve('A', 900), serve('B', 900)),
    'S needs 11.2 MB',
  ],
  [
    // 2 x (2 + 1) MB, and 100 x 4 kB.
    'copies of two networks and a batch',
    chip('C', '6.3 MB', bursting('stored')) +
      model('A') +
      model('B') +
      scenario('C', slack, serve('A', 100), serve('B')),
    'S needs 6.4 MB: 2 MB for the weights of A, 2 MB for the weights of B, 1 MB for the quantized copy of the weights of A, 1 MB for the quantized copy of the weights of B, 400 kB',
  ],
  [
    // Each of the chips stores 2 MB and 400 kB, however many there are.
    'several chips, each of which is too small',
    chip('C', '2.3 MB') + model('A') + scenario('C', '  chips: 3\n', serve('A', 100)),
    'S needs 2.4 MB: 2 MB for the weights of A, 400 kB for the activations of a batch of 100 of A',
  ],
  [
    // One byte for each weight and activation: 1 MB and 2 kB.
    'base mode in int8',
    chip('C', '1 MB').replace('bf16', 'int8') + model('A') + scenario('C', serve('A')),
    'S needs 1.002 MB: 1 MB for the weights of A, 2 kB for the activations of a request of A',
  ],
  [
    // 2 MB of weights; inputs of 1,000 and 100,000 elements and a result of 101,000: 404 kB.
    'all inputs of a network',
    chip('C', '2.3 MB') + wide + scenario('C', serve('Wide')),
    'S needs 2.4 MB: 2 MB for the weights of Wide, 404 kB for the activations of a request of Wide',
  ],
  ['what needs no more', chip('C', '2.404 MB') + wide + scenario('C', serve('Wide')), null],
  [
    'a variant on a smaller chip',
    chip('C', '4 MB') + chip('Small', '1 MB') + model('A') + scenario('C', '  compare: [Small]\n', serve('A')),
    'HBM of Small has 1 MB, but S needs 2 MB',
  ],
  [
    'a large batch on the chip and on a variant',
    chip('C', '2.3 MB') + chip('Small', '2.2 MB') + model('A') + scenario('C', '  compare: [Small]\n', serve('A', 100)),
    'HBM of C has 2.3 MB, but S needs 2.4 MB',
  ],
  [
    'another kind of chip',
    chip('C', '4 MB') + chip('Small', '1 MB') + model('A') + scenario('C', '  also Small { chips: 2 }\n', serve('A')),
    'HBM of Small has 1 MB, but S needs 2 MB',
  ],
  [
    'a scheduler in compare with which another kind of chip stores a copy',
    chip('C', '4 MB') +
      chip('Small', '2.5 MB', bursting('stored')) +
      model('A') +
      scenario('C', slack.replace('always', 'never'), '  also Small { chips: 2 }\n  compare: [always]\n', serve('A')),
    'HBM of Small has 2.5 MB, but S needs 3 MB: 2 MB for the weights of A, 1 MB for the quantized copy of the weights of A',
  ],
  [
    // 5 MB: half of VMEM, and CMEM.
    'a chip without off-chip memory',
    onChip('2 MB', 'CMEM { capacity: 4 MB, bandwidth: 200 GB/s }') + threeModels + scenario('C', ...threeServes),
    'The on-chip memory of C has 5 MB besides the 1 MB for tiles (half of VMEM), but S needs 6 MB: 2 MB for the weights of A, 2 MB for the weights of B, 2 MB for the weights of D',
  ],
  [
    'a chip with nothing but VMEM',
    onChip('10 MB') + threeModels + scenario('C', ...threeServes),
    'The on-chip memory of C has 5 MB besides the 5 MB for tiles (half of VMEM), but S needs 6 MB',
  ],
  [
    'a chip with nothing but a unified buffer',
    onChip('10 MB').replace('VMEM', 'buffer') + threeModels + scenario('C', ...threeServes),
    'The on-chip memory of C has 5 MB besides the 5 MB for tiles (half of the buffer), but S needs 6 MB',
  ],
  [
    'a kind and a variant without off-chip memory',
    chip('Large', '40 MB') +
      onChip('10 MB') +
      onChip('8 MB').replace('npu C', 'npu D2') +
      threeModels +
      scenario('Large', '  also C { chips: 1 }\n  compare: [D2]\n', ...threeServes),
    'The on-chip memory of C has 5 MB',
  ],
];

describe('the off-chip memory of a scenario', () => {
  test.each(cases)('%s', (_, text, says) => {
    const found = shortage(text);
    if (says === null) expect(found).toBeUndefined();
    else expect(found?.message).toContain(says);
  });

  test('an error is at the name of the scenario and lists the chip and each part', () => {
    const text = chip('C', '1 MB') + model('A') + scenario('C', serve('A'));
    const found = shortage(text);
    expect(text.slice(found?.origin.start, found?.origin.end)).toBe('S');
    expect(found?.related?.map(({ message }) => message)).toEqual([
      'HBM of C has 1 MB',
      '2 MB for the weights of A',
      '4 kB for the activations of a request of A',
    ]);
  });

  test.each(cases.filter(([, , says]) => says !== null))('each quick fix solves the problem: %s', (_, text) => {
    const found = shortage(text);
    expect(found?.fixes?.length).toBeGreaterThan(0);
    for (const fix of found?.fixes ?? []) {
      const { diagnostics } = open(applied(text, fix));
      expect(hasErrors(diagnostics), `${fix.title}: ${diagnostics.map(({ message }) => message).join()}`).toBe(false);
    }
  });

  test.each([
    ['activations of a batch', ['Enlarge HBM of C to 3 MB', 'Limit the batch of A to 25']],
    ['stored copies', ['Enlarge HBM of C to 4 MB', 'Convert weights on the chip instead of storing a quantized copy']],
    ['caches of a batch', ['Enlarge HBM of C to 3 MB', 'Limit the batch of Decoder to 7']],
    ['two networks', ['Enlarge HBM of C to 6 MB']],
    [
      'a large batch on the chip and on a variant',
      ['Enlarge HBM of C to 3 MB and HBM of Small to 3 MB', 'Limit the batch of A to 50'],
    ],
    ['another kind of chip', ['Enlarge HBM of Small to 3 MB']],
    [
      'a scheduler in compare with which another kind of chip stores a copy',
      ['Enlarge HBM of Small to 4 MB', 'Convert weights on Small instead of storing a quantized copy'],
    ],
    ['a chip without off-chip memory', ['Enlarge CMEM of C to 6 MB']],
    ['a chip with nothing but VMEM', ['Enlarge VMEM of C to 16 MB']],
    ['a chip with nothing but a unified buffer', ['Enlarge buffer of C to 16 MB']],
    ['a kind and a variant without off-chip memory', ['Enlarge VMEM of C to 16 MB and VMEM of D2 to 16 MB']],
    // 110 requests are 10 too many: 100 of A would fit beside one of B, and 90 fit beside 10.
    ['batches of two networks that interrupt each other', ['Enlarge HBM of C to 6 MB', 'Limit the batch of A to 90']],
    [
      'large batches that interrupt each other',
      ['Enlarge HBM of C to 12 MB', 'Limit the batch of A to 62 and that of B to 62'],
    ],
  ])('the quick fixes for %s', (name, titles) => {
    const text = cases.find(([own]) => own === name)?.[1] ?? '';
    expect(shortage(text)?.fixes?.map(({ title }) => title)).toEqual(titles);
  });

  test('two variants with the same chip give one error', () => {
    const { diagnostics } = open(
      chip('C', '4 MB') +
        chip('Small', '1 MB') +
        model('A') +
        'scheduler Q { order: edf }\n' +
        scenario('C', '  compare: [Small, Small with Q]\n', serve('A')),
    );
    expect(diagnostics.filter(({ code }) => code === 'memory-too-small')).toHaveLength(1);
  });

  test('an exploration skips designs that do not fit and reports the reason', () => {
    const program = open(
      `${chip('C', '4 MB')}${model('A')}${scenario('C', serve('A'))}explore E {
  scenario: S
  vary C.HBM.capacity in [1 MB, 2 MB, 3 MB]
  maximize throughput
}
`,
    );
    const candidates = program.candidates('E');
    if (candidates === undefined) throw new Error(program.diagnostics.map(({ message }) => message).join('\n'));
    const designs = [0, 1, 2].map((design) => ({ design, candidate: candidates.design(design) }));
    const found = exploreDesigns(candidates.exploration.goals, designs);
    expect(found?.problems.map(({ design, message }) => [design, message.slice(0, 40)])).toEqual([
      [0, 'HBM of C has 1 MB, but S needs 2 MB: 2 M'],
      [1, 'HBM of C has 2 MB, but S needs 2.004 MB:'],
    ]);
    expect(found?.measures[0]?.[2]).toBeGreaterThan(0);
  });
});

test.each([
  [1, '1 MB'],
  [1e6, '1 MB'],
  [1.1e6, '1.5 MB'],
  [2.5e6, '3 MB'],
  [769e6, '1 GB'],
  [8.1e9, '12 GB'],
  [119e9, '128 GB'],
  [17e12, '24 TB'],
])('%d bytes fit into %s', (bytes, size) => {
  expect(memorySize(bytes)).toBe(size);
});

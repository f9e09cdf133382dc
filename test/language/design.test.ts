import { describe, expect, it } from 'vitest';
import {
  arraysOf,
  arrayText,
  hasErrors,
  type Layer,
  type Npu,
  type Operation,
  type Scenario,
} from '../../design/index.ts';
import { compile, type Program } from '../../language/index.ts';
import { testHost } from './host.ts';

const uri = 'file:///designs/root.npu';

function program(text: string, files: Readonly<Record<string, string>> = {}): Program {
  return compile(uri, testHost({ [uri]: text, ...files }));
}

function design(text: string, files: Readonly<Record<string, string>> = {}) {
  const { design, diagnostics } = program(text, files);
  expect(diagnostics.filter((one) => one.severity === 'error').map((one) => one.message)).toEqual([]);
  return design;
}

const chip = `npu C {
  clock: 1.05 GHz, array { rows: 8, columns: 4 }, vector { rate: 8 operations/cycle }
  VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }, CMEM { capacity: 128 MiB, bandwidth: 2 TB/s }, HBM { capacity: 8 GB, bandwidth: 614 GB/s }
}
`;

function npu(text: string): Npu | undefined {
  return design(text).npus.at(-1);
}

function never(): never {
  throw new Error('no npu');
}

describe('quantities', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['clock', '1.05 GHz', 1.05e9],
    ['clock', '1050 MHz', 1.05e9],
    ['clock', '2 * 500 MHz + 0.05 GHz', 1.05e9],
    ['clock', '1 / (1 ns)', 1e9],
    ['clock', '-(1 GHz - 3 GHz)', 2e9],
  ];
  for (const [property, written, expected] of cases) {
    it(`${property}: ${written}`, () =>
      expect(npu(`${chip}npu D extends C { ${property}: ${written} }`)?.clockHertz).toBeCloseTo(expected, 3));
  }

  it('are exact if a double can represent them', () => {
    const made = npu(
      `${chip}npu D extends C { HBM { bandwidth: 1.0752 TB/s }, CMEM { capacity: 128 MiB }, switch { latency: 15 ms } }`,
    );
    expect(made?.hbm).toEqual({ capacityBytes: 8e9, bandwidthBytesPerSecond: 1075200000000 });
    expect(made?.cmem?.capacityBytes).toBe(134217728);
    expect(made?.switchLatencySeconds).toBe(0.015);
  });

  it('multiply and divide into other dimensions', () => {
    const text = `let window = 10 ms\nlet read = 614 GB/s * window\n${chip}npu D extends C { VMEM { capacity: read, bandwidth: read / window } }`;
    expect(npu(text)?.vmem).toEqual({ capacityBytes: 6.14e9, bandwidthBytesPerSecond: 614e9 });
  });

  it('of an array state how it issues work, and an extending chip can remove that', () => {
    const direct = `${chip}npu D extends C { array { convolution: direct, issue { rows: 16, cycles: 4 } } }`;
    expect(npu(direct)?.array).toMatchObject({ convolution: 'direct', issue: { blockRows: 16, minimumCycles: 4 } });
    expect(npu(`${direct}\nnpu E extends D { array { issue: none } }`)?.array.issue).toBeUndefined();
  });

  it('of cycles use the chip’s clock', () => {
    expect(npu(`${chip}npu D extends C { switch { latency: 1050 cycles } }`)?.switchLatencySeconds).toBeCloseTo(
      1e-6,
      12,
    );
  });
});

describe('npu', () => {
  it('has the defaults of the schema', () => {
    expect(npu(chip)).toMatchObject({
      array: {
        rows: 8,
        columns: 4,
        count: 1,
        dataflow: 'weight-stationary',
        preload: 'hidden',
        convolution: 'im2col',
      },
      base: { precision: 'bf16', packing: 'none' },
      burst: null,
      quantizer: { source: 'on-chip', elementsPerCycle: 4 },
      dispatch: { latencySeconds: 0, perOperatorSeconds: 0 },
      host: null,
      residency: 'pinned',
      energy: null,
    });
  });

  it('has one array without a name, or several with names, which an extending npu changes, adds and removes', () => {
    const arrays = (text: string): readonly string[] => arraysOf(npu(text) ?? never()).map(arrayText);
    const named = `${chip}npu D extends C { array: none, array Big { rows: 16, columns: 8 }, array Small { rows: 2, columns: 2, count: 8 } }\n`;
    const cases: readonly (readonly [string, readonly string[]])[] = [
      [chip, ['1 x (8 x 4)']],
      [`${chip}npu D extends C { array Small { rows: 2, columns: 2 } }`, ['1 x (8 x 4)', 'Small: 1 x (2 x 2)']],
      [named, ['Big: 1 x (16 x 8)', 'Small: 8 x (2 x 2)']],
      [`${named}npu E extends D { array Small { count: 0.5 x } }`, ['Big: 1 x (16 x 8)', 'Small: 4 x (2 x 2)']],
      [`${named}npu E extends D { array Big: none }`, ['Small: 8 x (2 x 2)']],
      [
        `${named}npu E extends D { array { rows: 1, columns: 1 } }`,
        ['Big: 1 x (16 x 8)', 'Small: 8 x (2 x 2)', '1 x (1 x 1)'],
      ],
    ];
    for (const [text, expected] of cases) expect(arrays(text)).toEqual(expected);
    // One element per cycle for each column of each array.
    expect(npu(named)?.quantizer.elementsPerCycle).toBe(8 + 8 * 2);
    const kinds = Array.from({ length: 17 }, (_, i) => `array A${i} { rows: 1, columns: 1 }`).join(', ');
    expect(
      program(`${chip}npu D extends C { array: none, ${kinds} }`).diagnostics.map(({ message }) => message),
    ).toEqual(["'D' has 17 kinds of arrays, but at most 16 are possible. Use 'count' for identical arrays."]);
  });

  it('extends another, block by block', () => {
    const made = npu(`${chip}
npu D extends C { array { rows: 16 }, mode burst { precision: int8 }, quantizer { rate: unlimited } }
npu E extends D { mode burst { packing: reduction }, CMEM: none }`);
    expect(made).toMatchObject({
      name: 'E',
      array: { rows: 16, columns: 4 },
      burst: { precision: 'int8', packing: 'reduction' },
      cmem: null,
      quantizer: { elementsPerCycle: Number.POSITIVE_INFINITY },
    });
    expect(
      npu(`${chip}npu D extends C { mode burst { precision: int8 } }\nnpu E extends D { mode burst: none }`)?.burst,
    ).toBeNull();
  });

  const parts: readonly (readonly [block: string, expected: object])[] = [
    [
      'dispatch { latency: 5 us, per operator: 0.9 us }',
      { dispatch: { latencySeconds: 5e-6, perOperatorSeconds: 9e-7 } },
    ],
    ['dispatch { per operator: 1050 cycles }', { dispatch: { latencySeconds: 0, perOperatorSeconds: 1e-6 } }],
    ['host { bandwidth: 16 GB/s, latency: 2 us }', { host: { bandwidthBytesPerSecond: 16e9, latencySeconds: 2e-6 } }],
    ['host { bandwidth: 16 GB/s }', { host: { bandwidthBytesPerSecond: 16e9, latencySeconds: 0 } }],
    ['array { sustained: 74 % }', { array: { rows: 8, sustainedFraction: 0.74 } }],
    [
      'HBM { efficiency: 85 %, access: 64 B }',
      { hbm: { bandwidthBytesPerSecond: 614e9, efficiency: 0.85, accessBytes: 64 } },
    ],
    [
      'CMEM { read: 1.5 TB/s, write: 500 GB/s }',
      { cmem: { bandwidthBytesPerSecond: 2e12, readBytesPerSecond: 1.5e12, writeBytesPerSecond: 5e11 } },
    ],
    ['CMEM { write: 1 TB/s }', { cmem: { bandwidthBytesPerSecond: 2e12, writeBytesPerSecond: 1e12 } }],
    ['CMEM { bandwidth: 1000 B/cycle }', { cmem: { bandwidthBytesPerSecond: 1.05e12 } }],
    ['CMEM { bw: 1000 B/clk }', { cmem: { bandwidthBytesPerSecond: 1.05e12 } }],
    ['array { num: 3, dataflow: OS }', { array: { count: 3, dataflow: 'output-stationary' } }],
    ['quantizer { source: nested, penalty: 3 % }', { quantizer: { source: 'nested', nestedPenalty: 0.03 } }],
    ['quantizer { last fold: 100 % }', { quantizer: { source: 'on-chip', lastFold: 1 } }],
    ['CMEM { bandwidth: 1 KiB/cycle, clock: 2 GHz }', { cmem: { bandwidthBytesPerSecond: 2.048e12 } }],
    ['HBM { read: 0.5 B/cycle, clock: 1 GHz }', { hbm: { bandwidthBytesPerSecond: 614e9, readBytesPerSecond: 5e8 } }],
    ['CMEM { clock: 2 GHz }', { cmem: { bandwidthBytesPerSecond: 2e12 } }],
    ['vector { clock: 2.1 GHz }', { vectorUnit: { operationsPerCycle: 16 } }],
    ['HBM { bandwidth: 0.5 x, capacity: 2 x }', { hbm: { capacityBytes: 16e9, bandwidthBytesPerSecond: 307e9 } }],
    ['clock: 2 x, array { rows: 2 x, count: 1 }', { clockHertz: 2.1e9, array: { rows: 16, columns: 4, count: 1 } }],
    ['array { columns: 8, count: 3 }', { quantizer: { elementsPerCycle: 24 } }],
    ['quantizer { rate: 7 elements/cycle }', { quantizer: { elementsPerCycle: 7 } }],
    [
      'array { count: 4 }, attention { arrays: 1, queries: 32, per pass: 2 us, launch: 1050 cycles }',
      { attention: { arrays: 1, queriesPerPass: 32, passSeconds: 2e-6, launchSeconds: 1e-6 } },
    ],
    [
      'array { count: 4 }, attention { queries: 8, softmax: 64 elements/cycle }',
      { attention: { arrays: 4, queriesPerPass: 8, passSeconds: 0, launchSeconds: 0, softmaxPerCycle: 64 } },
    ],
    [
      'mode burst { precision: int8 }, quantizer { source: nested, nested penalty: 3 % }',
      { quantizer: { source: 'nested', nestedPenalty: 0.03 } },
    ],
  ];
  for (const [block, expected] of parts) {
    it(`reads ${block}`, () => expect(npu(`${chip}npu D extends C { ${block} }`)).toMatchObject(expected));
  }

  it('adds the bandwidths of two ports that state no total', () => {
    const ports = chip.replace(
      'CMEM { capacity: 128 MiB, bandwidth: 2 TB/s }',
      'CMEM { capacity: 128 MiB, read: 2 TB/s, write: 1 TB/s }',
    );
    expect(npu(ports)?.cmem?.bandwidthBytesPerSecond).toBe(3e12);
  });

  it('removes fixed costs and the link to the host', () => {
    const costly = `${chip}npu D extends C { dispatch { latency: 5 us }, host { bandwidth: 16 GB/s } }`;
    const none = { dispatch: { latencySeconds: 0, perOperatorSeconds: 0 }, host: null };
    expect(npu(`${costly}\nnpu E extends D { dispatch: none, host: none }`)).toMatchObject(none);
  });

  const memories: readonly (readonly [text: string, expected: object])[] = [
    ['', { offChip: 'HBM', hbm: { capacityBytes: 8e9 } }],
    [
      'npu D extends C { DRAM { bandwidth: 34 GB/s } }',
      { offChip: 'DRAM', hbm: { capacityBytes: 8e9, bandwidthBytesPerSecond: 34e9 } },
    ],
    [
      'npu D extends C { DRAM { bandwidth: 34 GB/s } }\nnpu E extends D { clock: 2 GHz }',
      { offChip: 'DRAM', clockHertz: 2e9 },
    ],
    [
      'npu D extends C { DRAM { bandwidth: 34 GB/s } }\nnpu E extends D { HBM { capacity: 1 GB } }',
      { offChip: 'HBM', hbm: { bandwidthBytesPerSecond: 34e9 } },
    ],
    [
      'npu D extends C { HBM: none, host { bandwidth: 4 GB/s, latency: 1 us } }',
      {
        offChip: 'none',
        hbm: { capacityBytes: 2 ** 19 + 2 ** 27, bandwidthBytesPerSecond: 4e9 },
        host: { bandwidthBytesPerSecond: Number.POSITIVE_INFINITY, latencySeconds: 1e-6 },
      },
    ],
    [
      'npu D extends C { DRAM: none, host { bandwidth: 4 GB/s } }\nnpu E extends D { DRAM { capacity: 1 GB, bandwidth: 9 GB/s } }',
      { offChip: 'DRAM', hbm: { capacityBytes: 1e9 }, host: { bandwidthBytesPerSecond: 4e9 } },
    ],
    [
      'npu D extends C { buffer { capacity: 4 MiB, bandwidth: 3 TB/s } }',
      {
        unified: true,
        vmem: { capacityBytes: 2 ** 22, bandwidthBytesPerSecond: 3e12 },
        cmem: { capacityBytes: 2 ** 22, bandwidthBytesPerSecond: 3e12 },
      },
    ],
    [
      'npu D extends C { buffer { capacity: 4 MiB, bandwidth: 3 TB/s } }\nnpu E extends D { buffer { capacity: 8 MiB } }',
      { unified: true, vmem: { capacityBytes: 2 ** 23, bandwidthBytesPerSecond: 3e12 } },
    ],
    [
      'npu D extends C { buffer { capacity: 4 MiB, bandwidth: 3 TB/s }, energy { buffer: 2 pJ/B, DRAM: 20 pJ/B } }',
      { energy: { vmemJoulesPerByte: 2e-12, cmemJoulesPerByte: 2e-12, hbmJoulesPerByte: 2e-11 } },
    ],
  ];
  for (const [text, expected] of memories) {
    it(`has the memories of ${text}`, () => expect(npu(chip + text)).toMatchObject(expected));
  }

  it('multiplies the values of its parent, through several parents and in bytes per cycle', () => {
    const made = npu(`${chip}npu D extends C { CMEM { bandwidth: 100 B/cycle } }
npu E extends D { CMEM { bandwidth: 3 x } }
npu F extends E { clock: 2 GHz, CMEM { bandwidth: 0.1 x } }`);
    expect(made?.cmem?.bandwidthBytesPerSecond).toBe(60e9);
  });

  it('replaces the one buffer by separate memories', () => {
    const one = `${chip}npu D extends C { buffer { capacity: 4 MiB, bandwidth: 3 TB/s } }`;
    const made = npu(`${one}\nnpu E extends D { VMEM { capacity: 1 MiB, bandwidth: 1 TB/s } }`);
    expect(made).toMatchObject({ vmem: { capacityBytes: 2 ** 20 }, cmem: null });
    expect(made?.unified).toBeUndefined();
  });

  const contradictions: readonly (readonly [block: string, message: string])[] = [
    [
      'CMEM { read: 3 TB/s }',
      "'read' of CMEM is 3 TB/s, but reads and writes share a bandwidth of 2 TB/s. Lower 'read' or raise 'bandwidth'.",
    ],
    [
      'mode base { precision: fp32 }, mode burst { precision: int8 }, quantizer { source: nested }',
      "'source: nested' needs weights of 16 bits in base mode and of 8 bits in burst mode, but they are fp32 and int8. Change a mode, or write 'source: stored'.",
    ],
    [
      'attention { arrays: 2, queries: 32 }',
      "'arrays: 2' in the attention block is more than the 1 of the chip. Write 1 or less.",
    ],
    [
      'HBM { capacity: 1 GB }, DRAM { capacity: 1 GB }',
      "'DRAM' replaces 'HBM', but this block has both. Remove one of the two.",
    ],
    [
      'VMEM { capacity: 1 MiB }, buffer { capacity: 1 MiB, bandwidth: 1 TB/s }',
      "'buffer' replaces 'VMEM', but this block has both. Remove one of the two.",
    ],
    [
      'host { bandwidth: 0.5 x }',
      "A factor with 'x' multiplies an inherited value, but no npu that this one extends states 'bandwidth'. Write a bandwidth, such as 614 GB/s.",
    ],
    ['array { columns: 0.3 x }', "'columns' is 1.2. It must be a whole number."],
    [
      'CMEM { bandwidth: 2e9 B/cycle }',
      "'bandwidth' is 2000000000 B/cycle. It must be from 0.001 B/cycle to 1000000000 B/cycle.",
    ],
    ['CMEM { bandwidth: 2 TB }', "This is an amount of memory. 'bandwidth' needs a bandwidth, such as 614 GB/s."],
    [
      'HBM: none',
      "A chip with 'HBM: none' needs the block 'host': inputs and results cross that link. Add 'host { bandwidth: 4 GB/s }'.",
    ],
    ['buffer { capacity: 1 MiB }', "'buffer' needs 'bandwidth', such as 'bandwidth: 614 GB/s'."],
    ['HBM { efficiency: 0 % }', "'efficiency' is 0 %. It must be more than 0 %."],
    ['HBM { efficiency: 101 % }', "'efficiency' is 101 %. It must be at most 100 %."],
    ['array { sustained: 1.2 }', "'sustained' is 120 %. It must be at most 100 %. Did you mean '1.2 %'?"],
    ['host { latency: 2 us }', "'host' needs 'bandwidth', such as 'bandwidth: 16 GB/s'."],
  ];
  for (const [block, message] of contradictions) {
    it(`rejects ${block}`, () => {
      const { diagnostics } = program(`${chip}npu D extends C { ${block} }`);
      expect(diagnostics.filter((one) => one.severity === 'error').map((one) => one.message)).toEqual([message]);
    });
  }

  it('has an energy only if the file states one', () => {
    const made = npu(`${chip}npu D extends C { energy { mac { bf16: 0.6 pJ }, HBM: 40 pJ/B, static: 55 W } }`);
    expect(made?.energy).toEqual({
      macJoules: { bf16: 6e-13 },
      vectorOperationJoules: 0,
      vmemJoulesPerByte: 0,
      cmemJoulesPerByte: 0,
      hbmJoulesPerByte: 4e-11,
      quantizeJoulesPerElement: 0,
      staticWatts: 55,
    });
  });
});

function layers(input: string, written: string, before = ''): readonly Layer[] {
  return design(`${before}\nmodel M { input: ${input}, layers {\n${written}\n} }`).models[0]?.layers ?? [];
}

/** The name, inputs and output shape of each layer. */
function show(all: readonly Layer[]): readonly string[] {
  return all.map((layer) => `${layer.name}(${layer.inputs.join(',')}) ${layer.outputShape.join('x')}`);
}

describe('shapes', () => {
  const cases: readonly (readonly [string, string, string, Partial<Operation>])[] = [
    [
      '224 x 224 x 3',
      'conv { kernel: 7 x 7, filters: 64, stride: 2, padding: 3 }',
      '112x112x64',
      { kind: 'conv', groups: 1, bias: true },
    ],
    [
      '224 x 224 x 3',
      'conv(3 x 3, 32, stride: 2, padding: same)',
      '112x112x32',
      { kind: 'conv', padding: { top: 0, bottom: 1, left: 0, right: 1 } },
    ],
    [
      '10 x 12 x 4',
      'conv { kernel: 3 x 5, filters: 8, padding: valid, groups: 2, bias: no }',
      '8x8x8',
      { kind: 'conv', groups: 2, bias: false },
    ],
    [
      '10 x 10 x 4',
      'conv { kernel: 3, filters: 8, dilation: 2 }',
      '6x6x8',
      { kind: 'conv', dilation: { height: 2, width: 2 } },
    ],
    [
      '10 x 10 x 4',
      'conv { kernel: 3, filters: 8, padding: [1, 0, 2, 1] }',
      '9x11x8',
      { kind: 'conv', padding: { top: 1, bottom: 0, left: 2, right: 1 } },
    ],
    [
      '10 x 10 x 4',
      'depthwise { kernel: 3, padding: same, multiplier: 2 }',
      '10x10x8',
      { kind: 'conv', groups: 4, filters: 8 },
    ],
    [
      '128 x 64',
      'conv { kernel: 5, filters: 32, stride: 2, padding: same }',
      '64x32',
      { kind: 'conv', kernel: { height: 1, width: 5 }, padding: { top: 0, bottom: 0, left: 1, right: 2 } },
    ],
    ['128 x 64', 'conv { kernel: 3, filters: 32, padding: [2, 0] }', '128x32', { kind: 'conv' }],
    ['128 x 64', 'depthwise { kernel: 3, padding: 1 }', '128x64', { kind: 'conv', groups: 64 }],
    ['128 x 64', 'maxpool { kernel: 2, stride: 2 }', '64x64', { kind: 'pool', stride: { height: 1, width: 2 } }],
    ['128 x 64', 'globalpool', '64', { kind: 'pool', kernel: { height: 1, width: 128 } }],
    [
      '16 x 112 x 112 x 3',
      'conv { kernel: 3 x 7 x 7, filters: 64, stride: 1 x 2 x 2, padding: 1 x 3 x 3 }',
      '16x56x56x64',
      {
        kind: 'conv',
        kernel: { height: 7, width: 7 },
        depth: { kernel: 3, stride: 1, dilation: 1, front: 1, back: 1 },
      },
    ],
    [
      '16 x 8 x 8 x 3',
      'conv { kernel: 3, filters: 8, padding: [1, 0, 0, 0, 2, 2] }',
      '15x6x10x8',
      {
        kind: 'conv',
        depth: { kernel: 3, stride: 1, dilation: 1, front: 1, back: 0 },
        padding: { top: 0, bottom: 0, left: 2, right: 2 },
      },
    ],
    [
      '16 x 8 x 8 x 3',
      'avgpool { kernel: 2, stride: 2 }',
      '8x4x4x3',
      { kind: 'pool', depth: { kernel: 2, stride: 2, dilation: 1, front: 0, back: 0 } },
    ],
    [
      '16 x 8 x 8 x 3',
      'globalpool',
      '3',
      { kind: 'pool', depth: { kernel: 16, stride: 16, dilation: 1, front: 0, back: 0 } },
    ],
    ['128 x 768', 'dense { outputs: 3072 }', '128x3072', { kind: 'dense', outputs: 3072, bias: true }],
    [
      '128 x 1024',
      'attention { heads: 16 }',
      '128x1024',
      { kind: 'attention', heads: 16, keyValueHeads: 16, headSize: 64, contextLength: 128, causal: false },
    ],
    [
      '1 x 4096',
      'attention { heads: 32, key-value-heads: 8, context: 2048, causal: yes }',
      '1x4096',
      { kind: 'attention', keyValueHeads: 8, headSize: 128, contextLength: 2048, causal: true },
    ],
    [
      '25 x 512',
      'lstm { hidden: 1024, directions: 2 }',
      '25x2048',
      { kind: 'recurrent', cell: 'lstm', hidden: 1024, directions: 2 },
    ],
    ['25 x 512', 'gru { hidden: 256 }', '25x256', { kind: 'recurrent', cell: 'gru', directions: 1 }],
    ['25 x 512', 'rnn { hidden: 256 }', '25x256', { kind: 'recurrent', cell: 'rnn', directions: 1 }],
    ['384', 'embedding { rows: 30522, width: 1024 }', '384x1024', { kind: 'embedding', lookups: 384, pooled: false }],
    [
      '26',
      'embedding { rows: 1000, width: 128, lookups: 80, pooled: yes }',
      '128',
      { kind: 'embedding', lookups: 80, pooled: true },
    ],
    ['112 x 112 x 64', 'maxpool { kernel: 3, stride: 2, padding: 1 }', '56x56x64', { kind: 'pool', operation: 'max' }],
    ['7 x 7 x 64', 'avgpool { kernel: 7 }', '1x1x64', { kind: 'pool', operation: 'average' }],
    ['7 x 7 x 64', 'globalpool', '64', { kind: 'pool', kernel: { height: 7, width: 7 } }],
    ['7 x 7 x 64', 'batchnorm', '7x7x64', { kind: 'normalization', normalization: 'batch', folded: true }],
    ['128 x 64', 'layernorm', '128x64', { kind: 'normalization', normalization: 'layer' }],
    ['128 x 64', 'softmax', '128x64', { kind: 'softmax' }],
    ['128 x 64', 'hard-swish', '128x64', { kind: 'activation', function: 'hard-swish' }],
    ['7 x 7 x 64', 'flatten', '3136', { kind: 'reshape', copies: false }],
    ['7 x 7 x 64', 'reshape { shape: 49 x 64 }', '49x64', { kind: 'reshape' }],
    ['49 x 64', 'transpose', '64x49', { kind: 'reshape', copies: true }],
    ['8 x 8 x 64', 'shuffle', '8x8x64', { kind: 'reshape', copies: true }],
    ['8 x 8 x 64', 'upsample { factor: 2 }', '16x16x64', { kind: 'upsample', factor: { height: 2, width: 2 } }],
    ['4 x 8', 'matmul { inputs: [input, input], transposed: yes }', '4x4', { kind: 'matmul', transposed: true }],
    ['1 x 8 x 8', 'matmul { inputs: [input, input] }', '1x8x8', { kind: 'matmul', transposed: false }],
    ['4 x 8', 'multiply { inputs: [input, input] }', '4x8', { kind: 'elementwise', operation: 'multiply' }],
    ['4 x 8', 'concat { inputs: [input, input], axis: 0 }', '8x8', { kind: 'concat', axis: 0 }],
    ['25 x 10 x 8', 'lstm { hidden: 4, directions: 2 }', '25x10x8', { kind: 'recurrent', hidden: 4 }],
    ['25 x 8', 'gru { hidden: 4, sequential: yes }', '25x4', { kind: 'recurrent', sequential: true }],
    ['25 x 8', 'dense { outputs: 4, sequential: yes }', '25x4', { kind: 'dense', sequential: true }],
    ['4 x 8', 'multiply { inputs: [input] }', '4x8', { kind: 'elementwise', operation: 'multiply' }],
    ['4 x 8', 'elementwise { inputs: [input, input] }', '4x8', { kind: 'elementwise', operation: 'other' }],
    ['4 x 8', 'activation', '4x8', { kind: 'activation', function: 'other' }],
    ['4 x 8', 'slice { shape: 8 }', '8', { kind: 'reshape', copies: false }],
    ['4 x 8', 'expand { shape: 3 x 4 x 8, copies: yes }', '3x4x8', { kind: 'reshape', copies: true }],
    ['4 x 8', 'dense { outputs: 2, input: 5 x 6 }', '5x2', { kind: 'dense' }],
    ['4 x 8', 'add { inputs: [input, input], input: 1 x 8 }', '1x8', { kind: 'elementwise' }],
  ];
  for (const [input, written, output, operation] of cases) {
    it(`${input} -> ${written}`, () => {
      const [layer] = layers(input, written);
      expect(layer?.outputShape.join('x')).toBe(output);
      expect(layer?.operation).toMatchObject(operation);
    });
  }
});

describe('graphs', () => {
  it('are sequences', () => {
    expect(show(layers('8', 'a: dense(16)\nrelu\ndense(4)\nrelu'))).toEqual([
      'a(-1) 16',
      'relu1(0) 16',
      'dense1(1) 4',
      'relu2(2) 4',
    ]);
  });

  it('read labels', () => {
    expect(
      show(layers('8', 'a: dense(16)\nb: dense { outputs: 16, inputs: [input] }\nadd { inputs: [a, b] }')),
    ).toEqual(['a(-1) 16', 'b(-1) 16', 'add1(0,1) 16']);
  });

  it('read further inputs with other shapes', () => {
    const all = layers('4 x 8', 'a: dense(16)\nmask: sigmoid { input: 1 x 16 }\nmultiply { inputs: [a, mask] }');
    expect(show(all)).toEqual(['a(-1) 4x16', 'mask(-1) 1x16', 'multiply1(0,1) 4x16']);
    expect(all[1]?.inputShapes).toEqual([[1, 16]]);
  });

  it('have residual blocks, with and without a shortcut', () => {
    expect(show(layers('8', 'residual { dense(8), relu }\nr: residual { dense(4), shortcut { dense(4) } }'))).toEqual([
      'dense1(-1) 8',
      'relu1(0) 8',
      'add1(1,-1) 8',
      'r.dense1(2) 4',
      'r.dense2(2) 4',
      'r.add1(3,4) 4',
    ]);
  });

  it('have parallel branches', () => {
    expect(show(layers('8', 'parallel { branch { dense(4) } branch { dense(6), relu } branch { } }'))).toEqual([
      'dense1(-1) 4',
      'dense2(-1) 6',
      'relu1(1) 6',
      'concat1(0,2,-1) 18',
    ]);
    expect(show(layers('8', 'parallel { join: add, branch { dense(8) } branch { } }'))).toEqual([
      'dense1(-1) 8',
      'add1(0,-1) 8',
    ]);
  });

  it('repeat', () => {
    expect(show(layers('8', 'repeat 2 { dense(8) relu }'))).toHaveLength(4);
    expect(show(layers('8', 's: repeat 2 { d: dense(8) }\nrepeat 2 { d: dense(8) }'))).toEqual([
      's.1.d(-1) 8',
      's.2.d(0) 8',
      'd(1) 8',
      'd.2(2) 8',
    ]);
  });

  it('use blocks with parameters', () => {
    const block = 'let wide = 16\nblock Pair(first, second: 2 * first) { dense(first)\n last: dense(second) }';
    expect(
      show(
        layers('8', 'p: Pair(4)\nPair(first: wide, second: 1)\nPair { first: 3 }\nadd { inputs: [p.last, p] }', block),
      ),
    ).toEqual([
      'p.dense1(-1) 4',
      'p.last(0) 8',
      'Pair1.dense1(1) 16',
      'Pair1.last(2) 1',
      'Pair2.dense1(3) 3',
      'Pair2.last(4) 6',
      'add1(1,1) 8',
    ]);
  });

  it('have unique names, and inputs only from earlier layers', () => {
    const all = layers('8', 'repeat 3 { a: dense(8), repeat 2 { a: relu } residual { relu } }');
    expect(new Set(all.map((layer) => layer.name)).size).toBe(all.length);
    for (const [i, layer] of all.entries()) for (const input of layer.inputs) expect(input).toBeLessThan(i);
  });
});

const net = 'model M { input: 8, layers { dense(8) }, accuracy { bf16: 90 %, int8: 89 % } }\n';

function scenario(written: string, before = ''): Scenario | undefined {
  return design(`${chip}${net}${before}\nscenario S { npu: C, ${written} }`).scenarios[0];
}

describe('scenario', () => {
  it('has defaults', () => {
    expect(scenario('serve M { arrivals: poisson(10 rps) }')).toMatchObject({
      chips: 1,
      scheduler: {
        order: 'fifo',
        burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 0.002 },
        switchAt: 'layer',
        preemption: 'none',
      },
      duration: { kind: 'auto', maxRequests: 200000 },
      warmupFraction: 0.05,
      confidence: 0.99,
      seed: 1,
      compare: [],
      serves: [{ name: 'M', batch: { maxSize: 1, timeoutSeconds: 0 }, priority: 0, slos: [] }],
    });
  });

  const arrivals: readonly (readonly [string, object])[] = [
    ['poisson(2 krps)', { kind: 'poisson', ratePerSecond: 2000 }],
    ['constant { rate: 3 rps }', { kind: 'constant', ratePerSecond: 3 }],
    [
      'bursty(1 rps, 9 rps)',
      { kind: 'bursty', lowRatePerSecond: 1, highRatePerSecond: 9, meanLowSeconds: 0.9, meanHighSeconds: 0.1 },
    ],
    [
      'diurnal(5 rps, amplitude: 30 %, period: 1 min)',
      { kind: 'diurnal', ratePerSecond: 5, amplitude: 0.3, periodSeconds: 60 },
    ],
    [
      'loadgen(4500 rps, seed: 16159082839903944936)',
      { kind: 'loadgen', ratePerSecond: 4500, seed: '16159082839903944936' },
    ],
    [
      'trace("a.csv", speedup: 2 x)',
      { kind: 'trace', path: 'a.csv', speedup: 2, timesSeconds: Float64Array.of(0, 0.5, 1) },
    ],
    ['closed', { kind: 'closed', clients: 1, requestsPerQuery: 1, thinkSeconds: 0 }],
    ['closed(4 requests, think: 10 ms)', { kind: 'closed', clients: 4, requestsPerQuery: 1, thinkSeconds: 0.01 }],
    ['multi-stream(2), batch { max: 2 }', { kind: 'closed', clients: 1, requestsPerQuery: 2, thinkSeconds: 0 }],
    ['offline(3)', { kind: 'trace', offline: true, path: 'offline(3)', timesSeconds: new Float64Array(3) }],
  ];
  for (const [written, expected] of arrivals) {
    it(written, () =>
      expect(scenario(`serve M { arrivals: ${written} }`)?.serves[0]?.arrivals).toMatchObject(expected),
    );
  }

  const refused: readonly (readonly [text: string, message: string])[] = [
    [
      'serve M { arrivals: closed(2) } serve M as Other { arrivals: poisson(1 rps) }',
      "The requests of 'M' wait for the chips, and those of 'Other' arrive in another way. Such traffic cannot share a scenario, because no load describes both. Put the two in separate scenarios.",
    ],
    [
      'serve M { arrivals: closed(2) } serve M as Other { arrivals: offline(2) }',
      "The requests of 'M' wait for the chips, and those of 'Other' arrive in another way. Such traffic cannot share a scenario, because no load describes both. Put the two in separate scenarios.",
    ],
    [
      'serve M { arrivals: multi-stream(8), batch { max: 4 } }',
      "A query has 8 requests, but a batch has room for 4. A query runs as one batch: write 'batch { max: 8 }'.",
    ],
    [
      'scheduler { burst: oracle }, serve M { arrivals: closed }',
      "Scheduler 'S' uses the policy 'oracle', which needs all arrival times in advance. In a closed loop they depend on the chips. Use another burst policy.",
    ],
    ['serve M { arrivals: closed(0) }', "'concurrency' is 0. It must be from 1 to 1048576."],
  ];
  for (const [written, message] of refused) {
    it(`refuses ${written}`, () => {
      const { diagnostics } = program(`${chip}${net}scenario S { npu: C, ${written} }`);
      expect(diagnostics.filter((one) => one.severity === 'error').map((one) => one.message)).toEqual([message]);
    });
  }

  const warmups: readonly (readonly [string, number])[] = [
    ['serve M { arrivals: poisson(1 rps) }', 0.05],
    ['serve M { arrivals: trace("a.csv") }', 0],
    ['serve M { arrivals: offline(10) }', 0],
    ['serve M { arrivals: offline(10) } warmup: 10 %', 0],
    ['serve M { arrivals: closed }', 0.05],
    ['serve M { arrivals: trace("a.csv") } warmup: 10 %', 0.1],
    ['serve M { arrivals: trace("a.csv") } serve M as Other { arrivals: poisson(1 rps) }', 0.05],
  ];
  for (const [written, expected] of warmups) {
    it(`leaves out ${expected} of the requests with ${written}`, () =>
      expect(scenario(written)?.warmupFraction).toBe(expected));
  }

  const slos: readonly (readonly [string, object])[] = [
    [
      'p99 latency <= 15 ms',
      { metric: 'latency', statistic: { kind: 'percentile', fraction: 0.99 }, limitSeconds: 0.015 },
    ],
    ['p99.9 latency <= 15 ms', { statistic: { kind: 'percentile', fraction: 0.999 } }],
    ['mean latency <= 1 s', { statistic: { kind: 'mean' }, limitSeconds: 1 }],
    ['max latency <= 2 * 1 s', { statistic: { kind: 'max' }, limitSeconds: 2 }],
    ['accuracy >= 76.3 %', { metric: 'accuracy', limit: 0.763, text: 'accuracy >= 76.3 %' }],
    ['throughput >= 1000 rps', { metric: 'throughput', limitPerSecond: 1000 }],
    ['goodput >= 1000 rps', { metric: 'goodput', limitPerSecond: 1000 }],
  ];
  for (const [written, expected] of slos) {
    it(written, () => {
      const [slo] = scenario(`serve M { arrivals: poisson(1 rps), slo {\n ${written}\n } }`)?.serves[0]?.slos ?? [];
      expect(slo).toMatchObject(expected);
    });
  }

  const durations: readonly (readonly [string, object])[] = [
    ['auto', { kind: 'auto', maxRequests: 200000 }],
    ['auto(5000 requests)', { kind: 'auto', maxRequests: 5000 }],
    ['10 s', { kind: 'time', seconds: 10 }],
    ['100000 requests', { kind: 'requests', count: 100000 }],
    ['2 * span', { kind: 'time', seconds: 8 }],
  ];
  for (const [written, expected] of durations) {
    it(`duration: ${written}`, () =>
      expect(
        scenario(`duration: ${written}, serve M { arrivals: poisson(1 rps) }`, 'let span = 4 s')?.duration,
      ).toEqual(expected));
  }

  it('compares with other chips and schedulers', () => {
    const before = 'npu D extends C { clock: 2 GHz }\nscheduler Edf { order: edf, burst: never }';
    const compare = scenario(
      'compare: [D, C with Edf, C with slack(10 %), D with always, queue(4), Edf], serve M { arrivals: poisson(1 rps) }',
      before,
    )?.compare;
    expect(compare?.map((one) => [one.label, one.npu.name, one.scheduler.order, one.scheduler.burst.kind])).toEqual([
      ['D', 'D', 'fifo', 'slack'],
      ['C with Edf', 'C', 'edf', 'never'],
      ['C with slack(10 %)', 'C', 'fifo', 'slack'],
      ['D with always', 'D', 'fifo', 'always'],
      ['queue(4)', 'C', 'fifo', 'queue'],
      ['Edf', 'C', 'edf', 'never'],
    ]);
  });

  it('serves one model twice under labels', () => {
    const made = scenario(
      'serve M as A { arrivals: poisson(1 rps) }\n serve M as B { arrivals: poisson(2 rps), priority: 2 }',
    );
    expect(made?.serves.map((one) => [one.name, one.model.name, one.priority])).toEqual([
      ['A', 'M', 0],
      ['B', 'M', 2],
    ]);
  });

  it('accepts a scheduler in place', () => {
    expect(
      scenario('scheduler { order: priority, burst: oracle, preemption: layer }, serve M { arrivals: poisson(1 rps) }')
        ?.scheduler,
    ).toMatchObject({
      order: 'priority',
      burst: { kind: 'oracle' },
      preemption: 'layer',
    });
  });
});

describe('imports', () => {
  const a = 'file:///designs/a.npu';
  const b = 'file:///designs/lib/b.npu';

  it('show everything that a file declares and imports', () => {
    const made = design('import "./a.npu"\nnpu D extends C { clock: fast }', {
      [a]: 'import "./lib/b.npu"\nlet fast = 3 GHz',
      [b]: chip,
    });
    expect(made.npus.find((one) => one.name === 'D')?.clockHertz).toBe(3e9);
  });

  it('are hidden by the names of the file itself', () => {
    const made = design('import "./a.npu"\nlet fast = 5 GHz\nimport "./lib/b.npu"\nnpu D extends C { clock: fast }', {
      [a]: 'let fast = 3 GHz',
      [b]: chip,
    });
    expect(made.npus.find((one) => one.name === 'D')?.clockHertz).toBe(5e9);
  });

  it('make a name ambiguous if two of them declare it', () => {
    const { diagnostics } = program('import "./a.npu"\nimport "./lib/b.npu"\nlet c = n', {
      [a]: 'let n = 3',
      [b]: 'let n = 4',
    });
    expect(diagnostics.map((one) => one.code)).toEqual(['ambiguous-name']);
    expect(diagnostics[0]?.related?.map((one) => one.origin.uri)).toEqual([b, a]);
  });

  it('in a cycle are reported with the cycle', () => {
    const { diagnostics } = program('import "./a.npu"', { [a]: 'import "./lib/b.npu"', [b]: 'import "../root.npu"' });
    expect(diagnostics.map((one) => [one.message, one.origin.uri])).toEqual([
      ['This import makes a cycle: root.npu → a.npu → b.npu → root.npu. Remove one of these imports.', b],
    ]);
  });

  it('of scenarios do not run them', () => {
    const other = `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(1 rps) } }`;
    expect(design('import "./a.npu"', { [a]: other }).scenarios).toEqual([]);
  });

  it('reuse the trees of texts that did not change', () => {
    const host = testHost({ [uri]: 'import "./a.npu"', [a]: chip });
    const first = compile(uri, host);
    const second = compile(uri, testHost({ [uri]: 'import "./a.npu" // more', [a]: chip }), first);
    expect(second.files.get(a)?.tree).toBe(first.files.get(a)?.tree);
    expect(second.files.get(uri)?.tree).not.toBe(first.files.get(uri)?.tree);
  });
});

describe('an unused declaration or import', () => {
  const a = 'file:///designs/a.npu';
  const codes = (text: string): readonly string[] =>
    program(text, { [a]: chip }).diagnostics.map((one) => `${one.severity} ${one.message}`);

  it('is a hint in a file with a scenario', () => {
    const run = 'scenario S { npu: C, serve M { arrivals: poisson(1 rps) } }';
    expect(codes(`import "./a.npu"\nlet n = 1\nlet m = 2 * n\n${net}${run}`)).toEqual(["hint 'm' is not used."]);
    expect(codes(`import "./a.npu"\nblock B() { relu }\n${chip}${net}${run}`)).toEqual([
      "hint 'B' is not used.",
      'hint Nothing from this import is used.',
    ]);
  });

  it('is not reported in a file that others import', () => {
    expect(codes('import "./a.npu"\nlet n = 1')).toEqual([]);
  });
});

describe('a second check', () => {
  const a = 'file:///designs/a.npu';
  const net = 'import "./b.npu"\nmodel M { input: 8, layers { dense(wide) } }';
  const b = 'file:///designs/b.npu';
  const check = (text: string, wide: string, previous?: Program): Program =>
    compile(uri, testHost({ [uri]: text, [a]: net, [b]: `let wide = ${wide}` }), previous);

  it('reuses networks of unchanged files', () => {
    const first = check('import "./a.npu"', '4');
    const second = check('import "./a.npu" // more', '4', first);
    expect(second.design.models[0]).toBe(first.design.models[0]);
    expect(second.files.get(a)?.facts()).toEqual(first.files.get(a)?.facts());
  });

  it('builds them again if an imported file changed', () => {
    const first = check('import "./a.npu"', '4');
    const second = check('import "./a.npu"', '5', first);
    expect(second.design.models[0]?.layers[0]?.outputShape).toEqual([5]);
    expect(check('import "./a.npu"', 'oops', second).diagnostics.map((one) => one.code)).toEqual(['unknown-name']);
  });

  it('of the same text finds the same uses', () => {
    const text = `block B() { relu }\nimport "./a.npu"\n${chip}model N { input: 8, layers { B } }\nscenario S { npu: C, serve N { arrivals: poisson(1 rps) } serve M { arrivals: poisson(1 rps) } }`;
    const first = check(text, '4');
    expect(check(text, '4', first).diagnostics).toEqual([]);
  });

  it('gives the results of the first check', () => {
    const texts = [
      'import "./a.npu"',
      'import "./a.npu"\nlet a = b',
      'import "./a.npu"\nmodel N { input: 8, layers { dense(wide) } }',
    ];
    let previous: Program | undefined;
    for (const [i, text] of [...texts, ...texts].entries()) {
      const wide = i % 2 === 0 ? '4' : '2.5';
      previous = check(text, wide, previous);
      const fresh = check(text, wide);
      expect(previous.diagnostics).toEqual(fresh.diagnostics);
      expect(previous.design).toEqual(fresh.design);
    }
  });
});

describe('after an error', () => {
  it('the rest of the file is checked', () => {
    const { design: made, diagnostics } = program(`${chip}${net}npu Broken { clock: 3 }
scenario A { npu: Broken, serve M { arrivals: poisson(1 rps) } }
scenario B { npu: C, serve M { arrivals: poisson(1 rps), batch { max: 0 } } }
scenario D { npu: C, chips: none, serve M { arrivals: poisson(1 rps) } }`);
    expect(hasErrors(diagnostics)).toBe(true);
    expect(made.npus.map((one) => one.name)).toEqual(['C']);
    expect(made.scenarios.map((one) => one.name)).toEqual(['B', 'D']);
  });

  it('a file that cannot be read is reported', () => {
    expect(compile('file:///nope.npu', testHost()).diagnostics.map((one) => one.code)).toEqual(['unreadable-file']);
  });
});

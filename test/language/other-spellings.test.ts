import { expect, it } from 'vitest';
import type { Npu } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { testHost } from './host.ts';

/*
 * Spellings of datasheets and of other tools: each is read as the spelling of the language, with a hint, or gets a message that names it.
 */

const uri = 'file:///spellings.npu';

function compiled(body: string) {
  const text = `import "stimpack/stimpack"\nnpu Own extends Stimpack { ${body} }`;
  return compile(uri, testHost({ [uri]: text }));
}

const read: readonly (readonly [string, string, (npu: Npu) => unknown, unknown])[] = [
  ['vector { lanes: 1024 }', "'lanes' is an old spelling. Write 'rate'.", (n) => n.vectorUnit.operationsPerCycle, 1024],
  [
    'unified { capacity: 8 MiB, bandwidth: 1 TB/s }',
    "'unified' is an old spelling. Write 'buffer'.",
    (n) => [n.unified, n.vmem.capacityBytes],
    [true, 2 ** 23],
  ],
  [
    'SRAM { capacity: 8 MiB, bandwidth: 1 TB/s }',
    "'SRAM' is an old spelling. Write 'buffer'.",
    (n) => [n.unified, n.vmem.capacityBytes],
    [true, 2 ** 23],
  ],
  [
    'LPDDR5 { capacity: 8 GB, bandwidth: 34 GB/s }',
    "'LPDDR5' is an old spelling. Write 'DRAM'.",
    (n) => [n.offChip, n.hbm.bandwidthBytesPerSecond],
    ['DRAM', 34e9],
  ],
  ['GDDR6 { capacity: 8 GB }', "'GDDR6' is an old spelling. Write 'DRAM'.", (n) => n.offChip, 'DRAM'],
  ['HBM3 { size: 9 GB }', "'HBM3' is an old spelling. Write 'HBM'.", (n) => n.hbm.capacityBytes, 9e9],
  ['MXU { rows: 8 }', "'MXU' is an old spelling. Write 'array'.", (n) => n.array.rows, 8],
];

it.each(read)('reads %s, with a hint', (body, hint, value, expected) => {
  const { design, diagnostics } = compiled(body);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(diagnostics.map(({ message }) => message)).toContain(hint);
  const npu = design.npus.find(({ name }) => name === 'Own');
  expect(npu && value(npu)).toEqual(expected);
});

it.each([
  ['array { count: 150 % }', (n: Npu) => n.array.count, 6],
  ['HBM { bandwidth: 50 % }', (n: Npu) => n.hbm.bandwidthBytesPerSecond, 307e9],
  ['clock: 200 %', (n: Npu) => n.clockHertz, 2.1e9],
  // A ratio is not relative to the inherited ratio.
  ['HBM { efficiency: 50 % }', (n: Npu) => n.hbm.efficiency, 0.5],
] as const)('reads %s as a part of the inherited value', (body, value, expected) => {
  const { design, diagnostics } = compiled(body);
  expect(diagnostics).toEqual([]);
  const npu = design.npus.find(({ name }) => name === 'Own');
  expect(npu && value(npu)).toBe(expected);
});

it.each([
  ['mode base { weights: int4 per 128 }', /parentheses: 'weights: int4\(128\)'/u],
  ['quantizer: none', /^'quantizer' cannot be removed\. .*'quantizer \{ source: off-chip \}'/u],
  ['burst: none', /Did you mean 'mode burst'\?$/u],
  ['burst { precision: int8 }', /Did you mean 'mode burst'\?$/u],
])('%s names the spelling of the language', (body, expected) => {
  const errors = compiled(body).diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(expected)]);
});

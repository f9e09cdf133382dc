import { describe, expect, it } from 'vitest';
import type { OperatingMode } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { testHost } from './host.ts';

const uri = 'file:///designs/formats.npu';
const chip = `npu C {
  clock: 1 GHz, array { rows: 8, columns: 4 }, vector { rate: 8 operations/cycle }
  VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }, HBM { capacity: 8 GB, bandwidth: 614 GB/s }
}
`;

function compiled(text: string) {
  return compile(uri, testHost({ [uri]: text }));
}

/** Base mode of a chip whose base mode has the given content. */
function modeOf(content: string): OperatingMode | undefined {
  const { design, diagnostics } = compiled(`${chip}npu D extends C { mode base { ${content} } }`);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return design.npus.at(-1)?.base;
}

describe('the formats of a mode', () => {
  const plain = { precision: 'bf16', packing: 'none' } as const;
  const cases: readonly (readonly [string, OperatingMode])[] = [
    ['precision: bf16', plain],
    ['precision: bf16, products: 1', plain],
    ['precision: bf16, weights: int8', { ...plain, weights: { format: 'int8' } }],
    [
      'precision: bf16, weights: int4(128)',
      { ...plain, weights: { format: 'int4', scale: { elements: 128, bits: 16 } } },
    ],
    [
      'precision: bf16, weights: int4 { group: 64, zero bits: 4 }',
      { ...plain, weights: { format: 'int4', scale: { elements: 64, bits: 20 } } },
    ],
    [
      'precision: bf16, weights: fp8(128, 32)',
      { ...plain, weights: { format: 'fp8', scale: { elements: 128, bits: 32 } } },
    ],
    // Without a group there is no scale that counts.
    ['precision: bf16, weights: int4 { scale bits: 32 }', { ...plain, weights: { format: 'int4' } }],
    ['precision: bf16, weights: mxfp4', { ...plain, weights: { format: 'mxfp4', scale: { elements: 32, bits: 8 } } }],
    [
      'precision: fp16, activations: fp8, KV: int8, accumulation: fp16',
      {
        precision: 'fp16',
        packing: 'none',
        activations: { format: 'fp8' },
        cachedKeys: { format: 'int8' },
        accumulation: 'fp16',
      },
    ],
    [
      'precision: int4, packing: reduction, products: 4',
      { precision: 'int4', packing: 'reduction', packedProducts: 4 },
    ],
    ['arithmetic: e4m3, kv: fp8', { precision: 'fp8', packing: 'none', cachedKeys: { format: 'fp8' } }],
  ];
  it.each(cases)('%s', (content, mode) => expect(modeOf(content)).toEqual(mode));

  it('are inherited one by one', () => {
    const text = `${chip}npu D extends C { mode base { precision: bf16, weights: int4(128), KV: int8 } }
npu E extends D { mode base { weights: mxfp6 } }`;
    expect(compiled(text).design.npus.at(-1)?.base).toEqual({
      ...plain,
      weights: { format: 'mxfp6', scale: { elements: 32, bits: 8 } },
      cachedKeys: { format: 'int8' },
    });
  });

  it('have a separate energy for each multiply-accumulate', () => {
    const { design } = compiled(`${chip}npu D extends C { energy { mac { fp8: 0.2 pJ, int4: 0.05 pJ } } }`);
    expect(design.npus.at(-1)?.energy?.macJoules).toMatchObject({ fp8: 2e-13, int4: 5e-14 });
  });
});

describe('2:4 sparsity', () => {
  it('is a speed of the arrays and a property of a network', () => {
    const { design, diagnostics } = compiled(`${chip}npu D extends C { array { sparse speedup: 1.3 x } }
model M { input: 8, layers { dense { outputs: 8 } }, sparsity: two-of-four }
model N { input: 8, layers { dense { outputs: 8 } }, sparsity: none }`);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(design.npus.map(({ array }) => array.sparseSpeedup)).toEqual([undefined, 1.3]);
    expect(design.models.map(({ sparsity }) => sparsity)).toEqual(['two-of-four', undefined]);
  });

  it.each(['0.9 x', '2.1 x'])('is at most twice as fast, and never slower: %s', (speedup) => {
    const { diagnostics } = compiled(`${chip}npu D extends C { array { sparse speedup: ${speedup} } }`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['out-of-range']);
  });
});

describe('the accuracy of a network', () => {
  it('is stated for each format, or by the bits of the operands', () => {
    const { design, diagnostics } = compiled(
      'model M { input: 8, layers { dense { outputs: 8 } }, accuracy { bf16: 76 %, mxfp4: 70 %, w4a16: 75 %, w4a16kv8: 74 % } }',
    );
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(design.models.at(-1)?.accuracy?.byPrecision).toEqual({
      bf16: 0.76,
      mxfp4: 0.7,
      w4a16: 0.75,
      w4a16kv8: 0.74,
    });
  });
});

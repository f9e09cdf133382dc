import { numberFormats, precisions } from '../../design/index.ts';
import { type BlockSchema, block, type PropertySchema, type WordSchema } from './types.ts';

/** The formats that arrays can multiply. */
export const precisionWords: readonly WordSchema[] = precisions.map((name) => {
  const { documentation, otherNames } = numberFormats[name];
  return { name, documentation, ...(otherNames === undefined ? {} : { formerly: otherNames }) };
});

/** The formats of partial sums. int32 is fp32's size, and the default for integer products. */
export const accumulationWords: readonly WordSchema[] = precisionWords.filter(({ name }) =>
  ['fp32', 'fp16', 'bf16', 'int16'].includes(name),
);

/** Scales that the network chooses. The MX formats define theirs. */
const groupProperties: readonly PropertySchema[] = [
  {
    name: 'group',
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 ** 20 },
    documentation:
      'Consecutive elements of the reduction that share one scale. Default: scales for each tensor or output, whose bytes do not count.',
    example: '128',
  },
  {
    name: 'scale bits',
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 64 },
    default: {
      text: '16',
      source: 'fp16 scales, as AWQ and GPTQ store them (Lin et al., MLSys 2024; Frantar et al., ICLR 2023)',
    },
    documentation: 'Bits of one scale.',
    example: '16',
  },
  {
    name: 'zero bits',
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 0, maximum: 64 },
    default: { text: '0', source: 'symmetric quantization needs no zero point' },
    documentation: 'Bits of one zero point. `int4 { group: 128, zero bits: 4 }` takes 4.156 bits for each element.',
    example: '4',
  },
];

/** The formats in which memories can store an operand: `bf16`, `int4(128)`, `int4 { group: 128, zero bits: 4 }`. */
export const storedForms: readonly BlockSchema[] = precisions.map((name) => {
  const { documentation, elementBits, scale, otherNames } = numberFormats[name];
  const grouped = scale === undefined && elementBits <= 8;
  return block(name, documentation, {
    ...(grouped ? { properties: groupProperties } : {}),
    ...(otherNames === undefined ? {} : { formerly: otherNames }),
  });
});

import { bounds } from './bounds.ts';
import { precisionWords } from './formats.ts';
import { block, type PropertySchema } from './types.ts';

const macEnergy = block(
  'mac',
  'Energy of one multiply-accumulate for each precision. Only stated precisions are reported.',
  {
    properties: precisionWords.map((word) => ({
      name: word.name,
      type: { kind: 'quantity', dimensions: ['energy'], ...bounds.energy },
      documentation: `Energy of one multiply-accumulate in ${word.name}.`,
      example: '0.6 pJ',
    })),
  },
);

function energyPerByte(memory: string): PropertySchema {
  return {
    name: memory,
    type: { kind: 'quantity', dimensions: ['energyPerByte'], ...bounds.energy },
    default: { text: '0 pJ/B', source: 'only stated energies are counted' },
    documentation: `Energy per byte read from or written to ${memory}.`,
    example: '1.75 pJ/B',
  };
}

/** `energy { ... }` of a chip. */
export const energy = block('energy', 'Energy figures. Without this block, no energy is reported.', {
  removable: true,
  properties: [
    {
      name: 'vector',
      type: { kind: 'quantity', dimensions: ['energy'], ...bounds.energy },
      default: { text: '0 pJ', source: 'only stated energies are counted' },
      documentation: 'Energy of one elementary operation of the vector unit.',
      example: '0.5 pJ',
    },
    energyPerByte('VMEM'),
    energyPerByte('CMEM'),
    energyPerByte('buffer'),
    energyPerByte('HBM'),
    energyPerByte('DRAM'),
    {
      name: 'quantize',
      type: { kind: 'quantity', dimensions: ['energy'], ...bounds.energy },
      default: { text: '0 pJ', source: 'only stated energies are counted' },
      documentation: 'Energy of quantizing one weight element.',
      example: '0.5 pJ',
    },
    {
      name: 'static',
      type: { kind: 'quantity', dimensions: ['power'], ...bounds.power },
      default: { text: '0 W', source: 'only stated energies are counted' },
      documentation: 'Power that the chip draws at all times, idle or busy.',
      example: '55 W',
    },
    {
      name: 'static per area',
      type: { kind: 'quantity', dimensions: ['powerPerArea'], ...bounds.powerPerArea },
      default: { text: '0 W/mm2', source: 'only stated powers are counted' },
      documentation:
        'Power that each square millimetre draws at all times. It is added to `static`, and grows with the parts of the chip. The chip needs an `area` for each of its parts.',
      example: '0.1 W/mm2',
    },
  ],
  blocks: [macEnergy],
});
